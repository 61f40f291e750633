import Glibc
import HTTPServer
import Testing

@Suite struct StopTests {
    @Test("a request in flight is finished, an idle connection closed, a new one not taken")
    func graceful() async throws {
        let slow = ClosureHandler { _ in
            usleep(400_000)
            return .text("finished")
        }
        let server = HTTPServer(configuration: HTTPServerConfiguration(), handler: slow)
        try server.start()
        try await withTaskExecutorPreference(blockingThreads) { try await stopGracefully(server) }
    }

    private func stopGracefully(_ server: HTTPServer) async throws {
        let port = server.port
        let idle = try RawClient(port)
        let busy = try RawClient(port)
        try busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        usleep(100_000)
        let stopping = Task(executorPreference: blockingThreads) { await server.stop(graceSeconds: 10) }
        #expect(idle.isClosedByServer())
        // Each loop stops taking connections when its turn comes: soon after the first has, no new one is taken.
        var isRefused = false
        for _ in 0..<5 where !isRefused {
            do {
                let late = try RawClient(port)
                try late.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try late.answer()
            } catch is RawClient.Failure { isRefused = true }
        }
        #expect(isRefused)
        let answer = try busy.answer()
        #expect(answer.body == "finished")
        #expect(answer.field("connection") == "close")
        #expect(busy.isClosedByServer())
        await stopping.value
        #expect(server.port == 0)
    }

    @Test("what outlasts the grace is cut off")
    func graceEnds() async throws {
        let endless = ClosureHandler { _ in
            try? await Task.sleep(for: .seconds(30))
            return .text("never")
        }
        let server = HTTPServer(configuration: HTTPServerConfiguration(), handler: endless)
        try server.start()
        let client = try RawClient(server.port)
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        usleep(50_000)
        let begin = ContinuousClock.now
        await server.stop(graceSeconds: 0.2)
        #expect(ContinuousClock.now - begin < .seconds(10))
        #expect(client.isClosedByServer())
    }

    @Test("a server starts once, and a port has one server")
    func startsOnce() async throws {
        try await serving { server in
            #expect(throws: HTTPServerError.self) { try server.start() }
            let second = HTTPServer(configuration: HTTPServerConfiguration(port: server.port), handler: Echo())
            let error = #expect(throws: HTTPServerError.self) { try second.start() }
            #expect(error?.code == "http.address_in_use")
        }
        let nowhere = HTTPServer(configuration: HTTPServerConfiguration(host: "nowhere"), handler: Echo())
        let error = #expect(throws: HTTPServerError.self) { try nowhere.start() }
        #expect(error?.code == "http.bad_address")
    }
}
