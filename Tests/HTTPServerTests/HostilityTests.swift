import Glibc
import HTTPServer
import Testing

@Suite struct HostilityTests {
    @Test("idle and trickling connections do not keep honest requests from their answers")
    func honestRequestsAreServed() async throws {
        try await serving(configure: { $0.headSeconds = 1 }) { server in
            let idle = try (0..<200).map { _ in try RawClient(server.port) }
            for client in idle {
                try client.send("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            let trickling = try (0..<50).map { _ in try RawClient(server.port) }
            for round in 0..<30 {
                for client in trickling { try? client.send(round == 0 ? "GET / HTTP/1.1\r\n" : "a: b\r\n") }
                let honest = try RawClient(server.port, timeoutSeconds: 5)
                for number in 0..<10 {
                    try honest.send("POST /\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
                    #expect(try honest.answer().body == "POST /\(number) 1")
                }
                usleep(50_000)
            }
            for client in trickling { #expect(client.isClosedByServer()) }
            for client in idle {
                try client.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().body == "GET /again 0")
            }
        }
    }

    @Test("a head that is not complete in time is answered with 408 and closed")
    func slowHead() async throws {
        try await serving(configure: { $0.headSeconds = 0.3 }) { server in
            let client = try RawClient(server.port)
            try client.send("GET / HTTP/1.1\r\nHost:")
            #expect(try client.answer().status == 408)
            #expect(client.isClosedByServer())
        }
    }

    @Test("the head of a later request has its own deadline from its first byte")
    func slowLaterHead() async throws {
        try await serving(configure: { $0.headSeconds = 0.3 }) { server in
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 200)
            usleep(900_000)
            try client.send("GET /b HTTP/1.1\r\n")
            #expect(try client.answer().status == 408)
        }
    }

    @Test("a connection that says nothing is closed, at first and between requests")
    func silence() async throws {
        try await serving(configure: { ($0.headSeconds, $0.idleSeconds) = (0.3, 0.3) }) { server in
            #expect(try RawClient(server.port).isClosedByServer())
            let client = try RawClient(server.port)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 200)
            #expect(client.isClosedByServer())
        }
    }

    @Test("a body that trickles is answered with 408 and closed")
    func slowBody() async throws {
        try await serving(configure: { ($0.progressSeconds, $0.minBytesPerSecond) = (0.4, 1_000) }) { server in
            let client = try RawClient(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            for _ in 0..<8 {
                try? client.send("a")
                usleep(100_000)
            }
            #expect(try client.answer().status == 408)
            #expect(client.isClosedByServer())
        }
    }

    @Test("a body that makes progress but takes longer than allowed is ended too")
    func longBody() async throws {
        try await serving(configure: { $0.bodySeconds = 0.4 }) { server in
            let client = try RawClient(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n".replacing("100000000", with: "60000000"))
            for _ in 0..<10 {
                try? client.send([UInt8](repeating: 97, count: 10_000))
                usleep(100_000)
            }
            #expect(try client.answer().status == 408)
        }
    }

    @Test("a client that does not read its answer is cut off")
    func slowReader() async throws {
        let large = ClosureHandler { _ in HTTPResponse(body: [UInt8](repeating: 65, count: 32 << 20)) }
        try await serving(large, configure: { $0.progressSeconds = 0.4 }) { server in
            let client = try RawClient(server.port, receiveBuffer: 4_096)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for _ in 0..<50 where server.connections > 0 || client.buffer.isEmpty {
                if client.buffer.isEmpty { try client.receive(1) }
                usleep(100_000)
            }
            #expect(server.connections == 0)
        }
    }

    @Test("a reader that is slow but steady gets the whole answer")
    func steadyReader() async throws {
        let size = 6 << 20
        let large = ClosureHandler { _ in HTTPResponse(body: [UInt8](repeating: 65, count: size)) }
        try await serving(large, configure: { $0.progressSeconds = 0.3 }) { server in
            let client = try RawClient(server.port, receiveBuffer: 65_536)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            while client.buffer.count < size {
                guard try client.receive(262_144) else { break }
                usleep(20_000)
            }
            #expect(client.buffer.count > size)
        }
    }

    @Test("one address may hold so many connections and no more")
    func connectionsPerAddress() async throws {
        try await serving(configure: { $0.maxConnectionsPerAddress = 3 }) { server in
            let clients = try (0..<3).map { _ in try RawClient(server.port) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            let refused = try RawClient(server.port)
            #expect(try refused.answer().status == 503)
            #expect(refused.isClosedByServer())
        }
    }

    @Test("at the limit of connections one that waits gives way to a new one")
    func connectionsInAll() async throws {
        try await serving(configure: { ($0.maxConnections, $0.loops) = (3, 1) }) { server in
            let clients = try (0..<3).map { _ in try RawClient(server.port) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            let newest = try RawClient(server.port)
            try newest.send("GET /new HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try newest.answer().body == "GET /new 0")
            #expect(clients[0].isClosedByServer())
        }
    }

    @Test("more requests than the server works on get 503, and quick answers still come")
    func concurrency() async throws {
        var router = Router()
        router.on(.get, "/slow") { _ in
            usleep(500_000)
            return .text("done")
        }
        router.onAtOnce(.get, "/health") { _ in .text("up") }
        try await serving(router, configure: { $0.maxConcurrentRequests = 1 }) { server in
            let first = try RawClient(server.port)
            let second = try RawClient(server.port)
            try first.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            usleep(100_000)
            try second.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try second.answer().body == "up")
            try second.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try second.answer().status == 503)
            #expect(try first.answer().body == "done")
        }
    }

    @Test("a handler that takes too long is given up, and its late answer goes nowhere")
    func slowHandler() async throws {
        let cancelled = Counter()
        let handler = Sleeper(cancelled: { cancelled.add() })
        try await serving(handler, configure: { $0.handlerSeconds = 0.3 }) { server in
            let client = try RawClient(server.port)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().body.contains("http.handler_too_slow"))
            #expect(client.isClosedByServer())
            #expect(client.buffer.isEmpty)
        }
        #expect(cancelled.value == 1)
    }
}

/// Sleeps for long and tells when it is cancelled.
private final class Sleeper: HTTPHandler {
    private let cancelled: @Sendable () -> Void
    init(cancelled: @escaping @Sendable () -> Void) { self.cancelled = cancelled }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        do { try await Task.sleep(for: .seconds(20)) } catch { cancelled() }
        return .text("late")
    }
}
