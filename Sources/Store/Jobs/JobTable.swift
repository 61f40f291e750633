import Kernel

/// Jobs as they stand in the table, inside a transaction.
public struct JobTable {
    /// Attempts before a job is discarded.
    public static let maxAttempts = 20
    /// The most jobs of one claim.
    public static let claimLimit = 500
    /// Bytes of a failure's text that are kept.
    static let errorLimit = 4_000

    let connection: any SQLConnection
    let dialect: any SQLDialect

    /// The jobs seen through a connection that has begun a transaction.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// The jobs seen in a unit of work, so that a job is finished with the records that it changed; nil behind another kind of store.
    public init?(_ env: Environment) {
        guard let transaction = env.unit.transaction as? SQLTransaction else { return nil }
        self.init(transaction.connection, transaction.dialect)
    }

    /// Puts a job into its queue; false when a job of the same key exists.
    public func insert(_ job: JobRequest, now: Instant, maxAttempts: Int = JobTable.maxAttempts) throws -> Bool {
        let runAt = job.runAt ?? now
        let state: JobState = runAt > now ? .scheduled : .available
        let sql =
            "INSERT INTO baton_job (queue, kind, payload, state, priority, run_at, attempts, max_attempts, lease_epoch, unique_key, created_at) "
            + "VALUES (" + dialect.placeholders(11) + ") ON CONFLICT DO NOTHING"
        let row: [Value] = [
            .text(job.queue), .text(job.kind), .text(ValueText.write(runAt > now ? job.payload : JobTable.traced(job.payload))),
            .text(state.rawValue),
            .int(job.priority),
            .instant(runAt), .int(0), .int(maxAttempts), .int(0), job.uniqueKey.map { .text($0) } ?? .null, .instant(now),
        ]
        let isNew = try connection.run(sql, row) > 0
        if isNew, state == .available { connection.announceJobs() }
        return isNew
    }

    /// Leases the next jobs of a queue to a worker, the most urgent and oldest first.
    public func claim(_ queue: String, owner: String, limit: Int, leaseSeconds: Int, now: Instant) throws -> [LeasedJob] {
        try makeDueAvailable(now)
        let until = now + leaseSeconds
        let sql =
            "WITH picked AS (SELECT id FROM baton_job WHERE queue = \(mark(1)) AND state = 'available' "
            + "ORDER BY priority, run_at, id LIMIT \(mark(2))\(dialect.skippingLocked)) "
            + "UPDATE baton_job SET state = 'running', lease_owner = \(mark(3)), lease_epoch = lease_epoch + 1, lease_until = \(mark(4)), "
            + "attempts = attempts + 1 WHERE id IN (SELECT id FROM picked) "
            + "RETURNING id, queue, kind, payload, attempts, max_attempts, lease_epoch, priority, run_at"
        let forms: [ColumnForm] = [.integer, .text, .text, .text, .integer, .integer, .integer, .integer, .text]
        let limit = min(limit, JobTable.claimLimit)
        let cells = try connection.query(sql, [.text(queue), .int(limit), .text(owner), .instant(until)], forms)
        // RETURNING keeps no order.
        let rows = stride(from: 0, to: cells.count, by: forms.count).map { Array(cells[$0..<$0 + forms.count]) }
        return rows.sorted { JobTable.rank($0) < JobTable.rank($1) }.map { row in
            let lease = JobLease(job: row[0].intValue ?? 0, owner: owner, epoch: row[6].intValue ?? 0, until: until)
            return LeasedJob(
                id: lease.job, queue: row[1].textValue ?? "", kind: row[2].textValue ?? "",
                payload: ValueText.read(row[3].textValue ?? "{}"),
                attempt: row[4].intValue ?? 1, maxAttempts: row[5].intValue ?? 1, lease: lease)
        }
    }

    /// The payload with the place in the trace at which the job is made, so that what the job does belongs to the same trace.
    ///
    /// A job for later begins a trace of its own: a schedule, each of whose runs plans the next, would make one that never ends.
    private static func traced(_ payload: ValueMap) -> ValueMap {
        guard let trace = Trace.current, payload[Trace.jobMember] == nil else { return payload }
        var payload = payload
        payload[Trace.jobMember] = .text(trace.context.traceparent)
        return payload
    }

    private static func rank(_ row: [Value]) -> (Int, String, Int) {
        (row[7].intValue ?? 0, row[8].textValue ?? "", row[0].intValue ?? 0)
    }

    private func makeDueAvailable(_ now: Instant) throws {
        for state in [JobState.scheduled, .retryable] {
            let sql =
                "WITH due AS (SELECT id FROM baton_job WHERE state = \(mark(1)) AND run_at <= \(mark(2)) ORDER BY id\(dialect.skippingLocked)) "
                + "UPDATE baton_job SET state = 'available' WHERE id IN (SELECT id FROM due)"
            try connection.run(sql, [.text(state.rawValue), .instant(now)])
        }
    }

    func mark(_ number: Int) -> String { dialect.placeholder(number) }
}
