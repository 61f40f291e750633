import HTTPServer
import Synchronization

/// Tests wait for sockets; on the cooperative pool they would keep each other from running.
let blockingThreads: WorkerPool = {
    do { return try WorkerPool(threads: 48) } catch { fatalError("\(error)") }
}()

/// Runs `body` against a server on a free port and stops it.
func serving(
    _ handler: any HTTPHandler = Echo(), configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: (HTTPServer) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    configuration.workers = 4
    configure(&configuration)
    let server = HTTPServer(configuration: configuration, handler: handler)
    try server.start()
    do {
        try await withTaskExecutorPreference(blockingThreads) { try await body(server) }
    } catch {
        await server.stop(graceSeconds: 0)
        throw error
    }
    await server.stop(graceSeconds: 0)
}

/// Answers with what it was asked.
struct Echo: HTTPHandler {
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        .text("\(request.method.rawValue) \(request.path) \(request.body.count)")
    }
}

/// Counts across threads.
final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }

    /// - Returns: The count before.
    @discardableResult
    func add() -> Int { count.add(1, ordering: .relaxed).oldValue }
}
