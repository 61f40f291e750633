import Kernel

extension JobTable {
    /// The job is done. - Throws: `job.stale_lease`.
    public func complete(_ lease: JobLease, now: Instant) throws {
        try end(lease, "state = 'completed', finished_at = \(mark(1)), last_error = NULL", [.instant(now)])
    }

    /// The attempt failed: the job waits longer each time, until the last attempt discards it. Gives where it stands now.
    ///
    /// - Parameter retryIn: Seconds to wait, when the failure says so itself.
    /// - Throws: `job.stale_lease`.
    @discardableResult public func fail(_ lease: JobLease, error: String, retryIn seconds: Int? = nil, now: Instant) throws -> JobState {
        let known = try connection.query(
            "SELECT attempts, max_attempts FROM baton_job WHERE id = \(mark(1))", [.int(lease.job)], [.integer, .integer])
        guard known.count == 2, let attempts = known[0].intValue, let most = known[1].intValue else { throw Refusal.staleLease(lease.job) }
        let reason = Value.text(String(error.prefix(JobTable.errorLimit)))
        if attempts >= most {
            try end(lease, "state = 'discarded', finished_at = \(mark(1)), last_error = \(mark(2))", [.instant(now), reason])
            return .discarded
        }
        let runAt = now + (seconds ?? JobTable.backOff(attempts, salt: lease.job))
        try end(lease, "state = 'retryable', run_at = \(mark(1)), last_error = \(mark(2))", [.instant(runAt), reason])
        return .retryable
    }

    /// Seconds to wait after so many attempts: 1, 2, 4 … up to six hours, with up to a tenth more so that jobs do not march in step.
    public static func backOff(_ attempts: Int, salt: Int) -> Int {
        let base = min(1 << min(max(attempts - 1, 0), 20), 21_600)
        return base + (salt &* 2_654_435_761 & 0xFFFF) * base / 10 / 0x10000
    }

    /// Holds the job longer. - Throws: `job.stale_lease`.
    public func extend(_ lease: JobLease, seconds: Int, now: Instant) throws -> JobLease {
        let until = now + seconds
        let sql = "UPDATE baton_job SET lease_until = \(mark(1)) WHERE id = \(mark(2)) AND state = 'running' AND lease_epoch = \(mark(3))"
        guard try connection.run(sql, [.instant(until), .int(lease.job), .int(lease.epoch)]) == 1 else {
            throw Refusal.staleLease(lease.job)
        }
        return JobLease(job: lease.job, owner: lease.owner, epoch: lease.epoch, until: until)
    }

    /// Gives jobs whose worker fell silent back to their queue, or discards them after the last attempt; gives how many.
    @discardableResult public func reap(now: Instant) throws -> Int {
        let late = "state = 'running' AND lease_until < \(mark(1))"
        let reason = "last_error = 'The worker fell silent: its lease ran out.'"
        let gone =
            "UPDATE baton_job SET state = 'discarded', finished_at = lease_until, \(reason) WHERE \(late) AND attempts >= max_attempts"
        let back = "UPDATE baton_job SET state = 'available', lease_owner = NULL, \(reason) WHERE \(late)"
        return try connection.run(gone, [.instant(now)]) + connection.run(back, [.instant(now)])
    }

    /// Calls a job off unless it runs or is finished; false when it was too late.
    @discardableResult public func cancel(_ id: Int, now: Instant) throws -> Bool {
        let sql =
            "UPDATE baton_job SET state = 'cancelled', finished_at = \(mark(1)) WHERE id = \(mark(2)) "
            + "AND state IN ('scheduled', 'available', 'retryable')"
        return try connection.run(sql, [.instant(now), .int(id)]) == 1
    }

    /// Puts discarded jobs back into their queues with all attempts before them; gives how many.
    @discardableResult public func redrive(_ ids: [Int], now: Instant) throws -> Int {
        var count = 0
        for id in ids {
            let sql =
                "UPDATE baton_job SET state = 'available', attempts = 0, run_at = \(mark(1)), finished_at = NULL WHERE id = \(mark(2)) "
                + "AND state = 'discarded'"
            count += try connection.run(sql, [.instant(now), .int(id)])
        }
        if count > 0 { connection.announceJobs() }
        return count
    }

    /// Deletes jobs that were finished before a moment; discarded ones stay until a person decided. Gives how many.
    @discardableResult public func prune(before moment: Instant) throws -> Int {
        let sql = "DELETE FROM baton_job WHERE state IN ('completed', 'cancelled') AND finished_at < \(mark(1))"
        return try connection.run(sql, [.instant(moment)])
    }

    func end(_ lease: JobLease, _ changes: String, _ values: [Value]) throws {
        let sql =
            "UPDATE baton_job SET \(changes), lease_owner = NULL, lease_until = NULL "
            + "WHERE id = \(mark(values.count + 1)) AND state = 'running' AND lease_epoch = \(mark(values.count + 2))"
        guard try connection.run(sql, values + [.int(lease.job), .int(lease.epoch)]) == 1 else { throw Refusal.staleLease(lease.job) }
    }
}
