/// What answers requests.
public protocol HTTPHandler: Sendable {
    /// Answers one request. Runs on the worker pool, where it may block.
    ///
    /// Its task is cancelled when the connection breaks or the time is up. A client that merely ends its sending half may
    /// still wait for the answer, so that alone cancels nothing.
    func respond(to request: HTTPRequest) async -> HTTPResponse

    /// The greatest body that this request may have, in bytes; nil leaves it to the configuration.
    ///
    /// Asked when the head is complete and before any of the body is read. Must be quick: it runs on the server's thread.
    /// - Parameter rawPath: The path as it came, without the query.
    func bodyLimit(_ method: HTTPMethod, _ rawPath: String) -> Int?

    /// An answer that needs no waiting, as health or a page in memory; nil hands the request to ``respond(to:)``.
    ///
    /// It runs on the server's thread and saves the way to the worker pool; it must take microseconds and never block.
    func respondAtOnce(to request: HTTPRequest) -> HTTPResponse?
}

extension HTTPHandler {
    /// Leaves the limit to the configuration.
    public func bodyLimit(_ method: HTTPMethod, _ rawPath: String) -> Int? { nil }

    /// Leaves every request to ``respond(to:)``.
    public func respondAtOnce(to request: HTTPRequest) -> HTTPResponse? { nil }
}

/// A handler made of a closure.
public struct ClosureHandler: HTTPHandler {
    private let answer: @Sendable (HTTPRequest) async -> HTTPResponse

    /// A handler that answers everything with `answer`.
    public init(_ answer: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) { self.answer = answer }

    /// Answers with the closure.
    public func respond(to request: HTTPRequest) async -> HTTPResponse { await answer(request) }
}
