import Kernel

/// A browser that signed in, until it signs out, is idle for too long, or its user's password changes.
///
/// No group has a right on it, so that no door shows it; only the digest of the session's id is kept.
public struct Session: Model {
    public static let name = "base.session"
    public static let title = "Session"
    public static let nameField = "user_id"
    public static let unique = [Unique("token_digest", message: "The session exists already.")]

    public let user = Many2one<User>("user_id", onDelete: .cascade, .required, .indexed)
    /// SHA-256 of the session's id, in hexadecimal.
    public let digest = Char("token_digest", .required, .indexed, .groups("base.group_nobody"), .secret)
    public let lastSeen = Datetime("last_seen")
    public let expires = Datetime("expires", .required, .indexed)
    /// Through whose eyes the user looks, to read only, and until when; nobody nearly always.
    public let seenAs = Many2one<User>("seen_as_id", onDelete: .setNull, .indexed)
    public let seenUntil = Datetime("seen_until")
    /// When its person last showed password or code; not set where it began with an API key.
    public let provenOn = Datetime("proven_on")

    public init() {}

    /// Ends all sessions of users: their password changed, or they are gone.
    static func end(of users: [Int], _ env: Environment) throws {
        let superuser = env.asSuperuser("a user's sessions end with the password they began with")
        try superuser.search(Session.self, .where("user_id", .in, .ids(users))).unlink()
        // Nobody looks any longer through the eyes of somebody who is gone.
        try superuser.search(Session.self, .where("seen_as_id", .in, .ids(users))).write(["seen_as_id": .null, "seen_until": .null])
    }

    /// Ends all sessions of a user but one, given by its id as the browser has it.
    static func end(of user: Int, keeping id: String?, _ env: Environment) throws {
        let superuser = env.asSuperuser("sessions that began without the second factor end with it")
        let all = Domain.where("user_id", .equal, .int(user))
        let kept = id.map { Domain.where("token_digest", .notEqual, .text(Authenticator.digest($0))) } ?? .all
        try superuser.search(Session.self, all & kept).unlink()
    }
}
