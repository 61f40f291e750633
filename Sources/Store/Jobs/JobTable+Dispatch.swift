import Kernel

/// What a dispatcher of jobs asks beyond claiming and finishing them.
extension JobTable {
    /// When the next job of a queue is due, running ones left out; nil when none waits.
    public func nextDue(_ queue: String) throws -> Instant? {
        let sql =
            "SELECT min(run_at) FROM baton_job WHERE queue = \(mark(1)) AND state IN ('available', 'scheduled', 'retryable')"
        return try connection.first(sql, [.text(queue)], .text)?.textValue.flatMap { Instant($0) }
    }

    /// Whether a worker fell silent: its lease ran out.
    public func hasLate(now: Instant) throws -> Bool {
        let sql = "SELECT 1 FROM baton_job WHERE state = 'running' AND lease_until < \(mark(1)) LIMIT 1"
        return try connection.first(sql, [.instant(now)], .integer) != nil
    }

    /// Ends the leases of workers that are known to be gone, so that their jobs are late at once; gives how many.
    ///
    /// A worker that is only slow finds its lease void, as after any lease that ran out.
    @discardableResult public func endLeases(of owners: Set<String>, now: Instant) throws -> Int {
        let names = owners.sorted().map { Value.text($0) }
        if names.isEmpty { return 0 }
        let marks = (0..<names.count).map { mark($0 + 2) }.joined(separator: ", ")
        let sql =
            "UPDATE baton_job SET lease_until = \(mark(1)) WHERE state = 'running' AND lease_until >= \(mark(1)) AND lease_owner IN (\(marks))"
        return try connection.run(sql, [.instant(now + -1)] + names)
    }

    /// Jobs whose worker fell silent in their last attempt, which `reap` is about to discard; at most `claimLimit`.
    public func lost(now: Instant) throws -> [LeasedJob] {
        let sql =
            "SELECT id, queue, kind, payload, attempts, max_attempts, lease_epoch FROM baton_job WHERE state = 'running' "
            + "AND lease_until < \(mark(1)) AND attempts >= max_attempts ORDER BY id LIMIT \(JobTable.claimLimit)"
        let forms: [ColumnForm] = [.integer, .text, .text, .text, .integer, .integer, .integer]
        let cells = try connection.query(sql, [.instant(now)], forms)
        return stride(from: 0, to: cells.count, by: forms.count).map { start in
            let row = Array(cells[start..<start + forms.count])
            let lease = JobLease(job: row[0].intValue ?? 0, owner: "", epoch: row[6].intValue ?? 0, until: now)
            return LeasedJob(
                id: lease.job, queue: row[1].textValue ?? "", kind: row[2].textValue ?? "",
                payload: ValueText.read(row[3].textValue ?? "{}"),
                attempt: row[4].intValue ?? 1, maxAttempts: row[5].intValue ?? 1, lease: lease)
        }
    }

    /// Gives a job up before its last attempt, because no further one can do better. - Throws: `job.stale_lease`.
    public func discard(_ lease: JobLease, error: String, now: Instant) throws {
        let reason = Value.text(String(error.prefix(JobTable.errorLimit)))
        try end(lease, "state = 'discarded', finished_at = \(mark(1)), last_error = \(mark(2))", [.instant(now), reason])
    }
}
