import Glibc
import JSON
import Kernel

/// The program's log on standard error: a static message and dotted metadata, never a patient's data.
///
/// Shape: one JSON object a line, `{"at":…,"level":…,"message":…,"store.path":…}`; on a terminal a line for people.
package struct Log: Sendable {
    /// How much is said.
    package enum Level: String, CaseIterable, Sendable, Comparable {
        case debug, info, warning, error

        private var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    package let level: Level
    private let clock: any WallClock
    private let isForPeople: Bool

    package init(level: Level, clock: any WallClock = SystemClock()) {
        self.level = level
        self.clock = clock
        isForPeople = isatty(STDERR_FILENO) == 1
    }

    package func debug(_ message: StaticString, _ metadata: LogMetadata = [:]) { write(.debug, message, metadata) }
    package func info(_ message: StaticString, _ metadata: LogMetadata = [:]) { write(.info, message, metadata) }
    package func warning(_ message: StaticString, _ metadata: LogMetadata = [:]) { write(.warning, message, metadata) }
    package func error(_ message: StaticString, _ metadata: LogMetadata = [:]) { write(.error, message, metadata) }

    private func write(_ level: Level, _ message: StaticString, _ metadata: LogMetadata) {
        guard level >= self.level else { return }
        var metadata = metadata
        if let trace = Trace.current {
            let request = trace.requestId.isEmpty ? [:] : ["request.id": trace.requestId]
            metadata = metadata.adding(request).adding(["trace.id": trace.context.traceId])
        }
        let at = clock.now.iso8601
        if isForPeople {
            let tail = metadata.items.map { "  \($0.key)=\($0.value)" }.joined()
            Output.write(Array("\(at)  \(level.rawValue.padded(to: 7))  \(message)\(tail)\n".utf8), to: STDERR_FILENO)
            return
        }
        var object: JSONObject = ["at": .string(at), "level": .string(level.rawValue), "message": .string("\(message)")]
        for (key, value) in metadata.items { object[key] = .string(value) }
        Output.write(JSON.object(object).serialized() + [0x0A], to: STDERR_FILENO)
    }
}

/// Dotted names and values in the order written: `["http.port": "8069"]`.
package struct LogMetadata: ExpressibleByDictionaryLiteral, Sendable {
    package let items: [(key: String, value: String)]

    package init(dictionaryLiteral elements: (String, String)...) { items = elements.map { (key: $0.0, value: $0.1) } }

    private init(items: [(key: String, value: String)]) { self.items = items }

    /// With more items behind, by name.
    package func adding(_ more: [String: String]) -> LogMetadata {
        LogMetadata(items: items + more.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
    }
}
