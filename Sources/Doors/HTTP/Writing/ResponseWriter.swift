/// Writes the head of an answer.
///
/// Source: RFC 9112, sections 4 to 6.
struct ResponseWriter {
    enum Framing: Equatable {
        /// The body's length is known; it may be zero.
        case length(Int)
        /// Neither length nor body, as 204 and 304.
        case none
        case chunked
        /// The end of the connection ends the body (HTTP/1.0).
        case untilClose
    }

    let serverName: String

    /// - Parameter keepAliveIsSaid: Whether an HTTP/1.0 client must be told that the connection stays.
    /// - Returns: The head with its empty line; nil when a field could break out of its line.
    func head(_ response: HTTPResponse, framing: Framing, closes: Bool, keepAliveIsSaid: Bool, date: [UInt8], reserving: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320 + response.headers.fields.count * 48 + reserving)
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        bytes.append(contentsOf: String(response.status).utf8)
        bytes.append(0x20)
        bytes.append(contentsOf: StatusPhrase.of(response.status).utf8)
        bytes.append(contentsOf: "\r\nDate: ".utf8)
        bytes.append(contentsOf: date)
        bytes.append(contentsOf: "\r\nServer: ".utf8)
        bytes.append(contentsOf: serverName.utf8)
        var own = Defaults()
        for field in response.headers.fields where !own.isManaged(field.name) {
            guard Self.isSafe(field) else { return nil }
            Self.add(field.name, field.value, &bytes)
        }
        own.addMissing(&bytes)
        switch framing {
        case .length(let length): Self.add("Content-Length", String(length), &bytes)
        case .chunked: Self.add("Transfer-Encoding", "chunked", &bytes)
        case .none, .untilClose: break
        }
        if closes { Self.add("Connection", "close", &bytes) } else if keepAliveIsSaid { Self.add("Connection", "keep-alive", &bytes) }
        bytes.append(contentsOf: "\r\n\r\n".utf8)
        return bytes
    }

    private static func add(_ name: String, _ value: String, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\r\n".utf8)
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: ": ".utf8)
        bytes.append(contentsOf: value.utf8)
    }

    private static func isSafe(_ field: HTTPHeaders.Field) -> Bool {
        !field.name.isEmpty && field.name.utf8.allSatisfy(\.isTokenByte)
            && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// Which of the fields that every answer carries the answer has itself.
    private struct Defaults {
        private var hasOptions = false
        private var hasReferrer = false
        private var hasCache = false

        /// Whether the server writes the field itself; notes those that have a default.
        mutating func isManaged(_ name: String) -> Bool {
            switch name.utf8.count {
            case 4: return name.equalsIgnoringCase("Date")
            case 6: return name.equalsIgnoringCase("Server")
            case 10: return name.equalsIgnoringCase("Connection")
            case 13: if name.equalsIgnoringCase("Cache-Control") { hasCache = true }
            case 14: return name.equalsIgnoringCase("Content-Length")
            case 15: if name.equalsIgnoringCase("Referrer-Policy") { hasReferrer = true }
            case 17: return name.equalsIgnoringCase("Transfer-Encoding")
            case 22: if name.equalsIgnoringCase("X-Content-Type-Options") { hasOptions = true }
            default: break
            }
            return false
        }

        func addMissing(_ bytes: inout [UInt8]) {
            if !hasOptions { add("X-Content-Type-Options", "nosniff", &bytes) }
            if !hasReferrer { add("Referrer-Policy", "no-referrer", &bytes) }
            if !hasCache { add("Cache-Control", "no-store", &bytes) }
        }
    }

    /// One chunk with its size; an empty one would end the body and gives nothing.
    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var framed: [UInt8] = []
        framed.reserveCapacity(bytes.count + 12)
        framed.append(contentsOf: String(bytes.count, radix: 16).utf8)
        framed.append(contentsOf: "\r\n".utf8)
        framed.append(contentsOf: bytes)
        framed.append(contentsOf: "\r\n".utf8)
        return framed
    }

    static let lastChunk = Array("0\r\n\r\n".utf8)
    static let continues = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
