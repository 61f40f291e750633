/// A complete head and what it says about the body and the connection.
struct RequestHead: Sendable {
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    let line: RequestLine
    let headers: HTTPHeaders
    let framing: Framing
    let keepsAlive: Bool
    let expectsContinue: Bool

    /// Judges the fields that decide where the request ends and for whom it is.
    init(_ line: RequestLine, _ headers: HTTPHeaders) throws(Refusal) {
        self.line = line
        self.headers = headers
        try Self.checkHost(line, headers)
        framing = try Self.framing(line, headers)
        let options = headers.tokens("Connection")
        keepsAlive = line.isOld ? options.contains("keep-alive") && !options.contains("close") : !options.contains("close")
        expectsContinue = try Self.expectsContinue(line, headers)
    }

    private static func checkHost(_ line: RequestLine, _ headers: HTTPHeaders) throws(Refusal) {
        let hosts = headers.values("Host")
        guard hosts.count == 1 || hosts.isEmpty && line.isOld else { throw .malformed("The request does not have one Host field.") }
        guard let host = hosts.first else { return }
        guard isHost(host) else { throw .malformed("The Host field is no host with an optional port.") }
        if let authority = line.target.authority, !authority.equalsIgnoringCase(host) {
            throw .malformed("The Host field and the target name different hosts.")
        }
    }

    /// A name, an IPv4 address or an IPv6 address in brackets, and an optional port.
    private static func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let host: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard bracket > 1, bytes[1..<bracket].allSatisfy({ $0.hexValue != nil || ":.".utf8.contains($0) }) else { return false }
            host = bytes[...bracket]
        } else {
            host = bytes.prefix { $0 != UInt8(ascii: ":") }
            let isNamed = host.allSatisfy { $0.isDigit || (0x61...0x7A).contains($0.lowercaseLetter) || "-._~".utf8.contains($0) }
            guard !host.isEmpty, isNamed else { return false }
        }
        let rest = bytes[host.endIndex...]
        let port = rest.dropFirst()
        return rest.isEmpty || rest.first == UInt8(ascii: ":") && port.count <= 5 && port.allSatisfy(\.isDigit)
    }

    private static func framing(_ line: RequestLine, _ headers: HTTPHeaders) throws(Refusal) -> Framing {
        let (codings, lengths) = (headers.values("Transfer-Encoding"), headers.values("Content-Length"))
        if let coding = codings.first {
            guard lengths.isEmpty else { throw .malformed("The request has Transfer-Encoding and Content-Length.") }
            guard codings.count == 1, coding.equalsIgnoringCase("chunked") else {
                throw .malformed("The Transfer-Encoding is not “chunked”.")
            }
            guard !line.isOld else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1 else { throw .malformed("The request has two Content-Length fields.") }
        guard !length.isEmpty, length.utf8.count <= 18, length.utf8.allSatisfy(\.isDigit), let count = Int(length) else {
            throw .malformed("The Content-Length is no number.")
        }
        return count == 0 ? .none : .length(count)
    }

    private static func expectsContinue(_ line: RequestLine, _ headers: HTTPHeaders) throws(Refusal) -> Bool {
        let expectations = headers.values("Expect")
        guard !expectations.isEmpty, !line.isOld else { return false }
        guard expectations.count == 1, expectations[0].equalsIgnoringCase("100-continue") else { throw .expectation }
        return true
    }
}
