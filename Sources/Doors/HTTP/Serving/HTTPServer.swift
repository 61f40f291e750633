import Glibc

/// An HTTP/1.1 server, with or without TLS.
///
/// It refuses what does not follow the standard to the letter and ends whatever takes too long; see
/// ``HTTPServerConfiguration`` for the limits. HTTP/2 is left to a proxy in front. A server that was started must be
/// stopped: its threads keep it alive.
public final class HTTPServer: Sendable {
    private enum State: Sendable {
        case fresh
        case running(Parts)
        case stopped
    }

    private struct Parts: Sendable {
        let loops: [EventLoop]
        let listener: Listener
        let load: ServerLoad
        /// The pool that this server made, and must stop.
        let ownWorkers: WorkerPool?
    }

    private let configuration: HTTPServerConfiguration
    private let handler: any HTTPHandler
    private let givenWorkers: (any TaskExecutor)?
    private let state = Locked(State.fresh)

    /// A server that is not yet started.
    ///
    /// - Parameter workers: The threads that run the handlers and may block, as those of a database, where a read then costs no
    ///   change of thread; nil makes a pool of `configuration.workers` threads.
    public init(configuration: HTTPServerConfiguration, handler: any HTTPHandler, workers: (any TaskExecutor)? = nil) {
        self.configuration = configuration
        self.handler = handler
        givenWorkers = workers
    }

    /// The port that is listened on; 0 unless the server is running.
    public var port: Int { state.withLock { if case .running(let parts) = $0 { parts.listener.port } else { 0 } } }

    /// The connections that are open now.
    public var connections: Int { state.withLock { if case .running(let parts) = $0 { parts.load.connections } else { 0 } } }

    /// Listens and begins to answer. Writing to a closed socket no longer ends the process (`SIGPIPE` is ignored).
    ///
    /// - Throws: `http.bad_address`, `http.address_in_use`, `http.cannot_listen`, `http.bad_certificate`, `http.no_thread`,
    ///   `http.no_poller` or `http.already_started`.
    public func start() throws(HTTPServerError) {
        guard case .fresh = state.withLock({ $0 }) else { throw .alreadyStarted }
        signal(SIGPIPE, SIG_IGN)
        let tls: TLSContext? = if let files = configuration.tls { try TLSContext(files) } else { nil }
        let ownWorkers: WorkerPool?
        let workers: any TaskExecutor
        if let givenWorkers {
            (ownWorkers, workers) = (nil, givenWorkers)
        } else {
            let pool = try WorkerPool(threads: configuration.workers)
            (ownWorkers, workers) = (pool, pool)
        }
        let load = ServerLoad(configuration)
        let listener = try Listener(configuration)
        var loops: [EventLoop] = []
        do throws(HTTPServerError) {
            for _ in 0..<max(1, configuration.loops) {
                loops.append(
                    try EventLoop(configuration, handler: handler, workers: workers, load: load, tls: tls, listener: listener))
            }
            for loop in loops { try startThread { loop.run() } }
        } catch {
            listener.close()
            throw error
        }
        let parts = Parts(loops: loops, listener: listener, load: load, ownWorkers: ownWorkers)
        state.withLock { $0 = .running(parts) }
    }

    /// Stops gracefully: takes no new connections, finishes the requests in flight, then closes everything.
    ///
    /// Endless streams are cut at once. What is not done after `graceSeconds` is cut too, its tasks are cancelled.
    public func stop(graceSeconds: Double = 10) async {
        let parts = state.withLock { state -> Parts? in
            guard case .running(let parts) = state else { return nil }
            state = .stopped
            return parts
        }
        guard let parts else { return }
        await parts.loops.tellAll { .drain($0) }
        parts.listener.close()
        let clock = ContinuousClock()
        let end = clock.now + .seconds(graceSeconds)
        while parts.load.connections > 0, clock.now < end { try? await clock.sleep(for: .milliseconds(10)) }
        await parts.loops.tellAll { .halt($0) }
        parts.ownWorkers?.stop()
    }
}

extension [EventLoop] {
    /// Tells all loops the same at one time and waits until each has done it.
    fileprivate func tellAll(_ message: (@escaping EventLoop.Done) -> EventLoop.Message) async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let missing = Locked(count)
            for loop in self {
                loop.post(
                    message {
                        let left = missing.withLock { count in
                            count -= 1
                            return count
                        }
                        if left == 0 { waiter.resume() }
                    })
            }
        }
    }
}
