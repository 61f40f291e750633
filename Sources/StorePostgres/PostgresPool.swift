import Glibc
import Kernel
import Store

/// Connections that wait for work, up to a limit; a thread that finds none free makes one or waits.
final class PostgresPool: @unchecked Sendable {
    private struct State {
        var free: [PostgresConnection] = []
        var opened = 0
        var closed = false
    }

    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let freed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let address: PostgresAddress
    private let options: PostgresOptions
    private let limit: Int

    init(_ address: PostgresAddress, _ options: PostgresOptions, limit: Int) {
        self.address = address
        self.options = options
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(freed)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(freed)
        mutex.deallocate()
        freed.deallocate()
    }

    /// A connection for this thread alone, until `give`.
    ///
    /// - Throws: `SQLFailure` of the kind `lost` when the server cannot be reached; `store.busy`, `store.closed`.
    func take() throws -> PostgresConnection {
        while let free = try freeOne() { if free.link.isAlive { return free } else { drop() } }
        do { return try PostgresConnection(address, options) } catch {
            drop()
            throw error
        }
    }

    /// Gives a connection back; one that was lost is thrown away.
    func give(_ connection: PostgresConnection) {
        guard !connection.link.isLost else { return drop() }
        pthread_mutex_lock(mutex)
        if state.closed { state.opened -= 1 } else { state.free.append(connection) }
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(freed)
    }

    func load(_ name: String) -> StoreLoad.Pool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return StoreLoad.Pool(name: name, busy: state.opened - state.free.count, free: state.free.count, limit: limit)
    }

    func close() {
        pthread_mutex_lock(mutex)
        state.closed = true
        state.free.removeAll()
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(freed)
    }

    private func drop() {
        pthread_mutex_lock(mutex)
        state.opened -= 1
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(freed)
    }

    /// A free connection, or nil when the caller may make one.
    private func freeOne() throws -> PostgresConnection? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = SteadyTime.moment(in: Double(options.waitSeconds))
        while true {
            if state.closed { throw Refusal.closed() }
            if let free = state.free.popLast() { return free }
            if state.opened < limit {
                state.opened += 1
                return nil
            }
            if pthread_cond_timedwait(freed, mutex, &deadline) == ETIMEDOUT {
                throw Refusal.busy("All \(limit) connections to the database are busy.")
            }
        }
    }
}
