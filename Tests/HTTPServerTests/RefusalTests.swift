import HTTPServer
import Testing

@Suite struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        let bytes: String
        var testDescription: String { name }

        init(_ name: String, _ status: Int, _ bytes: String) { (self.name, self.status, self.bytes) = (name, status, bytes) }
    }

    /// A request whose head is right but for `fields`.
    private static func post(_ fields: String, _ body: String = "") -> String { "POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n\(body)" }

    private static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked", body) }

    static let lines = [
        Case("two spaces", 400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a tab for a space", 400, "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a space in the target", 400, "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a space before the method", 400, " GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a space after the version", 400, "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        Case("two empty lines first", 400, "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a version in small letters", 400, "GET / http/1.1\r\nHost: x\r\n\r\n"),
        Case("a version with more digits", 400, "GET / HTTP/1.10\r\nHost: x\r\n\r\n"),
        Case("HTTP/0.9", 400, "GET /\r\n"),
        Case("HTTP/0.9 by name", 505, "GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
        Case("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
        Case("the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Case("a TLS hello", 400, "\u{16}\u{3}\u{1}\u{2}"),
        Case("an unknown method", 501, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("CONNECT", 501, "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("TRACE", 501, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a method in small letters", 501, "get / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a method that is no token", 400, "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a target without slash", 400, "GET a HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a star for GET", 400, "GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a fragment", 400, "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a malformed escape", 400, "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an escaped NUL", 400, "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an escape that is no UTF-8", 400, "GET /a%ff HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("bytes beyond ASCII in the target", 400, "GET /ä HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a path that climbs", 400, "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a path that climbs in escapes", 400, "GET /a/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a backslash", 400, "GET /a/..%5Cb HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a long target", 414, "GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an endless target", 414, "GET /" + String(repeating: "a", count: 9_000)),
    ]

    static let fields = [
        Case("a bare line feed at the end of the request line", 400, "GET / HTTP/1.1\nHost: x\r\n\r\n"),
        Case("a bare line feed after a field", 400, "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"),
        Case("bare line feeds only", 400, "GET / HTTP/1.1\nHost: x\n\n"),
        Case("a bare line feed for the empty line", 400, "GET / HTTP/1.1\r\nHost: x\r\n\n"),
        Case("a bare carriage return", 400, "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n"),
        Case("a folded field", 400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        Case("a field folded by a tab", 400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n"),
        Case("a space before the first field", 400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        Case("a space before the colon", 400, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n"),
        Case("a field without colon", 400, "GET / HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n"),
        Case("a field without name", 400, "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
        Case("a name with a slash", 400, "GET / HTTP/1.1\r\nHost: x\r\na/b: c\r\n\r\n"),
        Case("a control character", 400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\u{1}c\r\n\r\n"),
        Case("a NUL", 400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
        Case("a DEL", 400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\u{7F}c\r\n\r\n"),
        Case("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
        Case("an empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        Case("two Hosts", 400, "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        Case("a Host with a path", 400, "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        Case("a Host with a user", 400, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        Case("a Host with a bad port", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        Case("a Host that is not the target's", 400, "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an unknown expectation", 417, "GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n"),
        Case("a large head", 431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "b", count: 17_000) + "\r\n\r\n"),
        Case("an endless head", 431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "b", count: 17_000)),
        Case("many fields", 431, "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "a: b\r\n", count: 101) + "\r\n"),
    ]

    static let framing = [
        Case("two equal lengths", 400, post("Content-Length: 2\r\nContent-Length: 2", "ab")),
        Case("two different lengths", 400, post("Content-Length: 1\r\nContent-Length: 2", "ab")),
        Case("a list of lengths", 400, post("Content-Length: 2, 2", "ab")),
        Case("a length with a sign", 400, post("Content-Length: +2", "ab")),
        Case("a negative length", 400, post("Content-Length: -2", "ab")),
        Case("a length in hexadecimal", 400, post("Content-Length: 0x2", "ab")),
        Case("an empty length", 400, post("Content-Length:", "ab")),
        Case("a length beyond all numbers", 400, post("Content-Length: 99999999999999999999", "ab")),
        Case("a large body", 413, post("Content-Length: 67108865")),
        Case("a length and chunks", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Case("chunks and a length", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")),
        Case("another coding", 400, post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        Case("an unknown coding", 400, post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
        Case("identity", 400, post("Transfer-Encoding: identity")),
        Case("two codings", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Case("chunks in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Case("a chunk size without digits", 400, chunked("\r\n\r\n")),
        Case("a chunk size with a prefix", 400, chunked("0x1\r\na\r\n0\r\n\r\n")),
        Case("a chunk size with a space", 400, chunked("1 \r\na\r\n0\r\n\r\n")),
        Case("a chunk size with a bare line feed", 400, chunked("1\na\r\n0\r\n\r\n")),
        Case("a chunk that is longer than it says", 400, chunked("1\r\nab\r\n0\r\n\r\n")),
        Case("a chunk that ends with a bare line feed", 400, chunked("1\r\na\n0\r\n\r\n")),
        Case("an extension with a control character", 400, chunked("1;a\u{1}\r\na\r\n0\r\n\r\n")),
        Case("an endless extension", 400, chunked("1;" + String(repeating: "a", count: 5_000))),
        Case("a trailer that begins with a space", 400, chunked("0\r\n a: b\r\n\r\n")),
        Case("endless trailers", 400, chunked("0\r\n" + String(repeating: "a\r\n", count: 5_000))),
        Case("a chunk beyond the limit", 413, chunked("FFFFFFF\r\n")),
        Case("a chunk size beyond all numbers", 413, chunked("FFFFFFFFFFFFFFFFF\r\n")),
    ]

    @Test("is refused and the connection closed: request line", arguments: lines)
    func refusesLine(_ bad: Case) async throws { try await refuse(bad) }

    @Test("is refused and the connection closed: header fields", arguments: fields)
    func refusesField(_ bad: Case) async throws { try await refuse(bad) }

    @Test("is refused and the connection closed: framing of the body", arguments: framing)
    func refusesFraming(_ bad: Case) async throws { try await refuse(bad) }

    /// The request that follows must not be answered: it might be smuggled.
    private func refuse(_ bad: Case) async throws {
        try await serving { server in
            let client = try RawClient(server.port, timeoutSeconds: 5)
            try client.send(bad.bytes)
            let answer = try client.answer()
            #expect(answer.status == bad.status)
            #expect(answer.field("connection") == "close")
            #expect(answer.field("content-type") == "application/problem+json")
            #expect(answer.body.contains("\"code\":\"http."))
            try? client.send("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            client.endSending()
            #expect(client.isClosedByServer())
            #expect(client.buffer.isEmpty, "Nothing may be answered after a refusal.")
        }
    }

    @Test("a refusal behind a good request leaves the good answer whole")
    func refusesInPipeline() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\nHost: x\n\n")
            #expect(try client.answer().body == "GET /a 0")
            #expect(try client.answer().status == 400)
            #expect(client.isClosedByServer())
        }
    }

    @Test(
        "what the standard allows is not refused",
        arguments: [
            "\r\nGET /ok HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://x:80/ok HTTP/1.1\r\nHost: x:80\r\n\r\n",
            "GET /ok HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET /ok?a=%zz&b={} HTTP/1.1\r\nHost: x\r\nA:\r\nB:  c \t\r\n\r\n",
            "GET /o%6B HTTP/1.1\r\nhOST: x\r\nC: ä\r\n\r\n", "GET /ok HTTP/1.0\r\n\r\n",
        ])
    func accepts(_ text: String) async throws {
        try await serving { server in
            let client = try RawClient(server.port, timeoutSeconds: 5)
            try client.send(text)
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.body == "GET /ok 0")
        }
    }
}
