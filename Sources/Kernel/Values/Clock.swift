#if canImport(Glibc)
import Glibc
#endif

/// Tells the time; a parameter everywhere, so that a test or a simulation can turn it.
public protocol WallClock: Sendable {
    /// The present moment.
    var now: Instant { get }
}

/// The machine's clock.
public struct SystemClock: WallClock {
    /// The machine's clock.
    public init() {}

    public var now: Instant {
        var spec = timespec()
        clock_gettime(CLOCK_REALTIME, &spec)
        return Instant(seconds: spec.tv_sec)
    }
}

/// A clock that stands still until it is told to move.
public final class ManualClock: WallClock {
    private let moment: Locked<Instant>

    /// A clock that shows one moment.
    public init(_ start: Instant) { moment = Locked(start) }

    public var now: Instant { moment.withLock { $0 } }

    /// Moves the clock on; a negative number moves it back.
    public func advance(seconds: Int) { moment.withLock { $0 = $0 + seconds } }

    /// Moves the clock on by whole days.
    public func advance(days: Int) { advance(seconds: days * 86_400) }
}
