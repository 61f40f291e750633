import Glibc
import Kernel

/// One unit of work on its way through the writer: what it does there, and what follows its commit.
final class WriteUnit<Answer: Sendable>: Sendable {
    private let database: Database
    private let user: UserContext
    private let context: ValueMap
    private let superuser: Bool
    private let policy: AccessPolicy
    private let body: @Sendable (Environment) throws -> Answer
    /// Whether it is undone when it has run.
    private let isRehearsal: Bool
    /// What the caller's task works for; the writer's thread belongs to no task.
    private let trace = Trace.current
    private let outcome = Locked<Outcome?>(nil)

    private struct Outcome: Sendable {
        let answer: Answer
        let callbacks: [@Sendable () -> Void]
        let touched: Set<Int>
        /// The names of the models that it changed, which others read anew until its commit.
        let changed: [String]
        let audited: Int
        let hasJobs: Bool
        let registry: Registry
        /// The registry with changed custom models, whose tables this unit made.
        let next: Registry?
    }

    init(
        _ database: Database, _ user: UserContext, _ context: ValueMap, _ superuser: Bool, _ policy: AccessPolicy,
        isRehearsal: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) {
        self.database = database
        self.user = user
        self.context = context
        self.superuser = superuser
        self.policy = policy
        self.isRehearsal = isRehearsal
        self.body = body
    }

    /// The work, inside its transaction.
    @Sendable func run(_ connection: any SQLConnection) throws {
        // What an earlier run left behind, whose transaction was given up.
        forgetOutcome()
        let policy = try database.policy(policy, in: connection)
        let registry = database.registry
        let now = database.clock.now
        let transaction = SQLTransaction(
            connection, registry: registry, dialect: database.dialect, now: now, isReadOnly: false, memory: database.answers)
        let unit = UnitOfWork(
            registry: registry, transaction: transaction, now: now, policy: policy, zones: database.zones, memory: database.appMemory)
        let env = try Environment.scoped(unit: unit, user: user, context: context, isSuperuser: superuser)
        do {
            let answer = try Trace.$current.withValue(trace) {
                let answer = try body(env)
                try unit.finish()
                return answer
            }
            if isRehearsal { try undo(answer, registry, connection) }
            let next = try nextRegistry(unit, connection)
            let changed = unit.touchedModels.map { registry.models[$0].name } + unit.changedNames
            try ChangeCounts.count(changed, connection, database.dialect)
            let outcome = Outcome(
                answer: answer, callbacks: unit.commitCallbacks, touched: unit.touchedModels, changed: changed,
                audited: transaction.audited, hasJobs: transaction.hasJobs, registry: registry, next: next)
            self.outcome.withLock { $0 = outcome }
            database.appMemory.remembered.begin(changed)
        } catch let failure as SQLFailure {
            throw failure.refusal(registry)
        }
    }

    /// Keeps the answer of a rehearsal and gives up everything else that it did.
    private func undo(_ answer: Answer, _ registry: Registry, _ connection: any SQLConnection) throws {
        try connection.sendWaiting()
        outcome.withLock {
            $0 = Outcome(
                answer: answer, callbacks: [], touched: [], changed: [], audited: 0, hasJobs: false, registry: registry, next: nil)
        }
        throw Rehearsed()
    }

    /// When custom models or fields changed: the registry that has them, and in the same transaction their tables.
    private func nextRegistry(_ unit: UnitOfWork, _ connection: any SQLConnection) throws -> Registry? {
        let directory = unit.registry.directory
        let schema = directory.schemaModels
        if schema.isEmpty || !unit.touchedModels.contains(where: { schema.contains(unit.registry.models[$0].name) }) { return nil }
        let env = Environment(unit: unit, user: .system, isSuperuser: true)
        let next = try unit.registry.with(custom: try directory.customModels(in: env))
        try Migrator(connection, database.dialect).migrate(to: next, at: unit.now)
        return next
    }

    /// What follows a durable commit, in the order of commits: what is remembered and old now is forgotten.
    func committed() {
        database.counts.add { $0.committed += 1 }
        outcome.withLock { outcome in
            guard let outcome else { return }
            if let next = outcome.next { database.use(next) }
            database.appMemory.remembered.end(outcome.changed)
            database.countWishes()
            if !outcome.touched.isEmpty { database.noteChanges(outcome.touched, in: outcome.registry) }
            if outcome.audited > 0 { database.trailGrew(by: outcome.audited) }
            if outcome.hasJobs { database.announceJobs() }
        }
    }

    /// The work failed, or its commit was given up.
    func abandoned(_ error: any Error) {
        forgetOutcome()
        let isFull = (error as? Refusal)?.code == Refusal.full().code
        database.counts.add { counts in
            counts.undone += 1
            if isFull { counts.fullAt = .now }
        }
        database.announceFailure(error, of: user)
    }

    private func forgetOutcome() {
        outcome.withLock { outcome in
            if let given = outcome { database.appMemory.remembered.end(given.changed) }
            outcome = nil
        }
    }

    /// What the body answered; called once, after the commit.
    func answer() throws -> Answer {
        let outcome = try self.outcome.taken()
        for callback in outcome.callbacks { callback() }
        return outcome.answer
    }
}

/// Ends a rehearsal that went well, so that its transaction is rolled back.
struct Rehearsed: Error {}

/// Lets a thread wait until something is done.
final class Latch: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isOpen = false
    private var error: (any Error)?

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(opened, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(opened)
        mutex.deallocate()
        opened.deallocate()
    }

    func open(_ error: (any Error)?) {
        pthread_mutex_lock(mutex)
        isOpen = true
        self.error = error
        // Signalled inside the lock: the waiter may let go of the latch as soon as it can.
        pthread_cond_signal(opened)
        pthread_mutex_unlock(mutex)
    }

    func wait() -> (any Error)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isOpen { pthread_cond_wait(opened, mutex) }
        return error
    }
}
