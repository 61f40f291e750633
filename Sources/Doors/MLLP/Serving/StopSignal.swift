import CSockets
import Glibc
import Kernel

/// Tells all threads of the door to stop, also those that wait for a socket.
final class StopSignal: Sendable {
    private let waker: Int32
    private let deadline = Locked<Int64?>(nil)

    init() { waker = sockets_waker() }

    deinit { if waker >= 0 { Glibc.close(waker) } }

    var isSet: Bool { deadline.withLock { $0 != nil } }

    /// When what is in hand must be finished, on `Milliseconds.now`'s clock.
    var graceEnds: Int64? { deadline.withLock { $0 } }

    func set(graceEnds: Int64) {
        deadline.withLock { $0 = $0 ?? graceEnds }
        var one: UInt64 = 1
        _ = Glibc.write(waker, &one, 8)
    }

    /// Waits until the socket is ready, the time is over, or the signal comes for the first time.
    ///
    /// - Returns: Whether the socket is ready.
    func wait(_ socket: Int32, for events: Int32, until end: Int64) -> Bool {
        let left = max(0, min(end - Milliseconds.now, 60_000))
        var watched = [pollfd(fd: socket, events: Int16(events), revents: 0), pollfd(fd: waker, events: Int16(POLLIN), revents: 0)]
        // Once set, the waker is always ready and would only wake in vain.
        let count = poll(&watched, isSet ? 1 : 2, Int32(left))
        return count > 0 && watched[0].revents != 0
    }
}

/// A clock that only moves on.
enum Milliseconds {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func after(_ seconds: Double) -> Int64 { now + Int64(seconds * 1_000) }
}
