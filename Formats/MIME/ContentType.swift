/// A content type with its parameters, such as `text/plain; charset=utf-8`.
///
/// Source: RFC 9110 §8.3.1. Names are in lower case; values are as sent.
public struct ContentType: Sendable, Hashable {
    /// Type and subtype in lower case, for example `multipart/form-data`.
    public let essence: String
    /// The parameters by name; the first one counts when a name stands twice.
    public let parameters: [String: String]

    /// The longest text that is looked at, in bytes.
    public static let maxBytes = 4096

    /// Reads a header's value; nil when it is no content type.
    public init?(_ text: String) {
        guard text.utf8.count <= ContentType.maxBytes, let value = HeaderValue(text) else { return nil }
        let halves = value.value.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ HeaderValue.isToken($0.utf8) }) else { return nil }
        essence = value.value.lowercased()
        parameters = value.parameters
    }
}

/// A header's value with parameters: `form-data; name="document"; filename="a.pdf"`.
struct HeaderValue {
    let value: String
    let parameters: [String: String]

    /// nil when the text is not of this shape.
    init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        value = scanner.until(UInt8(ascii: ";"))
        guard !value.isEmpty else { return nil }
        var parameters: [String: String] = [:]
        while scanner.skip(UInt8(ascii: ";")) {
            scanner.skipSpace()
            if scanner.isAtEnd { break }
            let name = scanner.until(UInt8(ascii: "=")).lowercased()
            guard HeaderValue.isToken(name.utf8), scanner.skip(UInt8(ascii: "=")), let value = scanner.value() else { return nil }
            if parameters[name] == nil { parameters[name] = value }
        }
        guard scanner.isAtEnd else { return nil }
        self.parameters = parameters
    }

    /// Whether the bytes are a token of RFC 9110.
    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { isTokenByte[Int($0)] }
    }

    private static let isTokenByte: [Bool] = {
        let allowed = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        return (0..<256).map { allowed.contains(UInt8($0)) }
    }()
}

extension HeaderValue {
    /// Walks over a header's bytes.
    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index >= bytes.count }

        mutating func skip(_ byte: UInt8) -> Bool {
            skipSpace()
            guard !isAtEnd, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func skipSpace() {
            while !isAtEnd, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        }

        /// The text before that byte or the end, without the white space around it.
        mutating func until(_ stop: UInt8) -> String {
            skipSpace()
            let first = index
            while !isAtEnd, bytes[index] != stop { index += 1 }
            var last = index
            while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
            return String(decoding: bytes[first..<last], as: UTF8.self)
        }

        /// A token or a quoted string; nil when a quote is not closed or nothing stands there.
        mutating func value() -> String? {
            skipSpace()
            guard !isAtEnd else { return nil }
            guard bytes[index] == UInt8(ascii: "\"") else {
                let token = until(UInt8(ascii: ";"))
                return token.isEmpty || token.utf8.contains(UInt8(ascii: "\"")) ? nil : token
            }
            index += 1
            return quoted()
        }

        /// A backslash escapes a quote and itself only, because some senders put a whole Windows path here.
        private mutating func quoted() -> String? {
            var text: [UInt8] = []
            while !isAtEnd {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                if byte == UInt8(ascii: "\\"), !isAtEnd, bytes[index] == UInt8(ascii: "\"") || bytes[index] == byte {
                    text.append(bytes[index])
                    index += 1
                } else {
                    text.append(byte)
                }
            }
            return nil
        }
    }
}
