import Foundation
import Glibc
import Kernel
import Store

/// Carries ended spans to a collector by OTLP over HTTP, from a thread of its own.
///
/// The queue is bounded: a collector that is slow or away costs spans, which are counted, and never a request.
public final class TraceExporter: @unchecked Sendable {
    /// How the exporter works.
    public struct Options: Sendable {
        /// Where the collector is, with the path of its traces.
        public var url: String
        /// Headers for it, such as its key.
        public var headers: [(name: String, value: String)]
        /// Names and values of this process: `service.name` and the like.
        public var resource: [(name: String, value: String)]
        /// The most spans that wait; more are dropped.
        public var queueLimit = 4_096
        /// The most spans of one call.
        public var batchLimit = 512
        /// Seconds between two calls when few spans come.
        public var interval = 2.0
        /// How often a batch is sent while the collector says that it may do better later.
        public var attempts = 3
        /// Seconds that one call may take.
        public var callSeconds = 5

        /// The usual options. An endpoint without a path gets `/v1/traces`, as OpenTelemetry's exporters do it.
        public init(endpoint: String, headers: [(name: String, value: String)] = [], resource: [(name: String, value: String)]) {
            let base = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
            url = base.hasSuffix("/v1/traces") ? base : base + "/v1/traces"
            self.headers = headers
            self.resource = resource
        }
    }

    /// What became of spans so far.
    public struct Counts: Sendable, Equatable {
        /// Taken by the collector.
        public var sent = 0
        /// Given up: the queue was full, or the collector did not take them.
        public var dropped = 0
        /// Waiting now.
        public var waiting = 0
    }

    private struct State {
        var queue: [Span] = []
        var counts = Counts()
        var isStopping = false
        var isEnded = false
    }

    private let options: Options
    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// An exporter that sends nothing before `start()`.
    public init(_ options: Options) {
        self.options = options
        pthread_mutex_init(mutex, nil)
        SteadyTime.initialize(changed)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// What became of spans so far.
    public var counts: Counts {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var counts = state.counts
        counts.waiting = state.queue.count
        return counts
    }

    /// Takes an ended span; never waits.
    public func take(_ span: Span) {
        pthread_mutex_lock(mutex)
        let isFull = state.queue.count >= options.queueLimit || state.isStopping
        if isFull { state.counts.dropped += 1 } else { state.queue.append(span) }
        let isDue = state.queue.count == options.batchLimit
        pthread_mutex_unlock(mutex)
        if isDue { pthread_cond_broadcast(changed) }
    }

    /// Begins to send.
    public func start() { OwnThread.start("traces") { [self] in loop() } }

    /// Sends what waits, for at most so many seconds, and ends the thread.
    public func stop(graceSeconds: Double) {
        pthread_mutex_lock(mutex)
        state.isStopping = true
        pthread_cond_broadcast(changed)
        var deadline = SteadyTime.moment(in: graceSeconds)
        while !state.isEnded { if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break } }
        pthread_mutex_unlock(mutex)
    }

    private func loop() {
        while let batch = next() { send(batch) }
        pthread_mutex_lock(mutex)
        state.isEnded = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// The next batch, when it is full or its time has come; nil at the end.
    private func next() -> [Span]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            var deadline = SteadyTime.moment(in: options.interval)
            while state.queue.count < options.batchLimit, !state.isStopping {
                if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
            }
            if !state.queue.isEmpty {
                let batch = Array(state.queue.prefix(options.batchLimit))
                state.queue.removeFirst(batch.count)
                return batch
            }
            if state.isStopping { return nil }
        }
    }

    private func send(_ batch: [Span]) {
        let call = HTTPCall(
            "POST", options.url, headers: [("Content-Type", "application/json")] + options.headers,
            body: OTLP.request(batch, resource: options.resource), seconds: options.callSeconds)
        for attempt in 1...max(1, options.attempts) {
            let status = (try? call.perform())?.status ?? 0
            if (200...299).contains(status) { return count(batch.count, isSent: true) }
            // What the collector refuses for good does not get better; a process that ends does not wait.
            let isTemporary = [0, 429, 502, 503, 504].contains(status)
            guard isTemporary, attempt < options.attempts, !isStopping else { break }
            usleep(UInt32(min(1 << attempt, 8)) * 100_000)
        }
        count(batch.count, isSent: false)
    }

    private var isStopping: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return state.isStopping
    }

    private func count(_ spans: Int, isSent: Bool) {
        pthread_mutex_lock(mutex)
        if isSent { state.counts.sent += spans } else { state.counts.dropped += spans }
        pthread_mutex_unlock(mutex)
    }
}
