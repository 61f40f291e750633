/// One request, complete with its body.
public struct HTTPRequest: Sendable {
    /// What is to be done.
    public var method: HTTPMethod
    /// The path, percent-decoded, as `/web/räume`; it never holds `.` or `..` segments or control characters.
    ///
    /// An escaped slash looks like any other here; where it matters, take ``parameters``, which were parted before.
    public var path: String
    /// The path as it came, without the query.
    public var rawPath: String
    /// What stands behind `?`, as it came; nil without a `?`.
    public var rawQuery: String?
    /// The header fields.
    public var headers: HTTPHeaders
    /// The body, chunks joined; empty without one.
    public var body: [UInt8]
    /// The peer's IP address, without port, as `127.0.0.1`.
    public var remoteAddress: String
    /// Whether the connection is encrypted by this server.
    public var isTLS: Bool
    /// What the router found for the `{name}` segments of its pattern.
    public var parameters = PathParameters()

    /// A request as the server or a test makes it.
    ///
    /// - Parameter target: Path and optional query, percent-encoded.
    /// - Returns: nil when `target` is no valid origin-form target.
    public init?(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], remoteAddress: String = "127.0.0.1",
        isTLS: Bool = false
    ) {
        guard let target = try? RequestTarget(target, method: method) else { return nil }
        self.init(method: method, target: target, headers: headers, body: body, remoteAddress: remoteAddress, isTLS: isTLS)
    }

    init(method: HTTPMethod, target: RequestTarget, headers: HTTPHeaders, body: [UInt8], remoteAddress: String, isTLS: Bool) {
        self.method = method
        self.path = target.path
        self.rawPath = target.rawPath
        self.rawQuery = target.rawQuery
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.isTLS = isTLS
    }

    /// The query's items in order, decoded (`+` is a space); parsed at each call.
    public var query: HTTPQuery { HTTPQuery(rawQuery ?? "") }

    /// The value of the cookie `name`, as it came; the first one wins.
    public func cookie(_ name: String) -> String? {
        for field in headers.values("Cookie") {
            for pair in field.split(separator: ";") {
                let pair = pair.trimmed
                if let equals = pair.firstIndex(of: "="), pair[..<equals] == name { return String(pair[pair.index(after: equals)...]) }
            }
        }
        return nil
    }
}

/// What stood in the place of a pattern's `{name}` segments, decoded.
public struct PathParameters: Sendable, Equatable {
    private var items: [(name: String, value: String)] = []

    /// No parameters.
    public init() {}

    /// The value of `name`, nil when the pattern has no such segment.
    public subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    mutating func add(_ name: String, _ value: String) { items.append((name, value)) }

    /// Same names and values in the same order.
    public static func == (left: Self, right: Self) -> Bool { left.items.elementsEqual(right.items, by: ==) }
}
