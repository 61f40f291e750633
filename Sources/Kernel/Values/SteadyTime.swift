#if canImport(Glibc)
import Glibc
#endif

/// Waiting with a limit on a clock that nobody sets: on the wall clock, a clock that is set back by an hour would make every wait an hour longer.
public enum SteadyTime {
    /// Makes a condition variable whose timed waits go by the steady clock.
    public static func initialize(_ condition: UnsafeMutablePointer<pthread_cond_t>) {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    /// Seconds of the steady clock.
    public static var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    /// The moment so many seconds from now, as `pthread_cond_timedwait` wants it for such a condition variable.
    public static func moment(in seconds: Double) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = Double(now.tv_nsec) + max(0, seconds) * 1e9
        return timespec(tv_sec: now.tv_sec + Int(nanoseconds / 1e9), tv_nsec: Int(nanoseconds.truncatingRemainder(dividingBy: 1e9)))
    }
}
