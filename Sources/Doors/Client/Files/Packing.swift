import CZlib
import HTTPServer

/// Packing of what is sent.
enum Packing {
    /// Answers below this length are sent as they are.
    static let worthwhile = 1_024

    /// gzip's form of bytes; nil where it would not be shorter.
    static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        guard bytes.count >= worthwhile else { return nil }
        let packed = [UInt8](unsafeUninitializedCapacity: bytes.count) { room, count in
            count = bytes.withUnsafeBufferPointer { baton_gzip($0.baseAddress, $0.count, room.baseAddress, room.count, level) }
        }
        return packed.isEmpty ? nil : packed
    }

    /// Whether the client takes gzip's form.
    static func isTaken(by request: HTTPRequest) -> Bool { takes("gzip", request) }

    /// Whether the client takes Brotli's form.
    static func takesBrotli(_ request: HTTPRequest) -> Bool { takes("br", request) }

    private static func takes(_ coding: String, _ request: HTTPRequest) -> Bool {
        request.headers.tokens("Accept-Encoding").contains { token in
            let parts = token.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == coding else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && $0.dropFirst(3).allSatisfy { $0 == "." || $0 == "0" } }
        }
    }
}
