import Glibc
import HTTPServer
import Testing

@Suite struct StreamTests {
    private static func counting(_ last: Int) -> ClosureHandler {
        ClosureHandler { _ in
            let (chunks, input) = AsyncStream<[UInt8]>.makeStream()
            for number in 1...last { input.yield(Array("chunk \(number);".utf8)) }
            input.finish()
            return .stream(HTTPStream(chunks), contentType: "text/plain")
        }
    }

    @Test("chunks arrive in order and the connection goes on")
    func chunks() async throws {
        try await serving(Self.counting(50)) { server in
            let client = try RawClient(server.port)
            for _ in 0..<2 {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try client.answer()
                #expect(answer.field("transfer-encoding") == "chunked")
                #expect(answer.field("content-length") == nil)
                #expect(answer.body == (1...50).map { "chunk \($0);" }.joined())
            }
        }
    }

    @Test("HTTP/1.0 gets the chunks bare and the end of the connection")
    func oldVersion() async throws {
        try await serving(Self.counting(2)) { server in
            let client = try RawClient(server.port)
            try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.field("transfer-encoding") == nil)
            #expect(answer.field("connection") == "close")
            #expect(answer.body == "chunk 1;chunk 2;")
        }
    }

    @Test("a stream that fails cuts the connection instead of ending well")
    func fails() async throws {
        struct Broken: Error {}
        let sent = Counter()
        let stream = HTTPStream {
            guard sent.add() == 0 else { throw Broken() }
            return Array("first".utf8)
        }
        try await serving(ClosureHandler { _ in .stream(stream, contentType: "text/plain") }) { server in
            let client = try RawClient(server.port)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(throws: RawClient.Failure.self) { try client.answer() }
        }
    }

    @Test("an endless stream is told when its client leaves, and is cut when the server stops")
    func endless() async throws {
        let ended = Counter()
        let handler = Ticker { ended.add() }
        try await serving(handler) { server in
            let stays = try RawClient(server.port)
            try stays.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(throws: Never.self) { try stays.receive() }
            var leaves: RawClient? = try RawClient(server.port)
            try leaves?.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try leaves?.receive()
            leaves = nil
            for _ in 0..<100 where ended.value == 0 { usleep(20_000) }
            #expect(ended.value == 1)
            let begin = ContinuousClock.now
            await server.stop(graceSeconds: 20)
            #expect(ContinuousClock.now - begin < .seconds(10))
            #expect(stays.isClosedByServer())
        }
    }
}

/// Streams a tick now and then, without end.
private final class Ticker: HTTPHandler {
    private let ended: @Sendable () -> Void
    init(ended: @escaping @Sendable () -> Void) { self.ended = ended }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let ended = ended
        let stream = HTTPStream(isEndless: true) {
            do { try await Task.sleep(for: .milliseconds(50)) } catch {
                ended()
                throw error
            }
            return Array("data: tick\n\n".utf8)
        }
        return .stream(stream, contentType: "text/event-stream")
    }
}
