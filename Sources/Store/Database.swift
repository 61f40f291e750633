import Kernel

/// A database of records: units of work that read and write, migrations, users and rights remembered, the trail sealed.
///
/// Logic runs synchronously inside a unit of work, on a thread that may block. A write is answered after it is on disk.
public final class Database: Sendable {
    let driver: any StoreDriver
    /// Tells units of work when they begin.
    public let clock: any WallClock
    /// Tells where midnight is.
    public let zones: any ZoneOffsets
    /// Threads that may block: reads run on them, and a door may run whole requests there.
    public let workers: WorkerPool
    let seal: AuditSeal?
    private let current: Locked<Registry>
    let linker = AuditLinker()
    let schemaStamps = Locked<[Int]?>(nil)
    /// How often the tables were changed so that older programs misread them, as this one knows; nil before it looked.
    let knownForms = Locked<Int?>(nil)
    private let outdated = Locked(false)
    private let jobsCame = Hook<Void>()
    private let unitFailed = Hook<(any Error, UserContext)>()
    let memory = AccessMemory()
    let answers = AnswerMemory()
    /// How many units of work ended how in this process.
    public let counts = StoreCounts()
    /// What apps keep beside the database from one unit of work to the next.
    public let appMemory = DatabaseMemory()

    /// A database behind a driver; `migrate()` makes its tables.
    ///
    /// - Parameters:
    ///   - apps: Whose models it holds.
    ///   - seal: Signs checkpoints of the audit trail; without one the trail is only chained.
    ///   - threads: How many threads may block for reads.
    /// - Throws: `registry.*` when an app's declarations are wrong.
    public init(
        driver: any StoreDriver, apps: [App], clock: any WallClock = SystemClock(), zones: any ZoneOffsets = MachineZones(),
        seal: AuditSeal? = nil, threads: Int = 8
    ) throws {
        self.driver = driver
        self.clock = clock
        self.zones = zones
        self.seal = seal
        workers = WorkerPool(threads: threads)
        current = Locked(try Registry(apps: apps))
        driver.onOthers { [memory, appMemory] in
            memory.forget()
            appMemory.remembered.forget()
        }
    }

    deinit { workers.stop() }

    /// The models in force; a unit of work that already runs keeps those it began with.
    public var registry: Registry { current.withLock { $0 } }

    /// The words of the SQL database behind it.
    public var dialect: any SQLDialect { driver.dialect }

    /// What the driver carries at the moment.
    public var load: StoreLoad { driver.load }

    /// Has a body called after each commit that put jobs into queues; nil ends it. The body must be quick: it holds up the writer.
    public func onJobs(_ body: (@Sendable () -> Void)?) {
        driver.onNews(body)
        guard let body else { return jobsCame.clear() }
        jobsCame.set { _ in body() }
    }

    /// This process's name among all that share the database; empty where it has the database to itself.
    public var node: String { driver.node }

    /// Processes that shared the database and have shown no sign of life for some seconds: their jobs may be taken.
    public var silentNodes: Set<String> { driver.silentNodes }

    /// Other processes that have the database open and show signs of life; looks for some seconds.
    public func liveNodes() throws -> [String] { try driver.liveNodes() }

    /// Whether the database answers, where that is found out all the time; nil where one has to ask.
    public var isAnswering: Bool? { driver.isAnswering.map { $0 && !isOutdated } }

    /// Whether another process with a newer program changed the tables so that this one would misread them: it does nothing any more.
    public var isOutdated: Bool { outdated.withLock { $0 } }

    /// Refuses work on tables that a newer program has changed since this one looked.
    func checkForms(_ stamps: ChangeStamps) throws {
        guard let forms = stamps.counts[ChangeCounts.form] else { return }
        let known = knownForms.withLock { known in
            if known == nil { known = forms }
            return known ?? forms
        }
        if forms <= known { return }
        outdated.withLock { $0 = true }
        throw Refusal.outdated()
    }

    /// Told why a unit of work that was to write was undone, and whose it was.
    public typealias FailureHook = @Sendable (any Error, UserContext) -> Void

    /// Has a body called after each unit of work that was undone; nil ends it. The body must be quick: it holds up the writer.
    public func onFailures(_ body: FailureHook?) {
        guard let body else { return unitFailed.clear() }
        unitFailed.set { failure in body(failure.0, failure.1) }
    }

    func announceFailure(_ error: any Error, of user: UserContext) { unitFailed((error, user)) }

    func announceJobs() { jobsCame(()) }

    func use(_ registry: Registry) {
        current.withLock { $0 = registry }
        memory.forget()
        answers.forget()
        appMemory.remembered.forget()
    }

    /// Signs the end of the trail, finishes what was submitted, and lets go of the database.
    public func close() {
        try? sealNow()
        seal?.stop()
        driver.close()
        workers.stop()
    }
}

extension Database {
    /// Runs a unit of work that may write, and answers after its commit is on disk.
    ///
    /// - Parameters:
    ///   - user: Who acts; access is checked for them.
    ///   - context: Odoo's context.
    ///   - superuser: Access is not asked; for the machine's own work.
    /// - Throws: What the body throws, then nothing is changed; `store.busy`, `store.full`, `store.closed`; `access.*`.
    @discardableResult public func write<Answer: Sendable>(
        as user: Int, context: ValueMap = [:], superuser: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        let isFresh = !isShared || !memory.isUnmet(for: Database.userStaleness)
        if isFresh, let known = memory.user(user), memory.policy != nil {
            return try await write(as: known, context: context, superuser: superuser, body)
        }
        let actor = try await blocking { try self.user(user) }
        return try await write(as: actor, context: context, superuser: superuser, body)
    }

    /// Runs a unit of work that may write for a user already loaded.
    @discardableResult public func write<Answer: Sendable>(
        as user: UserContext, context: ValueMap = [:], superuser: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        let policy = if let known = memory.policy { known } else { try await blocking { try self.policy() } }
        let unit = WriteUnit(self, user, context, superuser, policy, body)
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            driver.submit(
                WriteWork(run: unit.run) { error in
                    if let error {
                        unit.abandoned(error)
                        return continuation.resume(throwing: error)
                    }
                    unit.committed()
                    continuation.resume()
                })
        }
        return try unit.answer()
    }

    /// The same for code that may block: start-up, tests, the command. Never on a thread of a task.
    @discardableResult public func writeBlocking<Answer: Sendable>(
        as user: UserContext = .system, context: ValueMap = [:], superuser: Bool = false,
        _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        let unit = WriteUnit(self, user, context, superuser, try policy(), body)
        try submitAndWait(.serial, unit.run, unit.committed, unit.abandoned)
        return try unit.answer()
    }

    /// Runs work on the bare connection in a transaction of its own: for the store's own tables.
    @discardableResult public func system<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Answer
    ) async throws -> Answer {
        let box = Locked<Answer?>(nil)
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            let work = WriteWork(
                .rows,
                run: { connection in
                    let answer = try body(connection)
                    box.withLock { $0 = answer }
                }
            ) { error in
                if let error { continuation.resume(throwing: error) } else { continuation.resume() }
            }
            driver.submit(work)
        }
        return try box.taken()
    }

    /// The same for code that may block.
    @discardableResult public func systemBlocking<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Answer
    ) throws -> Answer {
        let box = Locked<Answer?>(nil)
        try submitAndWait(.rows) { connection in
            let answer = try body(connection)
            box.withLock { $0 = answer }
        }
        return try box.taken()
    }

    func submitAndWait(
        _ isolation: WriteWork.Isolation, _ run: @escaping @Sendable (any SQLConnection) throws -> Void,
        _ committed: @escaping @Sendable () -> Void = {},
        _ abandoned: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws {
        guard !driver.isWriting else {
            throw Refusal("store.nested", .internalFault, "A unit of work cannot wait for another one.")
        }
        let latch = Latch()
        driver.submit(
            WriteWork(isolation, run: run) { error in
                if let error { abandoned(error) } else { committed() }
                latch.open(error)
            })
        if let error = latch.wait() { throw error }
    }
}

extension Locked {
    /// What a unit of work left behind; one that was committed always did.
    func taken<Answer: Sendable>() throws -> Answer where Content == Answer? {
        guard let answer = withLock({ $0 }) else { throw Refusal("store.no_answer", .internalFault, "The unit of work gave no answer.") }
        return answer
    }
}
