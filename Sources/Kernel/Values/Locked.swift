#if canImport(Glibc)
import Glibc
#endif

/// A value behind a mutex.
///
/// A `pthread` mutex rather than `Synchronization.Mutex`, because the thread sanitiser does not see the latter's futex.
public final class Locked<Content>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var content: Content

    /// Puts a value behind a mutex.
    public init(_ content: sending Content) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        self.content = content
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs the body while nobody else can; keep it short and never wait inside.
    @inline(__always)
    public func withLock<Result, Failure: Error>(_ body: (inout Content) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&content)
    }
}
