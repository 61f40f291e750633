import Glibc
import Kernel
import Store

/// Connections that read: each body sees one snapshot, on the caller's thread.
final class SQLiteReaders: @unchecked Sendable {
    private struct State {
        var free: [SQLiteConnection] = []
        var opened = 0
        var closed = false
    }

    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let freed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let path: String
    private let options: SQLiteOptions

    init(path: String, _ options: SQLiteOptions) {
        self.path = path
        self.options = options
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(freed)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(freed)
        mutex.deallocate()
        freed.deallocate()
    }

    func withSnapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result {
        let connection = try take()
        defer { give(connection) }
        do {
            try connection.run("BEGIN")
            defer { _ = try? connection.run("COMMIT") }
            return try body(connection)
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    var load: StoreLoad.Pool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return StoreLoad.Pool(
            name: "readers", busy: state.opened - state.free.count, free: state.free.count, limit: options.readers)
    }

    func close() {
        pthread_mutex_lock(mutex)
        state.closed = true
        state.free.removeAll()
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(freed)
    }

    private func take() throws -> SQLiteConnection {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = SteadyTime.moment(in: Double(options.readerWaitSeconds))
        while true {
            if state.closed { throw Refusal.closed() }
            if let free = state.free.popLast() { return free }
            if state.opened < options.readers {
                let connection = try SQLiteConnection(path: path, readOnly: true)
                try connection.execute(options.pragmas(writer: false))
                state.opened += 1
                return connection
            }
            if pthread_cond_timedwait(freed, mutex, &deadline) == ETIMEDOUT {
                throw Refusal.busy("All \(options.readers) database readers are busy.")
            }
        }
    }

    private func give(_ connection: SQLiteConnection) {
        pthread_mutex_lock(mutex)
        if !state.closed { state.free.append(connection) }
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(freed)
    }
}
