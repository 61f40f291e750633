import Kernel
import Store

/// Works through job queues: claims what is due, runs it within bounds, finishes it under its lease.
///
/// One thread asks the queues, when a commit brought jobs, when one falls due, and now and then otherwise; handlers run on the threads of
/// the database. A job runs at least once; what a handler writes in its ending happens exactly once.
public final class JobRunner: Sendable {
    /// Told inside the unit of work that discards a job, so that a person hears of it or nothing is discarded.
    public typealias DiscardHook = @Sendable (LeasedJob, _ reason: String, Environment) throws -> Void

    /// Seconds between two looks for finished jobs to delete.
    static let pruneSeconds = 3_600

    let database: Database
    let handlers: [String: JobHandler]
    let options: JobOptions
    let onDiscard: DiscardHook
    let tell: @Sendable (JobEvent) -> Void
    private let wakeUp = WakeUp()
    let state = Locked(State())

    struct State: Sendable {
        var running: [Int: Running] = [:]
        /// How many jobs were begun so far.
        var begun = 0
        var isStopping = false
        var isLooping = false
        var prunedAt: Instant?
        /// Nodes whose leases were ended because they fell silent.
        var silent: Set<String> = []
    }

    /// A job at work in this process.
    struct Running: Sendable {
        let queue: String
        var lease: JobLease
        var task: Task<Void, Never>?
    }

    /// A runner that does nothing until `start()`.
    ///
    /// - Parameters:
    ///   - handlers: One for each kind; a job of another kind fails and is tried again later.
    ///   - onDiscard: Raises an exception for a job that failed for the last time.
    ///   - tell: Hears what happens, for a log; must not block.
    public init(
        database: Database, handlers: [JobHandler], options: JobOptions, onDiscard: @escaping DiscardHook = { _, _, _ in },
        tell: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) {
        self.database = database
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }, uniquingKeysWith: { _, last in last })
        self.options = options
        self.onDiscard = onDiscard
        self.tell = tell
    }

    /// Begins to work.
    public func start() {
        state.withLock { $0.isLooping = true }
        database.onJobs { [weak self] in self?.wake() }
        OwnThread.start("jobs") { [self] in loop() }
    }

    /// Asks the queues now.
    public func wake() { wakeUp.call() }

    /// Takes nothing new, lets running jobs finish, and cancels those that take longer; another worker takes them when their leases end.
    public func stop(graceSeconds: Double = 10) async {
        state.withLock { $0.isStopping = true }
        database.onJobs(nil)
        wake()
        let clock = ContinuousClock()
        let end = clock.now + .seconds(graceSeconds)
        while state.withLock({ $0.isLooping || !$0.running.isEmpty }), clock.now < end { try? await clock.sleep(for: .milliseconds(10)) }
        for task in state.withLock({ $0.running.values.compactMap(\.task) }) { task.cancel() }
    }

    /// Runs everything that is due now and waits for it; for tests and simulations, instead of `start()`.
    ///
    /// - Returns: How many jobs were claimed.
    @discardableResult public func drain() async throws -> Int {
        let first = state.withLock { $0.begun }
        while true {
            let before = state.withLock { $0.begun }
            _ = try await database.blocking { try self.takeRound() }
            for task in state.withLock({ $0.running.values.compactMap(\.task) }) { await task.value }
            let now = state.withLock { $0.begun }
            if now == before { return now - first }
        }
    }

    private func loop() {
        while !state.withLock({ $0.isStopping }) {
            var seconds: Double
            do {
                seconds = try takeRound()
            } catch {
                tell(.unavailable(reason: JobRunner.reason(of: error)))
                seconds = options.unavailableSeconds
            }
            wakeUp.wait(seconds: seconds)
        }
        state.withLock { $0.isLooping = false }
    }
}
