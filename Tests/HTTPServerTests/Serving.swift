import HTTPServer

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
        try await body(server)
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
