import Kernel

/// Queues of jobs in a database, for workers: each call is a transaction of its own, durable when it answers.
///
/// To finish a job together with the records that it changed, use `JobTable(env)` inside the unit of work.
public struct JobQueue: Sendable {
    private let database: Database

    /// The queues of a database.
    public init(_ database: Database) { self.database = database }

    /// Puts a job into its queue; false when a job of the same key exists.
    @discardableResult public func enqueue(_ job: JobRequest, maxAttempts: Int = JobTable.maxAttempts) async throws -> Bool {
        let isNew = try await table { try $0.insert(job, now: $1, maxAttempts: maxAttempts) }
        if isNew { database.announceJobs() }
        return isNew
    }

    /// Leases the next jobs of a queue to a worker.
    public func claim(_ queue: String = "default", owner: String, limit: Int = 10, leaseSeconds: Int = 60) async throws -> [LeasedJob] {
        try await table { try $0.claim(queue, owner: owner, limit: limit, leaseSeconds: leaseSeconds, now: $1) }
    }

    /// The job is done. - Throws: `job.stale_lease`.
    public func complete(_ lease: JobLease) async throws { try await table { try $0.complete(lease, now: $1) } }

    /// The attempt failed; gives where the job stands now. - Throws: `job.stale_lease`.
    @discardableResult public func fail(_ lease: JobLease, error: String, retryIn seconds: Int? = nil) async throws -> JobState {
        try await table { try $0.fail(lease, error: error, retryIn: seconds, now: $1) }
    }

    /// Holds the job longer. - Throws: `job.stale_lease`.
    public func extend(_ lease: JobLease, seconds: Int = 60) async throws -> JobLease {
        try await table { try $0.extend(lease, seconds: seconds, now: $1) }
    }

    /// Gives jobs whose worker fell silent back to their queue; gives how many.
    @discardableResult public func reap() async throws -> Int { try await table { try $0.reap(now: $1) } }

    /// Calls a job off unless it runs or is finished.
    @discardableResult public func cancel(_ id: Int) async throws -> Bool { try await table { try $0.cancel(id, now: $1) } }

    /// Puts discarded jobs back into their queues; gives how many.
    @discardableResult public func redrive(_ ids: [Int]) async throws -> Int { try await table { try $0.redrive(ids, now: $1) } }

    /// How many jobs of a queue stand where.
    public func counts(_ queue: String = "default") async throws -> [JobState: Int] {
        let dialect = database.dialect
        let sql = "SELECT state, count(*) FROM baton_job WHERE queue = \(dialect.placeholder(1)) GROUP BY state"
        let cells = try await database.inspect { try $0.query(sql, [.text(queue)], [.text, .integer]) }
        var counts: [JobState: Int] = [:]
        for start in stride(from: 0, to: cells.count, by: 2) {
            if let state = cells[start].textValue.flatMap(JobState.init(rawValue:)) { counts[state] = cells[start + 1].intValue }
        }
        return counts
    }

    private func table<Answer: Sendable>(_ body: @escaping @Sendable (JobTable, Instant) throws -> Answer) async throws -> Answer {
        let (dialect, now) = (database.dialect, database.clock.now)
        return try await database.system { try body(JobTable($0, dialect), now) }
    }
}
