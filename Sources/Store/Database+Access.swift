import Kernel

/// Users and rights that were loaded, until a change makes them old.
final class AccessMemory: Sendable {
    /// Users that are remembered; with more, all are forgotten.
    static let userLimit = 10_000

    private struct State {
        var users: [Int: UserContext] = [:]
        var policy: AccessPolicy?
        var generation = 0
    }
    private let state = Locked(State())

    func user(_ id: Int) -> UserContext? { state.withLock { $0.users[id] } }

    var policy: AccessPolicy? { state.withLock { $0.policy } }

    var generation: Int { state.withLock { $0.generation } }

    /// Remembers what was loaded, unless something was forgotten since the load began.
    func keep(_ user: UserContext, id: Int, since generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.users.count >= AccessMemory.userLimit { state.users.removeAll() }
            state.users[id] = user
        }
    }

    func keep(_ policy: AccessPolicy, since generation: Int) {
        state.withLock { if $0.generation == generation { $0.policy = policy } }
    }

    func forget() {
        state.withLock { state in
            state.users.removeAll()
            state.policy = nil
            state.generation += 1
        }
    }
}

extension Database {
    /// The user as access sees it, loaded once; on a thread that may block.
    ///
    /// - Throws: `access.unknown_user` when there is none or it is archived.
    public func user(_ id: Int) throws -> UserContext {
        if let known = memory.user(id) { return known }
        let generation = memory.generation
        guard let user = try asSuperuser({ try $0.registry.directory.user(id, in: $0) }) else {
            throw Refusal("access.unknown_user", .unauthenticated, "There is no active user \(id).", instruction: "Log in again.")
        }
        memory.keep(user, id: id, since: generation)
        return user
    }

    /// Model rights and record rules, loaded once; on a thread that may block.
    public func policy() throws -> AccessPolicy {
        if let known = memory.policy { return known }
        let generation = memory.generation
        let policy = try asSuperuser { try $0.registry.directory.policy(in: $0) }
        memory.keep(policy, since: generation)
        return policy
    }

    /// Forgets users and rights after a change of what they come from.
    func noteChanges(_ touched: Set<Int>, in registry: Registry) {
        let watched = registry.directory.watchedModels
        if watched.isEmpty { return }
        if touched.contains(where: { watched.contains(registry.models[$0].name) }) { memory.forget() }
    }

    /// Reads without access checks and without a policy, to load what access needs.
    func asSuperuser<Answer>(_ body: (Environment) throws -> Answer) throws -> Answer {
        try driver.withSnapshot { connection in
            let registry = registry
            let now = clock.now
            let transaction = SQLTransaction(connection, registry: registry, dialect: dialect, now: now, isReadOnly: true)
            let nobody = AccessPolicy(rights: [], rules: [])
            let unit = UnitOfWork(registry: registry, transaction: transaction, now: now, policy: nobody, zones: zones, memory: appMemory)
            let answer = try body(Environment(unit: unit, user: .system, isSuperuser: true))
            try unit.checkFailure()
            return answer
        }
    }
}
