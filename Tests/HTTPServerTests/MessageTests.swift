import HTTPServer
import Testing

@Suite struct MessageTests {
    @Test("a query keeps order and repetition, and forgives malformed escapes")
    func query() throws {
        let request = try #require(HTTPRequest(.get, "/a?x=1&y=a+b%20c&x=2&flag&z=%zz%ff&=e"))
        #expect(request.query["x"] == "1")
        #expect(request.query.values("x") == ["1", "2"])
        #expect(request.query["y"] == "a b c")
        #expect(request.query["flag"]?.isEmpty == true)
        #expect(request.query["z"] == "%zz\u{FFFD}")
        #expect(request.query["nothing"] == nil)
        #expect(request.query.items.count == 6)
        #expect(HTTPQuery(String(repeating: "a=b&", count: 5_000)).items.count == HTTPQuery.maxItems)
    }

    @Test("header names have no case, and setting one replaces all of its name")
    func headers() {
        var headers: HTTPHeaders = ["Content-Type": "a", "Set-Cookie": "b=1"]
        headers.add("set-cookie", "c=2")
        #expect(headers["CONTENT-TYPE"] == "a")
        #expect(headers.values("Set-Cookie") == ["b=1", "c=2"])
        headers["SET-COOKIE"] = "d=3"
        #expect(headers.values("set-cookie") == ["d=3"])
        headers["content-type"] = nil
        #expect(headers.fields.count == 1)
    }

    @Test("cookies are found by name among others")
    func cookies() throws {
        let request = try #require(HTTPRequest(.get, "/", headers: ["Cookie": "a=1; session_id=x=y; b=2"]))
        #expect(request.cookie("session_id") == "x=y")
        #expect(request.cookie("session") == nil)
    }

    @Test("a response cannot be broken up by what stands in a field or a status")
    func unsafeAnswers() async throws {
        let handler = ClosureHandler { request in
            switch request.path {
            case "/value": HTTPResponse(headers: ["X-A": "b\r\nSet-Cookie: c"])
            case "/name": HTTPResponse(headers: ["X A": "b"])
            default: HTTPResponse(status: 99)
            }
        }
        try await serving(handler) { server in
            for path in ["/value", "/name", "/status"] {
                let client = try RawClient(server.port)
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try client.answer()
                #expect(answer.status == 500)
                #expect(answer.field("set-cookie") == nil)
                #expect(answer.body.contains("http.bad_answer"))
            }
        }
    }

    @Test("an answer's own fields win over the defaults, and those of the framing are the server's")
    func ownFields() async throws {
        let handler = ClosureHandler { _ in
            HTTPResponse(
                headers: [
                    "Cache-Control": "max-age=60", "Referrer-Policy": "origin", "Content-Length": "99", "Transfer-Encoding": "x",
                    "Connection": "close", "Set-Cookie": "a=1",
                ], body: [97])
        }
        try await serving(handler) { server in
            let client = try RawClient(server.port)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.field("cache-control") == "max-age=60")
            #expect(answer.field("referrer-policy") == "origin")
            #expect(answer.field("content-length") == "1")
            #expect(answer.field("transfer-encoding") == nil)
            #expect(answer.field("connection") == "close")
            #expect(answer.head.components(of: "Cache-Control") == 1)
            client.endSending()
            #expect(client.isClosedByServer())
        }
    }

    @Test("204 and 304 have neither body nor length")
    func noBody() async throws {
        let handler = ClosureHandler { HTTPResponse(status: $0.path == "/a" ? 204 : 304, body: [97, 98]) }
        try await serving(handler) { server in
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().field("content-length") == nil)
            #expect(try client.answer().status == 304)
            #expect(client.buffer.isEmpty)
        }
    }
}

extension String {
    /// How often `text` occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
