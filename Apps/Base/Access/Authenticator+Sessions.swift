import Crypto
import Kernel

/// Sessions of browsers.
extension Authenticator {
    /// How long a session may be idle, as Odoo's.
    public static let sessionSeconds = 7 * 86_400
    /// How old the note of the last use may be before it is renewed.
    static let renewalSeconds = 3_600
    /// How many ended sessions are removed at a login.
    static let sweepLimit = 100
    /// Hexadecimal digits of a session's id.
    static let idLength = 64

    /// Begins a session for somebody who was verified, and ends the one that the browser had.
    ///
    /// - Returns: The session's id, 256 random bits in hexadecimal; only its digest is stored.
    public func begin(_ verified: Verified, ending previous: String?, address: String) async throws -> String {
        let id = Hex.encode(SystemRandomSource().bytes(Authenticator.idLength / 2))
        let digest = Authenticator.digest(id)
        let old = previous.map(Authenticator.digest)
        let user = verified.userId
        try await database.write(as: .system, superuser: true) { [self] env in
            try confirm(verified, in: env)
            if let old { try env.search(Session.self, .where("token_digest", .equal, .text(old))).unlink() }
            try env.search(Session.self, .where("expires", .less, .instant(env.now)), limit: Authenticator.sweepLimit).unlink()
            try env.create(
                Session.self,
                [
                    "user_id": .int(user), "token_digest": .text(digest), "last_seen": .instant(env.now),
                    "expires": .instant(env.now + Authenticator.sessionSeconds),
                    "proven_on": verified.grant == nil ? .instant(env.now) : .null,
                ])
            let detail: ValueMap = ["address": .text(address), "means": "session"]
            try env.unit.transaction.appendAudit([AuditEntry(.login, model: User.name, ids: [user], userId: user, detail: detail)])
        }
        return id
    }

    /// Who is behind a session's id; nil when there is no such session, or no longer.
    public func verify(session id: String) async throws -> Verified? {
        guard id.utf8.count == Authenticator.idLength else { return nil }
        let memoDigest = memo.digest(.session, id)
        if let known = memo.find(memoDigest, at: database.clock.now) { return known }
        let digest = Authenticator.digest(id)
        guard let found = try await database.read(as: .system, superuser: true, { try FoundSession.find(digest, $0) }) else { return nil }
        var grant = found.grant
        if found.isStale {
            let old = found.grant
            grant = try await database.write(as: .system, superuser: true) { try FoundSession.renew(old, $0) }
        }
        let verified = Verified(
            userId: found.user, userVersion: found.userVersion, grant: grant, memo: memoDigest, seeing: found.seeing,
            provenOn: found.provenOn)
        memo.keep(verified, at: database.clock.now, until: found.seeing.map { min($0.until, found.expires) } ?? found.expires)
        return verified
    }

    /// Ends a session.
    public func end(session id: String, address: String) async throws {
        memo.forget(memo.digest(.session, id))
        let digest = Authenticator.digest(id)
        try await database.write(as: .system, superuser: true) { env in
            let sessions = try env.search(Session.self, .where("token_digest", .equal, .text(digest)))
            guard let user = sessions.first?.user?.id else { return }
            try sessions.unlink()
            let entry = AuditEntry(.logout, model: User.name, ids: [user], userId: user, detail: ["address": .text(address)])
            try env.unit.transaction.appendAudit([entry])
        }
    }

    /// What is stored of a session's id.
    static func digest(_ id: String) -> String { SHA256.hash(id).hex }
}

/// A session as the database has it.
private struct FoundSession: Sendable {
    let user: Int
    let userVersion: Int
    let grant: Verified.Grant
    let expires: Instant
    let isStale: Bool
    let seeing: Verified.Seeing?
    let provenOn: Instant?

    static func find(_ digest: String, _ env: Environment) throws -> FoundSession? {
        let domain = Domain.where("token_digest", .equal, .text(digest)) & .where("expires", .greater, .instant(env.now))
        guard let session = try env.search(Session.self, domain, limit: 1).first, let user = session.user, user.active,
            let expires = session.expires
        else { return nil }
        let grant = Verified.Grant(model: Session.name, id: session.id, version: session.version)
        let isStale = session.lastSeen.map { env.now - $0 > Authenticator.renewalSeconds } ?? true
        var seeing: Verified.Seeing?
        if let other = session.seenAs, let until = session.seenUntil, until > env.now {
            seeing = Verified.Seeing(userId: other.id, until: until)
        }
        return FoundSession(
            user: user.id, userVersion: user.version, grant: grant, expires: expires, isStale: isStale, seeing: seeing,
            provenOn: session.provenOn)
    }

    /// Puts off the end of a session that is in use.
    static func renew(_ grant: Verified.Grant, _ env: Environment) throws -> Verified.Grant {
        let session = env.record(Session.self, grant.id)
        guard try !env.existing([grant.id], in: session.records.model).isEmpty else { return grant }
        try session.write(["last_seen": .instant(env.now), "expires": .instant(env.now + Authenticator.sessionSeconds)])
        try env.unit.flush()
        return Verified.Grant(model: grant.model, id: grant.id, version: session.version)
    }
}
