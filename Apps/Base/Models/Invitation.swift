import Crypto
import Kernel

/// A link by which a user sets a password, once and for a while: for people who are new, and for those who forgot theirs.
///
/// No group has a right on it, so that no door shows it; only the digest of the link's secret is kept.
public struct Invitation: Model {
    public static let name = "base.invitation"
    public static let title = "Invitation"
    public static let nameField = "user_id"
    public static let unique = [Unique("token_digest", message: "The invitation exists already.")]

    public let user = Many2one<User>("user_id", onDelete: .cascade, .required, .indexed)
    /// SHA-256 of the link's secret, in hexadecimal.
    public let digest = Char("token_digest", .required, .indexed, .groups("base.group_nobody"), .secret)
    public let expires = Datetime("expires", .required, .indexed)

    public init() {}
}

/// Makes links with which people set their passwords, and takes them.
public struct Invitations {
    /// How long a link holds.
    public static let seconds = 3 * 86_400
    /// Hexadecimal digits of a link's secret.
    static let length = 64
    /// Whose members invite.
    public static let group = "base.group_erp_manager"

    private let env: Environment

    /// Invitations in a unit of work.
    public init(_ env: Environment) { self.env = env }

    /// Makes a link's secret for a user; the links before it hold no more.
    ///
    /// - Returns: 256 random bits in hexadecimal, which are kept as a digest only.
    /// - Throws: `access.denied` for whoever may not change users; `invitation.user` for one who is suspended or is the system.
    public func make(for user: Int) throws -> String {
        guard env.isSuperuser || env.user.isMember(of: Invitations.group) else {
            throw Refusal(
                "access.denied", .accessDenied, "You may not invite people.",
                instruction: "Ask an administrator for one of: \(Invitations.group).")
        }
        let model = env.registry.schema(User.self)
        try env.checkAccess(.write, model, [user])
        let superuser = env.asSuperuser("invitations are shown to nobody")
        guard user != UserContext.system.id, superuser.record(User.self, user).active else {
            throw Refusal(
                "invitation.user", .validation, "The user is suspended, or is the system itself.",
                instruction: "Let the user in again first.")
        }
        try superuser.search(Invitation.self, .where("user_id", .equal, .int(user))).unlink()
        let secret = Hex.encode(SystemRandomSource().bytes(Invitations.length / 2))
        try superuser.create(
            Invitation.self,
            ["user_id": .int(user), "token_digest": .text(SHA256.hash(secret).hex), "expires": .instant(env.now + Invitations.seconds)])
        try note("sent", user)
        return secret
    }

    /// Whose link it is.
    ///
    /// - Returns: The login; nil when the link holds no more, or never did.
    public func login(of secret: String) throws -> String? { try find(secret)?.user?.login }

    /// Sets the password of whoever has the link; it holds no more then, and all sessions of the user end.
    ///
    /// - Returns: The login.
    /// - Throws: `invitation.over`; `password.too_short`, `password.too_long`.
    public func redeem(_ secret: String, password: String) throws -> String {
        guard let found = try find(secret), let user = found.user else { throw Refusal.invitationIsOver() }
        try Passwords.checkStrength(password)
        try user.write(["password_hash": .text(try Passwords.hash(password))])
        try found.records.unlink()
        try note("redeemed", user.id, by: user.id)
        return user.login
    }

    private func find(_ secret: String) throws -> Record<Invitation>? {
        guard secret.utf8.count == Invitations.length else { return nil }
        let superuser = env.asSuperuser("a link is its own proof")
        let domain = Domain.where("token_digest", .equal, .text(SHA256.hash(secret).hex)) & .where("expires", .greater, .instant(env.now))
        guard let found = try superuser.search(Invitation.self, domain, limit: 1).first, found.user?.active == true else { return nil }
        return found
    }

    private func note(_ what: String, _ user: Int, by actor: Int? = nil) throws {
        let detail: ValueMap = ["invitation": .text(what)]
        try env.unit.transaction.appendAudit([
            AuditEntry(.system, model: User.name, ids: [user], userId: actor ?? env.user.id, detail: detail)
        ])
    }
}

extension Refusal {
    /// A link that was used, is too old, or never was one.
    public static func invitationIsOver() -> Refusal {
        Refusal(
            "invitation.over", .accessDenied, "This link holds no more: it was used, is older than three days, or is not complete.",
            instruction: "Ask an administrator for a new one.")
    }
}
