/// Finds the handler of a method and a path.
///
/// A pattern is a path whose segments are literal, `{name}` (one segment), or, at the end, `{name*}` (the rest, without
/// its leading slash). A literal wins over `{name}`, that one over `{name*}`. `HEAD` is answered by the route of `GET`,
/// `OPTIONS` by the list of methods, unless they have routes of their own. Unknown paths get 404, unknown methods 405.
public struct Router: HTTPHandler {
    /// Answers one request on the worker pool.
    public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse
    /// Answers one request at once on the server's thread.
    public typealias QuickHandler = @Sendable (HTTPRequest) -> HTTPResponse

    enum Answer: Sendable {
        case later(Handler)
        case atOnce(QuickHandler)
    }

    struct Route: Sendable {
        let pattern: String
        let answer: Answer
        let names: [String]
        let bodyLimit: Int?
    }

    private var root = RouteNode()
    private var allMethods: Set<HTTPMethod> = [.options]
    /// Every route as it was added, such as `GET /documents/{id}/content`: for whoever must know that none was forgotten.
    public private(set) var patterns: [String] = []

    /// A router without routes.
    public init() {}

    /// Adds a route; a second one for the same method and pattern is our mistake and traps.
    ///
    /// - Parameter bodyLimit: The greatest body in bytes; nil leaves it to the configuration.
    public mutating func on(_ method: HTTPMethod, _ pattern: String, bodyLimit: Int? = nil, _ handler: @escaping Handler) {
        add(method, pattern, bodyLimit, .later(handler))
    }

    /// Adds a route that is answered at once on the server's thread, as health or a page in memory.
    public mutating func onAtOnce(_ method: HTTPMethod, _ pattern: String, bodyLimit: Int? = nil, _ handler: @escaping QuickHandler) {
        add(method, pattern, bodyLimit, .atOnce(handler))
    }

    private mutating func add(_ method: HTTPMethod, _ pattern: String, _ bodyLimit: Int?, _ answer: Answer) {
        let segments = RouteSegment.parse(pattern)
        let names = segments.compactMap(\.name)
        precondition(Set(names).count == names.count, "The pattern \(pattern) uses a name twice.")
        allMethods.insert(method)
        patterns.append(method.rawValue + " " + pattern)
        root.insert(segments[...], method, Route(pattern: pattern, answer: answer, names: names, bodyLimit: bodyLimit))
    }

    /// Answers with the route's handler, or with a 404 or 405 problem.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch find(request) {
        case .found(let route, let request):
            switch route.answer {
            case .later(let handler): await handler(request)
            case .atOnce(let handler): handler(request)
            }
        case .refused(let response): response
        }
    }

    /// Answers routes added by ``onAtOnce(_:_:bodyLimit:_:)`` and refusals.
    public func respondAtOnce(to request: HTTPRequest) -> HTTPResponse? {
        switch find(request) {
        case .found(let route, let request): if case .atOnce(let handler) = route.answer { handler(request) } else { nil }
        case .refused(let response): response
        }
    }

    /// The limit of the route, if it has one.
    public func bodyLimit(_ method: HTTPMethod, _ rawPath: String) -> Int? {
        var values: [String] = []
        return root.find(RouteSegment.split(rawPath)[...], &values)?.route(method)?.bodyLimit
    }

    /// The pattern that a request meets, such as `/documents/{id}/content`; nil when there is none. It names nobody, unlike the path.
    public func pattern(_ method: HTTPMethod, _ rawPath: String) -> String? {
        var values: [String] = []
        return root.find(RouteSegment.split(rawPath)[...], &values)?.route(method)?.pattern
    }

    private enum Finding {
        case found(Route, HTTPRequest)
        case refused(HTTPResponse)
    }

    private func find(_ request: HTTPRequest) -> Finding {
        if request.rawPath == "*" { return .refused(Self.allowing(allMethods)) }
        var values: [String] = []
        guard let node = root.find(RouteSegment.split(request.rawPath)[...], &values) else { return .refused(Self.notFound) }
        guard let route = node.route(request.method) else {
            return .refused(request.method == .options ? Self.allowing(node.methods) : Self.methodNotAllowed(node.methods))
        }
        var request = request
        for (name, value) in zip(route.names, values) { request.parameters.add(name, value) }
        return .found(route, request)
    }

    private static let notFound = HTTPResponse.problem(
        404, code: "http.not_found", detail: "Nothing is served at this path.", instruction: "Check the address.")

    private static func allowing(_ methods: Set<HTTPMethod>) -> HTTPResponse {
        HTTPResponse(status: 204, headers: ["Allow": list(methods)])
    }

    private static func methodNotAllowed(_ methods: Set<HTTPMethod>) -> HTTPResponse {
        .problem(
            405, code: "http.method_not_allowed", detail: "This path does not take the request's method.",
            instruction: "Use one of: \(list(methods)).", headers: ["Allow": list(methods)])
    }

    private static func list(_ methods: Set<HTTPMethod>) -> String {
        HTTPMethod.allCases.filter(methods.contains).map(\.rawValue).joined(separator: ", ")
    }
}
