import Kernel

/// Users and rights that were loaded, until a change makes them old.
final class AccessMemory: Sendable {
    /// Users that are remembered; with more, all are forgotten.
    static let userLimit = 10_000

    private struct State {
        var users: [Int: UserContext] = [:]
        var policy: AccessPolicy?
        var generation = 0
        /// How often what access comes from was changed when this was loaded, where other processes change it, too.
        var stamps: [Int]?
        var metAt: ContinuousClock.Instant?
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

    func forget() { state.withLock { AccessMemory.forget(&$0) } }

    private static func forget(_ state: inout State) {
        state.users.removeAll()
        state.policy = nil
        state.generation += 1
    }

    /// Forgets what is older than a transaction that sees so many changes; false when the transaction is older itself.
    func meet(_ stamps: [Int]) -> Bool {
        state.withLock { state in
            let known = state.stamps ?? []
            if known != stamps {
                // The first number is the server's; one that took another's place may have counted less.
                let isSameServer = known.count == stamps.count && known.first == stamps.first
                if isSameServer, zip(known, stamps).contains(where: { $0 > $1 }) { return false }
                AccessMemory.forget(&state)
                state.stamps = stamps
            }
            state.metAt = ContinuousClock().now
            return true
        }
    }

    /// Whether no transaction has compared for a while.
    func isUnmet(for duration: Duration) -> Bool {
        state.withLock { state in state.metAt.map { ContinuousClock().now - $0 > duration } ?? true }
    }
}

extension Database {
    /// The user as access sees it, loaded once; on a thread that may block.
    ///
    /// - Throws: `access.unknown_user` when there is none or it is archived.
    public func user(_ id: Int) throws -> UserContext {
        // Any transaction compares as it begins; where none did for a moment, an empty one does.
        if isShared, memory.isUnmet(for: Database.userStaleness) { try asSuperuser { _ in } }
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
            _ = accessIsCurrent(connection)
            return try asSuperuser(connection, body)
        }
    }

    private func asSuperuser<Answer>(_ connection: any SQLConnection, _ body: (Environment) throws -> Answer) throws -> Answer {
        let registry = registry
        let now = clock.now
        let transaction = SQLTransaction(connection, registry: registry, dialect: dialect, now: now, isReadOnly: true, memory: answers)
        let nobody = AccessPolicy(rights: [], rules: [])
        let unit = UnitOfWork(registry: registry, transaction: transaction, now: now, policy: nobody, zones: zones, memory: appMemory)
        let answer = try body(Environment(unit: unit, user: .system, isSuperuser: true))
        try unit.checkFailure()
        return answer
    }
}

extension Database {
    /// How long a user may be remembered while another process changes or archives them; rights are as new as the transaction.
    static let userStaleness = Duration.milliseconds(250)

    /// Whether other processes change the database, too.
    var isShared: Bool { dialect.chainsLater }

    /// The rights as a transaction sees them: those given, unless another process changed them since.
    func policy(_ given: AccessPolicy, in connection: any SQLConnection) throws -> AccessPolicy {
        if let stamps = connection.stamps { try checkForms(stamps) }
        guard let isCurrent = accessIsCurrent(connection) else { return given }
        if isCurrent, let known = memory.policy { return known }
        let generation = memory.generation
        let policy = try asSuperuser(connection) { try $0.registry.directory.policy(in: $0) }
        if isCurrent { memory.keep(policy, since: generation) }
        return policy
    }

    /// Whether what is remembered of access may be used in a transaction; nil where nobody else changes it.
    private func accessIsCurrent(_ connection: any SQLConnection) -> Bool? {
        guard let stamps = connection.stamps else { return nil }
        let directory = registry.directory
        meetSchema(directory.schemaModels.sorted().compactMap { stamps.counts[$0] })
        let watched = directory.watchedModels.sorted()
        guard let counts = stamps.counts(of: watched) else {
            memory.forget()
            return false
        }
        return memory.meet(counts)
    }

    /// Takes in custom models that another process made.
    private func meetSchema(_ counts: [Int]) {
        let isNew = schemaStamps.withLock { known in
            defer { known = counts }
            return known != nil && known != counts
        }
        guard isNew else { return }
        _ = workers.submit { [weak self] in
            guard let self, let custom = try? asSuperuser({ try $0.registry.directory.customModels(in: $0) }), custom != registry.custom
            else { return }
            if let next = try? registry.with(custom: custom) { use(next) }
        }
    }
}
