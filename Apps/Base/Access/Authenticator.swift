import Crypto
import Kernel
import Store

/// Tells who calls: by login and password, by API key, or by session.
///
/// Passwords are checked with Argon2id on threads of their own. What was right is remembered for five minutes as a keyed hash; `confirm`,
/// called inside the unit of work that uses it, finds out whether the user, key or session has changed since, on whatever node.
public final class Authenticator: Sendable {
    let database: Database
    let memo = LoginMemo()
    let throttle: LoginThrottle
    let passwords = PasswordQueue()
    let trail: LoginTrail
    private let running = Locked<[Digest: Task<Verified?, any Error>]>([:])

    /// Users, keys and sessions of a database.
    public init(database: Database) {
        self.database = database
        trail = LoginTrail(database)
        throttle = LoginThrottle(database)
    }

    /// Verifies a login with a password or an API key.
    ///
    /// - Returns: nil when they do not belong together.
    /// - Throws: `login.throttled` after too many failures; `login.busy`; `login.key_required` for whoever has a second factor; `store.*`.
    public func verify(login: String, secret: String, address: String) async throws -> Verified? {
        try await verify(.login(login), secret, address)
    }

    /// Verifies a user's id with a password or an API key.
    public func verify(user: Int, secret: String, address: String) async throws -> Verified? {
        try await verify(.user(user), secret, address)
    }

    /// Verifies an API key that stands alone.
    public func verify(key: String, address: String) async throws -> Verified? {
        try await verify(.key, key, address)
    }

    /// Makes sure, inside the unit of work that it is used for, that what was verified still holds, and notes how it was shown.
    ///
    /// - Throws: `StaleCredential` when the user, key or session changed; then verify again.
    public func confirm(_ verified: Verified, in env: Environment) throws {
        // Asked by every call: what is remembered of users is forgotten when any of them changes, on whatever node.
        let version = try env.remembered("user.version#\(verified.userId)", from: [User.name]) { env -> Int? in
            try Authenticator.version(User.name, verified.userId, env)
        }
        let isRight = version == verified.userVersion
        let isOver = verified.seeing.map { $0.until <= env.now } ?? false
        let holds = try isRight && !isOver && (verified.grant.map { try Authenticator.version($0.model, $0.id, env) == $0.version } ?? true)
        if holds { return FreshProof.note(verified.proof, in: env) }
        memo.forget(verified.memo)
        throw StaleCredential()
    }

    /// Forgets somebody who was verified, as their user is gone or archived.
    public func forget(_ verified: Verified) { memo.forget(verified.memo) }

    /// The version of a record; nil when it is gone.
    private static func version(_ model: String, _ id: Int, _ env: Environment) throws -> Int? {
        let model = try env.registry.requireModel(model)
        let rows = try env.unit.transaction.fetch(model, [model.fields[ModelSchema.Slot.version]], ids: [id])
        return rows.ids.count == 1 ? rows[0, 0].intValue : nil
    }

    private func verify(_ claim: Claim, _ secret: String, _ address: String) async throws -> Verified? {
        let digest = memo.digest(claim, secret)
        if let known = memo.find(digest, at: database.clock.now) { return known }
        // Calls that show the same at the same time share one check, so that a busy client does not pay for each.
        let task = running.withLock { running in
            if let task = running[digest] { return task }
            let task = Task { [self] in
                defer { self.running.withLock { $0[digest] = nil } }
                return try await check(claim, secret, address, digest)?.verified
            }
            running[digest] = task
            return task
        }
        return try await task.value
    }

    func check(
        _ claim: Claim, _ secret: String, _ address: String, _ digest: Digest, as caller: Caller = .program
    ) async throws -> SignedIn? {
        let found = try await database.read(as: .system, superuser: true) { try Account.find(claim, secret: secret, $0) }
        let name = found.map { "#\($0.id)" } ?? claim.label
        try await throttle.enter(name, address)
        let finding: Finding
        do { finding = try await judge(claim, secret, found, caller) } catch {
            try? await throttle.leave(name, address, .unknown)
            throw error
        }
        try await throttle.leave(name, address, finding.ending)
        if finding.ending == .failed { trail.failed(user: found?.id, address: address) }
        if case .stopped(let refusal, _) = finding { throw refusal }
        guard case .right(let version, let codes) = finding, let account = found else { return nil }
        let verified = Verified(userId: account.id, userVersion: version, grant: account.grant, memo: digest)
        try await note(verified, claim, address)
        // A password that needs a code beside it is not remembered: the code holds once.
        if account.second == .none { memo.keep(verified, at: database.clock.now, until: account.expires) }
        return SignedIn(verified: verified, recoveryCodes: codes)
    }

    private func note(_ verified: Verified, _ claim: Claim, _ address: String) async throws {
        let means = verified.grant == nil ? "password" : "key"
        let entry = AuditEntry(
            .login, model: User.name, ids: [verified.userId], userId: verified.userId,
            detail: ["address": .text(address), "means": .text(means)])
        try await database.write(as: .system, superuser: true) { env in
            try env.unit.transaction.appendAudit([entry])
            try AccountUse.note(user: verified.userId, key: verified.grant?.id, in: env)
        }
    }
}
