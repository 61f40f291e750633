import Glibc

/// Lets one thread sleep until it is woken or its time is over. A call that comes before the sleep is not lost.
final class WakeUp: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let called = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isCalled = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(called, nil)
    }

    deinit {
        pthread_cond_destroy(called)
        pthread_mutex_destroy(mutex)
        called.deallocate()
        mutex.deallocate()
    }

    func call() {
        pthread_mutex_lock(mutex)
        isCalled = true
        pthread_cond_signal(called)
        pthread_mutex_unlock(mutex)
    }

    func wait(seconds: Double) {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        let nanoseconds = Double(end.tv_nsec) + max(0, seconds) * 1e9
        end.tv_sec += Int(nanoseconds / 1e9)
        end.tv_nsec = Int(nanoseconds.truncatingRemainder(dividingBy: 1e9))
        pthread_mutex_lock(mutex)
        while !isCalled, pthread_cond_timedwait(called, mutex, &end) == 0 {}
        isCalled = false
        pthread_mutex_unlock(mutex)
    }
}
