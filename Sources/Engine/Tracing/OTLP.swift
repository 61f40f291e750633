import JSON
import Kernel

/// Spans as a collector takes them. Source: OTLP 1.x, the JSON encoding of `ExportTraceServiceRequest`: ids in hexadecimal digits, 64-bit
/// numbers as texts.
enum OTLP {
    static func request(_ spans: [Span], resource: [(name: String, value: String)]) -> [UInt8] {
        let attributes = resource.map { attribute($0.name, .text($0.value)) }
        let scope: JSON = ["scope": ["name": "baton"], "spans": .array(spans.map(span))]
        let whole: JSON = [
            "resourceSpans": [["resource": ["attributes": .array(attributes)], "scopeSpans": [scope]]]
        ]
        return whole.serialized()
    }

    private static func span(_ span: Span) -> JSON {
        var members: JSONObject = ["traceId": .string(span.context.traceId), "spanId": .string(span.context.spanId)]
        if !span.parent.isEmpty { members["parentSpanId"] = .string(span.parent) }
        members["name"] = .string(span.name)
        members["kind"] = JSON(span.kind.rawValue)
        members["startTimeUnixNano"] = .string(String(span.start))
        members["endTimeUnixNano"] = .string(String(span.end))
        members["attributes"] = .array(span.attributes.map { attribute($0.name, $0.value) })
        members["status"] = span.isFailed ? ["code": 2] : [:]
        return .object(members)
    }

    private static func attribute(_ name: String, _ value: SpanValue) -> JSON {
        switch value {
        case .text(let text): ["key": .string(name), "value": ["stringValue": .string(text)]]
        case .int(let int): ["key": .string(name), "value": ["intValue": .string(String(int))]]
        }
    }
}
