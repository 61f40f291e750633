import CSQLite
import Glibc
import Kernel
import Store

/// The one thread that writes: work that waits becomes savepoints of one transaction, answered after its commit is on disk.
final class SQLiteWriter: @unchecked Sendable {
    private struct State {
        var queue: [WriteWork] = []
        var closing = false
        var ended = false
        var commits = 0
    }

    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let options: SQLiteOptions
    // Touched by the writer's thread alone.
    private let connection: SQLiteConnection
    private var gathering = CommitGathering()
    private let thread = Locked<pthread_t?>(nil)
    private let othersWrote = Hook<Void>()

    init(_ connection: sending SQLiteConnection, _ options: SQLiteOptions) {
        self.connection = connection
        self.options = options
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(wakeUp)
        OwnThread.start("writer") { [self] in loop() }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wakeUp)
        mutex.deallocate()
        wakeUp.deallocate()
    }

    var isCurrent: Bool {
        let own = pthread_self()
        return thread.withLock { $0.map { pthread_equal($0, own) != 0 } ?? false }
    }

    /// Has a body called on the writer's thread when another process has written, before the next work sees it.
    func onOthers(_ body: @escaping @Sendable () -> Void) { othersWrote.set { _ in body() } }

    func submit(_ work: WriteWork) {
        pthread_mutex_lock(mutex)
        let refusal: Refusal? =
            if state.closing { .closed() } else if state.queue.count >= options.queueLimit {
                .busy("\(options.queueLimit) units of work wait for the disk already.")
            } else { nil }
        if refusal == nil { state.queue.append(work) }
        pthread_mutex_unlock(mutex)
        if let refusal { return work.done(refusal) }
        pthread_cond_broadcast(wakeUp)
    }

    /// Units of work that wait, and commits so far.
    var load: (waiting: Int, commits: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return (state.queue.count, state.commits)
    }

    /// Counts a commit; gives how many units wait by now.
    private func countCommit() -> Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        state.commits += 1
        return state.queue.count
    }

    /// Finishes what waits, writes the log into the database file and ends the thread.
    func close() {
        pthread_mutex_lock(mutex)
        state.closing = true
        pthread_cond_broadcast(wakeUp)
        while !state.ended { pthread_cond_wait(wakeUp, mutex) }
        pthread_mutex_unlock(mutex)
    }

    private func loop() {
        thread.withLock { $0 = pthread_self() }
        while let group = next() { commit(group) }
        try? connection.execute("PRAGMA optimize")
        try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.forgetStatements()
        pthread_mutex_lock(mutex)
        state.ended = true
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(mutex)
    }

    private func next() -> [WriteWork]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while state.queue.isEmpty {
            if state.closing { return nil }
            pthread_cond_wait(wakeUp, mutex)
        }
        return take(options.groupLimit)
    }

    /// What came for a group that holds `count` units already, waited for as long as it is worth while; nothing to commit now.
    private func more(than count: Int) -> [WriteWork] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while state.queue.isEmpty {
            guard !state.closing, let end = gathering.patience(with: count, now: SteadyTime.seconds) else { return [] }
            var until = SteadyTime.moment(in: end - SteadyTime.seconds)
            if pthread_cond_timedwait(wakeUp, mutex, &until) == ETIMEDOUT { break }
        }
        return take(options.groupLimit - count)
    }

    /// The first of the queue; the mutex is held.
    private func take(_ limit: Int) -> [WriteWork] {
        let count = min(state.queue.count, limit)
        let group = Array(state.queue[..<count])
        if count == state.queue.count { state.queue = [] } else { state.queue.removeFirst(count) }
        return group
    }

    /// Runs a group and answers everybody. When SQLite gives the transaction up, those that ran fail and the rest begin anew.
    private func commit(_ group: [WriteWork]) {
        var rest = group[...]
        while !rest.isEmpty {
            var outcomes: [(WriteWork, (any Error)?)] = []
            do {
                try connection.run("BEGIN IMMEDIATE")
                if try connection.noticeOthers() { othersWrote(()) }
                let alone = rest.count == 1 && gathering.patience(with: 1, now: SteadyTime.seconds) == nil
                repeat {
                    while let work = rest.popFirst() {
                        outcomes.append((work, run(work, alone: alone)))
                        if connection.isOutsideTransaction { break }
                    }
                    if alone || connection.isOutsideTransaction { break }
                    rest = more(than: outcomes.count)[...]
                } while !rest.isEmpty
                try end(&outcomes)
            } catch {
                abandon(&outcomes, error)
                if outcomes.isEmpty, let work = rest.popFirst() { outcomes.append((work, plain(error))) }
            }
            for (work, failure) in outcomes { work.done(failure) }
        }
    }

    /// Runs one piece of work in its savepoint; gives the reason when it was undone.
    private func run(_ work: WriteWork, alone: Bool) -> (any Error)? {
        do {
            if !alone { try connection.run("SAVEPOINT unit") }
            do {
                try work.run(connection)
                try connection.checkDeferred()
                if !alone { try connection.run("RELEASE unit") }
                return nil
            } catch {
                // SQLite may have ended the whole transaction: then there is no savepoint to go back to.
                if connection.isOutsideTransaction { return plain(error) }
                try connection.run(alone ? "ROLLBACK" : "ROLLBACK TO unit")
                if !alone { try connection.run("RELEASE unit") }
                return plain(error)
            }
        } catch {
            return plain(error)
        }
    }

    private func end(_ outcomes: inout [(WriteWork, (any Error)?)]) throws {
        if connection.isOutsideTransaction {
            // A lone unit that failed was rolled back; otherwise SQLite gave up and took every unit of the group with it.
            let reason = outcomes.last?.1 ?? Refusal.full()
            for index in outcomes.indices where outcomes[index].1 == nil { outcomes[index].1 = reason }
            return
        }
        if outcomes.allSatisfy({ $0.1 != nil }) {
            try connection.run("ROLLBACK")
        } else {
            let begin = SteadyTime.seconds
            try connection.run("COMMIT")
            gathering.committed(outcomes.count, from: begin, to: SteadyTime.seconds, waiting: countCommit())
        }
    }

    private func abandon(_ outcomes: inout [(WriteWork, (any Error)?)], _ error: any Error) {
        if !connection.isOutsideTransaction { try? connection.execute("ROLLBACK") }
        let reason = plain(error)
        for index in outcomes.indices where outcomes[index].1 == nil { outcomes[index].1 = reason }
    }

    private func plain(_ error: any Error) -> any Error { (error as? SQLFailure)?.refusal(nil) ?? error }
}
