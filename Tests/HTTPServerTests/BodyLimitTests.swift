import Glibc
import HTTPServer
import Testing

@Suite struct BodyLimitTests {
    private static func router() -> Router {
        var router = Router()
        router.on(.post, "/small", bodyLimit: 10) { .text("\($0.body.count)") }
        router.on(.post, "/large/{name}", bodyLimit: 2_000) { .text("\($0.body.count)") }
        router.on(.post, "/usual") { .text("\($0.body.count)") }
        return router
    }

    @Test(
        "the limit of the route decides, before the body is read",
        arguments: [
            ("/small", 10, 200), ("/small", 11, 413), ("/large/a", 2_000, 200), ("/large/a", 2_001, 413), ("/usual", 100, 200),
            ("/usual", 101, 413),
        ])
    func announced(_ path: String, _ size: Int, _ status: Int) async throws {
        try await serving(Self.router(), configure: { $0.maxBodyBytes = 100 }) { server in
            let client = try RawClient(server.port)
            try client.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            if status == 200 { try client.send([UInt8](repeating: 97, count: size)) }
            let answer = try client.answer()
            #expect(answer.status == status)
            if status == 200 { #expect(answer.body == "\(size)") } else { #expect(client.isClosedByServer()) }
        }
    }

    @Test("a client that sends a refused body all the same still sees the answer")
    func sendsOn() async throws {
        try await serving(Self.router(), configure: { $0.maxBodyBytes = 100 }) { server in
            let client = try RawClient(server.port)
            try client.send("POST /usual HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
            try client.send([UInt8](repeating: 97, count: 3_000_000))
            #expect(try client.answer().status == 413)
        }
    }

    @Test("chunks count as they come")
    func chunked() async throws {
        try await serving(Self.router()) { server in
            let client = try RawClient(server.port)
            try client.send("POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n")
            #expect(try client.answer().status == 413)
        }
    }

    @Test("a waiting client is refused instead of being told to go on")
    func expectation() async throws {
        try await serving(Self.router()) { server in
            let client = try RawClient(server.port)
            try client.send("POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
            #expect(try client.answer().status == 413)
        }
    }

    @Test("all bodies together have a limit, and what was held is given back")
    func together() async throws {
        try await serving(configure: { $0.maxBufferedBodyBytes = 1_000 }) { server in
            for _ in 0..<3 {
                let first = try RawClient(server.port)
                try first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 700\r\n\r\n")
                try first.send([UInt8](repeating: 97, count: 699))
                let second = try RawClient(server.port)
                var status = 0
                // The first body may not have been read yet.
                for _ in 0..<500 where status != 503 {
                    usleep(2_000)
                    let probe = try RawClient(server.port)
                    try probe.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 700\r\n\r\n")
                    try probe.send([UInt8](repeating: 97, count: 700))
                    status = try probe.answer().status
                }
                #expect(status == 503)
                try first.send("a")
                #expect(try first.answer().status == 200)
                try second.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n")
                try second.send([UInt8](repeating: 97, count: 900))
                #expect(try second.answer().status == 200)
            }
        }
    }
}
