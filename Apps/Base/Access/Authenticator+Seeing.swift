import Kernel
import Store

/// Seeing as somebody else: an administrator's browser shows what another user would see, for a while and to read only.
extension Authenticator {
    /// How long it lasts at most.
    public static let seeingSeconds = 900
    /// Whose members may.
    static let seeingGroup = "base.group_system"

    /// Begins to see as somebody else, in all pages of a session.
    ///
    /// - Returns: When it ends by itself.
    /// - Throws: `view_as.not_yours`, `view_as.nobody`, `view_as.more_rights`; `login.required` when the session is gone.
    public func see(as other: Int, session id: String, address: String) async throws -> Instant {
        let digest = Authenticator.digest(id)
        let until = try await database.write(as: .system, superuser: true) { env in
            let session = try Authenticator.session(digest, env)
            guard let own = session.user?.id else { throw Refusal.noSessionToSee() }
            let directory = BaseDirectory()
            guard let viewer = try directory.user(own, in: env) else { throw Refusal.noSessionToSee() }
            guard viewer.isMember(of: Authenticator.seeingGroup) else { throw Refusal.seeingIsForAdministrators() }
            guard other != own, other != UserContext.system.id, let user = try directory.user(other, in: env) else {
                throw Refusal.nobodyToSee()
            }
            try Seen(user, by: viewer, env).check()
            let until = env.now + Authenticator.seeingSeconds
            try session.write(["seen_as_id": .int(other), "seen_until": .instant(until)])
            try Authenticator.note("view_as.begin", other, by: own, address, env)
            return until
        }
        memo.forget(memo.digest(.session, id))
        return until
    }

    /// Sees as oneself again.
    public func stopSeeing(session id: String, address: String) async throws {
        let digest = Authenticator.digest(id)
        try await database.write(as: .system, superuser: true) { env in
            let session = try Authenticator.session(digest, env)
            guard let other = session.seenAs?.id, let own = session.user?.id else { return }
            try session.write(["seen_as_id": .null, "seen_until": .null])
            try Authenticator.note("view_as.end", other, by: own, address, env)
        }
        memo.forget(memo.digest(.session, id))
    }

    /// The user through whose eyes somebody looks, with their onlooker, on a thread that may block.
    ///
    /// - Throws: `view_as.not_yours` for whoever is no administrator any more; `access.unknown_user`.
    public func seen(_ seeing: Verified.Seeing, by own: Int) throws -> UserContext {
        let viewer = try database.user(own)
        guard viewer.isMember(of: Authenticator.seeingGroup) else { throw Refusal.seeingIsForAdministrators() }
        return try database.user(seeing.userId).seen(by: viewer)
    }

    private static func session(_ digest: String, _ env: Environment) throws -> Record<Session> {
        let domain = Domain.where("token_digest", .equal, .text(digest)) & .where("expires", .greater, .instant(env.now))
        guard let session = try env.search(Session.self, domain, limit: 1).first else { throw Refusal.noSessionToSee() }
        return session
    }

    private static func note(_ what: String, _ other: Int, by own: Int, _ address: String, _ env: Environment) throws {
        let detail: ValueMap = ["view_as": .text(what), "address": .text(address)]
        try env.unit.transaction.appendAudit([AuditEntry(.system, model: User.name, ids: [other], userId: own, detail: detail)])
    }
}

/// What somebody would see through another one's eyes: it must not be more than they may see themselves.
struct Seen {
    private let user: UserContext
    private let viewer: UserContext
    private let env: Environment
    /// How many models a refusal names.
    private static let named = 5

    init(_ user: UserContext, by viewer: UserContext, _ env: Environment) {
        self.user = user
        self.viewer = viewer
        self.env = env
    }

    /// Refuses when the user may read what the viewer may not: a model, a field, or the records of a site.
    func check() throws {
        let policy = env.unit.policy
        var more: [String] = []
        for model in env.registry.models where policy.allows(.read, on: model.name, for: user) {
            let isReadable = policy.allows(.read, on: model.name, for: viewer)
            let hidden = model.fields.contains { field in
                !field.groups.isEmpty && field.groups.contains(where: user.isMember) && !field.groups.contains(where: viewer.isMember)
            }
            if !isReadable || hidden { more.append(model.title) }
        }
        if !more.isEmpty { throw Refusal.seesMore(user.name, more.prefix(Seen.named).joined(separator: ", "), count: more.count) }
        guard Set(user.companyIds).isSubset(of: viewer.companyIds) else {
            throw Refusal.seesMore(user.name, "records of other sites", count: 1)
        }
    }
}

extension Refusal {
    static func noSessionToSee() -> Refusal {
        Refusal("login.required", .unauthenticated, "There is no session.", instruction: "Sign in.")
    }

    static func seeingIsForAdministrators() -> Refusal {
        Refusal(
            "view_as.not_yours", .accessDenied, "Only administrators of the system see as somebody else.",
            instruction: "Ask one of them, or ask the person to show you.")
    }

    static func nobodyToSee() -> Refusal {
        Refusal(
            "view_as.nobody", .validation, "There is no such user to see as: it is yourself, the system, or somebody who is suspended.",
            instruction: "Choose another user.")
    }

    static func seesMore(_ name: String, _ what: String, count: Int) -> Refusal {
        Refusal(
            "view_as.more_rights", .accessDenied, "\(name) may read what you may not: \(what)\(count > 5 ? " and \(count - 5) more" : "").",
            instruction: "See as somebody with fewer rights, or ask somebody who has all of these.", details: ["count": .int(count)])
    }

    /// A change, or a door that changes, while one sees as somebody else.
    public static func onlyLooking() -> Refusal {
        Refusal(
            "view_as.read_only", .accessDenied, "You see this as somebody else: nothing can be changed.",
            instruction: "Stop seeing as somebody else first.")
    }
}
