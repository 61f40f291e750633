import Crypto

/// A place in a trace that may go through several programs.
///
/// Shape of the header `traceparent`: `00-<32 hex digits>-<16 hex digits>-<flags>`. Source: W3C Trace Context, level 1.
public struct TraceContext: Sendable, Hashable {
    /// The trace: 32 hexadecimal digits, not all zero.
    public let traceId: String
    /// The piece of work in it: 16 hexadecimal digits, not all zero.
    public let spanId: String
    /// Whether somebody keeps the trace.
    public let isSampled: Bool

    /// A place by its parts.
    public init(traceId: String, spanId: String, isSampled: Bool) {
        self.traceId = traceId
        self.spanId = spanId
        self.isSampled = isSampled
    }

    /// Reads a header; nil when it is none, as W3C wants it: then a new trace begins.
    public init?(traceparent text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D else { return nil }
        let (version, trace, span, flags) = (bytes[0..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55])
        guard [version, trace, span, flags].allSatisfy({ $0.allSatisfy(TraceContext.isDigit) }) else { return nil }
        // A later version may say more behind it; version 255 is forbidden.
        let isFirst = version.allSatisfy { $0 == 0x30 }
        guard isFirst ? bytes.count == 55 : bytes.count == 55 || bytes[55] == 0x2D, !version.allSatisfy({ $0 == 0x66 }) else { return nil }
        guard trace.contains(where: { $0 != 0x30 }), span.contains(where: { $0 != 0x30 }) else { return nil }
        traceId = String(decoding: trace, as: UTF8.self)
        spanId = String(decoding: span, as: UTF8.self)
        isSampled = (flags.last.map(TraceContext.value) ?? 0) & 1 == 1
    }

    /// The header that hands this place on.
    public var traceparent: String { "00-\(traceId)-\(spanId)-0\(isSampled ? 1 : 0)" }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    private static func value(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
}

/// What is known about the work of the present task: its request and its place in a trace.
public struct Trace: Sendable {
    /// The place.
    public let context: TraceContext
    /// The request's id, as the caller gave it or as it was made up; empty where no request is.
    public let requestId: String

    /// Who begins further spans; nil where nobody keeps any.
    public let tracer: Tracer?

    /// What a task works for.
    public init(context: TraceContext, requestId: String, tracer: Tracer? = nil) {
        self.context = context
        self.requestId = requestId
        self.tracer = tracer
    }

    /// What the present task works for; nil where nobody asked for it.
    @TaskLocal public static var current: Trace?

    /// The member of a job's payload that holds the place at which it was made.
    public static let jobMember = "traceparent"
}
