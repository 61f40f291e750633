import Engine
import Foundation
import Glibc

/// Where traces go, and how many of them.
package struct TracingConfiguration: Sendable {
    package let endpoint: String
    package let headers: [(name: String, value: String)]
    package let percent: Int

    /// What the settings say; nil when no collector is named.
    package init?(_ arguments: Arguments) throws {
        percent = try arguments.number("trace-percent", in: 0...100) ?? 100
        headers = try arguments.list("otlp-headers").map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.first?.trimmingCharacters(in: .whitespaces) ?? ""
            let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
            guard parts.count == 2, isName, parts[1].utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw UsageMistake("`--otlp-headers` must be NAME=value, separated by commas.")
            }
            return (name, parts[1])
        }
        guard let endpoint = arguments.text("otlp-endpoint") else { return nil }
        guard let parts = URLComponents(string: endpoint), ["http", "https"].contains(parts.scheme ?? ""), parts.host?.isEmpty == false,
            parts.user == nil, parts.query == nil
        else { throw UsageMistake("`--otlp-endpoint` must be an address such as http://collector:4318.") }
        self.endpoint = endpoint
    }

    /// What carries the spans away.
    package var exporter: TraceExporter {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return TraceExporter(
            TraceExporter.Options(
                endpoint: endpoint, headers: headers,
                resource: [
                    ("service.name", "baton"), ("service.version", ProgramVersion.text), ("service.instance.id", "\(host):\(getpid())"),
                    ("host.name", host),
                ]))
    }
}
