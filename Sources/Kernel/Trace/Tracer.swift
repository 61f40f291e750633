import Crypto

#if canImport(Glibc)
import Glibc
#endif

/// A piece of work that has ended, for whoever keeps traces. It holds no patient data.
public struct Span: Sendable {
    /// What sort of work it was, as OpenTelemetry counts them.
    public enum Kind: Int, Sendable {
        case `internal` = 1, server, client, producer, consumer
    }

    /// Its place; `parent` is empty where it begins the trace.
    public let context: TraceContext
    /// The span that it belongs to.
    public let parent: String
    /// What was done: `POST /fhir/{path*}`.
    public let name: String
    /// What sort of work it was.
    public let kind: Kind
    /// Nanoseconds since 1970 at its beginning and at its end.
    public let start: UInt64, end: UInt64
    /// Dotted names and values.
    public let attributes: [(name: String, value: SpanValue)]
    /// Whether it failed.
    public let isFailed: Bool
}

/// A value of a span's attribute.
public enum SpanValue: Sendable, Hashable {
    case text(String), int(Int)
}

/// Begins spans and hands those that have ended to whoever keeps them.
public final class Tracer: Sendable {
    /// Told of each span that is kept; it must be quick.
    public typealias Sink = @Sendable (Span) -> Void

    private let sink: Sink?
    private let percent: Int
    private let ids: any RandomSource
    private let now: @Sendable () -> UInt64

    /// A tracer.
    ///
    /// - Parameters:
    ///   - percent: How many of a hundred new traces are kept; a caller's own choice counts first.
    ///   - ids: Where ids come from; they are no secrets.
    ///   - now: Nanoseconds since 1970.
    ///   - sink: Takes ended spans; nil keeps none.
    public init(
        percent: Int = 100, ids: any RandomSource = SeededRandomSource(seed: SystemRandomSource().word()),
        now: @escaping @Sendable () -> UInt64 = Tracer.machineTime, sink: Sink? = nil
    ) {
        self.percent = percent
        self.ids = ids
        self.now = now
        self.sink = sink
    }

    /// Begins a piece of work below a parent, or a trace of its own.
    public func begin(_ name: String, _ kind: Span.Kind, parent: TraceContext?) -> OpenSpan {
        let context =
            if let parent {
                TraceContext(traceId: parent.traceId, spanId: hex(8), isSampled: parent.isSampled)
            } else {
                TraceContext(traceId: hex(16), spanId: hex(8), isSampled: sink != nil && isChosen)
            }
        return OpenSpan(tracer: self, context: context, parent: parent?.spanId ?? "", name: name, kind: kind, start: now())
    }

    /// A name for a request whose caller gave none: 16 hexadecimal digits.
    public func makeRequestId() -> String { hex(8) }

    private var isChosen: Bool { percent >= 100 || percent > 0 && ids.number(below: 100) < percent }

    /// Digits that are not all zero.
    private func hex(_ bytes: Int) -> String {
        while true {
            let random = ids.bytes(bytes)
            if random.contains(where: { $0 != 0 }) { return Hex.encode(random) }
        }
    }

    fileprivate func end(_ span: OpenSpan, isFailed: Bool, _ attributes: [(name: String, value: SpanValue)]) {
        guard let sink, span.context.isSampled else { return }
        sink(
            Span(
                context: span.context, parent: span.parent, name: span.name, kind: span.kind, start: span.start,
                end: max(span.start, now()), attributes: attributes, isFailed: isFailed))
    }

    /// Whether anybody keeps spans.
    public var isKeeping: Bool { sink != nil }

    /// Nanoseconds on a clock that nobody sets, for how long something takes.
    public static func steadyTime() -> UInt64 {
        var spec = timespec()
        clock_gettime(CLOCK_MONOTONIC, &spec)
        return UInt64(spec.tv_sec) * 1_000_000_000 + UInt64(spec.tv_nsec)
    }

    /// The machine's clock.
    public static let machineTime: @Sendable () -> UInt64 = {
        var spec = timespec()
        clock_gettime(CLOCK_REALTIME, &spec)
        return UInt64(spec.tv_sec) * 1_000_000_000 + UInt64(spec.tv_nsec)
    }
}

/// A piece of work that goes on.
public struct OpenSpan: Sendable {
    private let tracer: Tracer
    /// Its place, for what it hands on.
    public let context: TraceContext
    fileprivate let parent: String
    /// What is done.
    public var name: String
    fileprivate let kind: Span.Kind
    fileprivate let start: UInt64

    fileprivate init(tracer: Tracer, context: TraceContext, parent: String, name: String, kind: Span.Kind, start: UInt64) {
        self.tracer = tracer
        self.context = context
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
    }

    /// It has ended.
    public func end(isFailed: Bool = false, _ attributes: [(name: String, value: SpanValue)] = []) {
        tracer.end(self, isFailed: isFailed, attributes)
    }
}
