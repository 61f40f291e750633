import Glibc

/// Waits for the system's request to stop: SIGTERM or SIGINT. A second request ends the process at once.
package enum StopSignal {
    /// Must be called before other threads start.
    package static func prepare() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "the system gives no pipe")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stopPipe.read = ends[0]
        stopPipe.write = ends[1]
        // Handlers and not a mask: children that are started later must not inherit that these signals are blocked.
        signal(SIGTERM, noteStop)
        signal(SIGINT, noteStop)
        signal(SIGPIPE, SIG_IGN)
        // Whoever started this process may have blocked them on its own thread; a child inherits that.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        sigaddset(&wanted, SIGTERM)
        sigaddset(&wanted, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }

    /// Blocks this thread until the request comes.
    package static func wait() {
        var byte: UInt8 = 0
        while read(stopPipe.read, &byte, 1) < 0 && errno == EINTR {}
    }
}

/// Both ends of the pipe through which the handler speaks; set once before any signal can come.
private struct StopPipe {
    var read: Int32 = -1
    var write: Int32 = -1
    var hasStopped = false
}

// A signal handler sees nothing but globals; the pipe is set before handlers exist and the flag is the handler's own.
nonisolated(unsafe) private var stopPipe = StopPipe()

// At file scope, so that no actor's isolation sticks to the C callback.
private func noteStop(_ number: Int32) {
    if stopPipe.hasStopped { _exit(128 + number) }
    stopPipe.hasStopped = true
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(stopPipe.write, &byte, 1)
}
