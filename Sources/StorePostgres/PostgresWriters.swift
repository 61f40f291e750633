import Glibc
import Kernel
import Store

/// The threads that write, each with a connection of its own: work waits in one queue and whoever is free takes it.
final class PostgresWriters: @unchecked Sendable {
    private struct State {
        var queue = WaitingLine<WriteWork>()
        var closing = false
        var running = 0
        var commits = 0
    }

    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let options: PostgresOptions
    private let runner: PostgresRunner
    private let presence: PostgresPresence

    init(_ runner: PostgresRunner, _ options: PostgresOptions, _ presence: PostgresPresence) {
        self.runner = runner
        self.options = options
        self.presence = presence
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakeUp, nil)
        state.running = options.writers
        for number in 0..<options.writers { OwnThread.start("writer \(number)") { [self] in loop() } }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wakeUp)
        mutex.deallocate()
        wakeUp.deallocate()
    }

    private static let mark: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Whether this thread is a writer's.
    static var isCurrent: Bool { pthread_getspecific(mark) != nil }

    func submit(_ work: WriteWork) {
        pthread_mutex_lock(mutex)
        let refusal: Refusal? =
            if state.closing { .closed() } else if presence.isGivenUp {
                .unreachable(PostgresPresence.reason)
            } else if state.queue.count >= options.queueLimit {
                .busy("\(options.queueLimit) units of work wait for the database already.")
            } else { nil }
        if refusal == nil { state.queue.append(work) }
        pthread_mutex_unlock(mutex)
        if let refusal { return work.done(refusal) }
        pthread_cond_signal(wakeUp)
    }

    /// Refuses what waits for a writer: the server has been silent for too long.
    func refuseWaiting() {
        var waiting: [WriteWork] = []
        pthread_mutex_lock(mutex)
        while let work = state.queue.popFirst() { waiting.append(work) }
        pthread_mutex_unlock(mutex)
        for work in waiting { work.done(Refusal.unreachable(PostgresPresence.reason)) }
    }

    /// Units of work that wait, and those that were kept so far.
    var load: (waiting: Int, commits: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return (state.queue.count, state.commits)
    }

    private func perform(_ work: WriteWork) {
        let failure = runner.perform(work)
        if failure == nil {
            pthread_mutex_lock(mutex)
            state.commits += 1
            pthread_mutex_unlock(mutex)
        }
        work.done(failure)
    }

    /// Finishes what waits and ends the threads.
    func close() {
        pthread_mutex_lock(mutex)
        state.closing = true
        pthread_cond_broadcast(wakeUp)
        while state.running > 0 { pthread_cond_wait(wakeUp, mutex) }
        pthread_mutex_unlock(mutex)
    }

    private func loop() {
        pthread_setspecific(PostgresWriters.mark, UnsafeRawPointer(bitPattern: 1))
        while let work = next() { perform(work) }
        pthread_mutex_lock(mutex)
        state.running -= 1
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(mutex)
    }

    private func next() -> WriteWork? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let work = state.queue.popFirst() { return work }
            if state.closing { return nil }
            pthread_cond_wait(wakeUp, mutex)
        }
    }
}
