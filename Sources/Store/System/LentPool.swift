import Glibc
import Kernel

/// Things that threads borrow and give back, up to a limit: connections of a driver. A thread that finds none free makes one or waits.
package final class LentPool<Thing>: @unchecked Sendable {
    private struct State {
        var free: [Thing] = []
        var made = 0
        var closed = false
    }

    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let freed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private let waitSeconds: Int
    private let busy: String
    private let make: () throws -> Thing

    /// An empty pool.
    ///
    /// - Parameters:
    ///   - limit: The most things at a time.
    ///   - waitSeconds: How long a thread waits for one before `store.busy`.
    ///   - busy: What that says.
    ///   - make: Makes one; called without the pool's lock.
    package init(limit: Int, waitSeconds: Int, busy: String, make: @escaping () throws -> Thing) {
        self.limit = limit
        self.waitSeconds = waitSeconds
        self.busy = busy
        self.make = make
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(freed)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(freed)
        mutex.deallocate()
        freed.deallocate()
    }

    /// One for this thread alone, until `give` or `drop`.
    ///
    /// - Throws: What `make` throws; `store.busy`, `store.closed`.
    package func take() throws -> Thing {
        if let free = try freeOne() { return free }
        do { return try make() } catch {
            drop()
            throw error
        }
    }

    /// Gives one back.
    package func give(_ thing: Thing) {
        pthread_mutex_lock(mutex)
        if state.closed { state.made -= 1 } else { state.free.append(thing) }
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(freed)
    }

    /// One that was taken is thrown away.
    package func drop() {
        pthread_mutex_lock(mutex)
        state.made -= 1
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(freed)
    }

    /// How much of it is lent and free, under a name.
    package func load(_ name: String) -> StoreLoad.Pool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return StoreLoad.Pool(name: name, busy: state.made - state.free.count, free: state.free.count, limit: limit)
    }

    /// Lets go of all that are free; those that are lent go when they come back.
    package func close() {
        pthread_mutex_lock(mutex)
        state.closed = true
        state.made -= state.free.count
        state.free.removeAll()
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(freed)
    }

    /// A free one, or nil when the caller may make one.
    private func freeOne() throws -> Thing? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = SteadyTime.moment(in: Double(waitSeconds))
        while true {
            if state.closed { throw Refusal.closed() }
            if let free = state.free.popLast() { return free }
            if state.made < limit {
                state.made += 1
                return nil
            }
            if pthread_cond_timedwait(freed, mutex, &deadline) == ETIMEDOUT { throw Refusal.busy(busy) }
        }
    }
}
