import Glibc
import Kernel

/// Lets one thread sleep until it is woken or its time is over. A call that comes before the sleep is not lost.
final class WakeUp: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let called = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isCalled = false

    init() {
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(called)
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
        var end = SteadyTime.moment(in: seconds)
        pthread_mutex_lock(mutex)
        while !isCalled, pthread_cond_timedwait(called, mutex, &end) == 0 {}
        isCalled = false
        pthread_mutex_unlock(mutex)
    }
}
