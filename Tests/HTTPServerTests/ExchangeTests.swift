import Glibc
import HTTPServer
import Testing

@Suite struct ExchangeTests {
    @Test("a request is answered, with the fields that every answer carries")
    func answersWithDefaults() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("GET /a%20b?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.body == "GET /a b 0")
            #expect(answer.field("x-content-type-options") == "nosniff")
            #expect(answer.field("referrer-policy") == "no-referrer")
            #expect(answer.field("cache-control") == "no-store")
            #expect(answer.field("server") == "Baton")
            #expect(answer.field("date")?.hasSuffix("GMT") == true)
            #expect(answer.field("connection") == nil)
        }
    }

    @Test("a connection serves many requests, and pipelined ones in their order")
    func keepsAliveAndPipelines() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            for number in 0..<5 {
                try client.send("POST /\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                #expect(try client.answer().body == "POST /\(number) 3")
            }
            let many = (0..<200).map { "GET /p\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
            try client.send(many)
            for number in 0..<200 { #expect(try client.answer().body == "GET /p\(number) 0") }
        }
    }

    @Test("a request that comes byte by byte is understood")
    func bytewise() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            let text = "POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n"
            for byte in text.utf8 {
                try client.send([byte])
                usleep(300)
            }
            #expect(try client.answer().body == "POST /slow 5")
            try client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().body == "GET /next 0")
        }
    }

    @Test("HEAD gets the length but no body")
    func head() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try client.answer(toHead: true)
            #expect(answer.field("content-length") == "9")
            #expect(try client.answer().body == "GET /b 0")
        }
    }

    @Test("HTTP/1.0 closes unless asked to keep alive")
    func oldVersion() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try client.answer().field("connection") == "keep-alive")
            try client.send("GET /b HTTP/1.0\r\n\r\n")
            #expect(try client.answer().field("connection") == "close")
            #expect(client.isClosedByServer())
        }
    }

    @Test("a client that waits for 100 Continue is told to go on")
    func expectContinue() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try client.answer().status == 100)
            try client.send("ab")
            #expect(try client.answer().body == "PUT /a 2")
        }
    }

    @Test("a client that ends its sending half still gets its answer")
    func halfClosed() async throws {
        try await serving { server in
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            client.endSending()
            #expect(try client.answer().body == "GET /a 0")
            #expect(client.isClosedByServer())
        }
    }

    @Test("a large body goes both ways unharmed")
    func largeBodies() async throws {
        let mirror = ClosureHandler { HTTPResponse(body: $0.body) }
        try await serving(mirror) { server in
            let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3 & 0x7F) }
            let client = try RawClient(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            let answer = try client.answer()
            #expect(Array(answer.body.utf8) == body)
        }
    }
}
