import Kernel
import Store

extension JobRunner {
    /// Asks every queue once and begins what fits; gives the seconds until the next round makes sense.
    func takeRound() throws -> Double {
        if database.isOutdated { throw Refusal.outdated() }
        let now = database.clock.now
        try tendLeases(now)
        var seconds = min(options.pollSeconds, Double(options.leaseSeconds) / 4)
        for queue in options.queues {
            let free = queue.concurrency - state.withLock { state in state.running.values.count { $0.queue == queue.name } }
            // A running job that ends wakes the dispatcher.
            guard free > 0, let due = try nextDue(queue.name) else { continue }
            guard due <= now else {
                seconds = min(seconds, Double(due - now))
                continue
            }
            for job in try claim(queue.name, free) { begin(job) }
        }
        return max(seconds, 0.01)
    }

    private func nextDue(_ queue: String) throws -> Instant? {
        let dialect = database.dialect
        return try database.inspectBlocking { try JobTable($0, dialect).nextDue(queue) }
    }

    private func claim(_ queue: String, _ limit: Int) throws -> [LeasedJob] {
        let (dialect, now, owner, lease) = (database.dialect, database.clock.now, options.owner, options.leaseSeconds)
        return try database.systemBlocking {
            try JobTable($0, dialect).claim(queue, owner: owner, limit: limit, leaseSeconds: lease, now: now)
        }
    }

    private func begin(_ job: LeasedJob) {
        state.withLock { state in
            state.running[job.id] = Running(queue: job.queue, lease: job.lease)
            state.begun += 1
        }
        let task = Task.detached(executorPreference: database.workers) { [self] in
            await run(job)
            state.withLock { if $0.running[job.id]?.lease.epoch == job.lease.epoch { $0.running[job.id] = nil } }
            wake()
        }
        state.withLock { $0.running[job.id]?.task = task }
    }

    /// Holds the jobs at work, gives back those of silent workers, deletes old ones.
    private func tendLeases(_ now: Instant) throws {
        let half = options.leaseSeconds / 2
        let ageing = state.withLock { $0.running.values.map(\.lease).filter { $0.until - now <= half } }
        for lease in ageing { try extend(lease, now) }
        try endLeasesOfSilent(now)
        let waiting = try lateJobs(now)
        if waiting { try reap(now) }
        let isDue = state.withLock { state in
            if let last = state.prunedAt, now - last < JobRunner.pruneSeconds { return false }
            state.prunedAt = now
            return true
        }
        if isDue { try prune(now) }
    }

    private func extend(_ lease: JobLease, _ now: Instant) throws {
        let (dialect, seconds) = (database.dialect, options.leaseSeconds)
        do {
            let next = try database.systemBlocking { try JobTable($0, dialect).extend(lease, seconds: seconds, now: now) }
            state.withLock { if $0.running[lease.job]?.lease.epoch == lease.epoch { $0.running[lease.job]?.lease = next } }
        } catch let refusal as Refusal where refusal.code == "job.stale_lease" {
            // It ended in this moment, or another worker has it; the attempt itself will notice.
            state.withLock { $0.running[lease.job]?.task?.cancel() }
        }
    }

    /// The jobs of nodes that fell silent need not wait for the end of their leases.
    private func endLeasesOfSilent(_ now: Instant) throws {
        let gone = database.silentNodes
        let fresh = state.withLock { state in
            defer { state.silent = gone }
            return gone.subtracting(state.silent)
        }
        if fresh.isEmpty { return }
        let dialect = database.dialect
        do { try database.systemBlocking { _ = try JobTable($0, dialect).endLeases(of: fresh, now: now) } } catch {
            state.withLock { $0.silent.subtract(fresh) }
            throw error
        }
    }

    private func lateJobs(_ now: Instant) throws -> Bool {
        let dialect = database.dialect
        return try database.inspectBlocking { try JobTable($0, dialect).hasLate(now: now) }
    }

    /// Gives jobs of silent workers back; those in their last attempt are discarded together with word to a person.
    private func reap(_ now: Instant) throws {
        let hook = onDiscard
        let count = try database.writeBlocking(superuser: true) { env in
            guard let table = JobTable(env) else { return 0 }
            for job in try table.lost(now: now) { try hook(job, "The worker fell silent in the last attempt.", env) }
            return try table.reap(now: now)
        }
        if count > 0 { tell(.reaped(count)) }
    }

    private func prune(_ now: Instant) throws {
        let (dialect, limit) = (database.dialect, now - options.keptDays * 86_400)
        try database.systemBlocking { _ = try JobTable($0, dialect).prune(before: limit) }
    }
}
