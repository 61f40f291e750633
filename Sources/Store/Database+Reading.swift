import Kernel

extension Database {
    /// Runs a unit of work that only reads, on one snapshot.
    ///
    /// Reads of patient-linked records are in the trail before this answers. On a thread of `workers` it costs no change of thread.
    /// - Throws: What the body throws; `store.busy`, `store.closed`; `access.*`; `store.read_only` when the body writes.
    public func read<Answer: Sendable>(
        as user: Int, context: ValueMap = [:], superuser: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        let (answer, log) = try await blocking { [self] in
            try snapshot(try self.user(user), context, superuser, body)
        }
        if !log.isEmpty { try await keep(log) }
        return answer
    }

    /// Runs a unit of work that only reads for a user already loaded.
    public func read<Answer: Sendable>(
        as user: UserContext, context: ValueMap = [:], superuser: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        let (answer, log) = try await blocking { [self] in try snapshot(user, context, superuser, body) }
        if !log.isEmpty { try await keep(log) }
        return answer
    }

    /// The same for code that may block: start-up, tests, the command.
    public func readBlocking<Answer: Sendable>(
        as user: UserContext = .system, context: ValueMap = [:], superuser: Bool = false,
        _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        let (answer, log) = try snapshot(user, context, superuser, body)
        if !log.isEmpty {
            let (now, dialect) = (clock.now, dialect)
            try systemBlocking { try AuditChain.append(log, at: now, $0, dialect) }
            trailGrew(by: log.count)
        }
        return answer
    }

    /// Reads from the bare connection on a snapshot: for the store's own tables.
    public func inspect<Answer: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Answer) async throws -> Answer {
        try await blocking { [driver] in try driver.withSnapshot(body) }
    }

    /// The same for code that may block.
    public func inspectBlocking<Answer>(_ body: (any SQLConnection) throws -> Answer) throws -> Answer { try driver.withSnapshot(body) }

    /// Runs a body where it may block: here, when this thread is one of ours, else on one that is.
    package func blocking<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        if WorkerPool.isCurrent { return try body() }
        return try await withUnsafeThrowingContinuation { continuation in
            let taken = workers.submit { continuation.resume(with: Result(catching: body)) }
            if !taken { continuation.resume(throwing: Refusal.busy("\(WorkerPool.queueLimit) reads wait already.")) }
        }
    }

    private func keep(_ log: [AuditEntry]) async throws {
        let (now, dialect) = (clock.now, dialect)
        try await system { try AuditChain.append(log, at: now, $0, dialect) }
        trailGrew(by: log.count)
    }

    private func snapshot<Answer>(
        _ user: UserContext, _ context: ValueMap, _ superuser: Bool, _ body: (Environment) throws -> Answer
    ) throws -> (Answer, [AuditEntry]) {
        let policy = try policy()
        let generation = appMemory.remembered.generation
        return try driver.withSnapshot { connection in
            let policy = try self.policy(policy, in: connection)
            let registry = registry
            let now = clock.now
            let transaction = SQLTransaction(connection, registry: registry, dialect: dialect, now: now, isReadOnly: true, memory: answers)
            let unit = UnitOfWork(
                registry: registry, transaction: transaction, now: now, policy: policy, zones: zones, memory: appMemory,
                generation: generation)
            let env = try Environment.scoped(unit: unit, user: user, context: context, isSuperuser: superuser)
            let answer = try body(env)
            try unit.checkFailure()
            counts.add { $0.read += 1 }
            countWishes()
            return (answer, unit.takeReadLog())
        }
    }
}
