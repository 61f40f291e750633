/// One segment of a pattern.
enum RouteSegment {
    case literal(String)
    case parameter(String)
    case rest(String)

    var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    /// - Parameter pattern: `/` and segments; a mistake in it traps.
    static func parse(_ pattern: String) -> [RouteSegment] {
        precondition(pattern.hasPrefix("/"), "The pattern \(pattern) does not begin with a slash.")
        let parts = split(pattern)
        return parts.enumerated().map { index, part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(part) }
            let name = part.dropFirst().dropLast()
            guard name.hasSuffix("*") else { return .parameter(String(name)) }
            precondition(index == parts.count - 1, "In the pattern \(pattern) the rest does not stand last.")
            return .rest(String(name.dropLast()))
        }
    }

    /// The decoded segments of a raw path: `/` gives none, `/a/` gives `a` and an empty one.
    static func split(_ rawPath: String) -> [String] {
        let path = rawPath.utf8.dropFirst()
        guard !path.isEmpty else { return [] }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
            PercentCoding.decode(part) ?? String(Substring(part))
        }
    }
}

/// The routes below one place of the tree of patterns.
struct RouteNode: Sendable {
    private var literals: [String: RouteNode] = [:]
    /// At most one; an array because a struct cannot hold itself.
    private var parameter: [RouteNode] = []
    private var rest: [HTTPMethod: Router.Route] = [:]
    private var routes: [HTTPMethod: Router.Route] = [:]

    /// The routes of one path.
    struct Match {
        let routes: [HTTPMethod: Router.Route]

        func route(_ method: HTTPMethod) -> Router.Route? { routes[method] ?? (method == .head ? routes[.get] : nil) }

        /// What `Allow` lists.
        var methods: Set<HTTPMethod> {
            Set(routes.keys).union(routes[.get] == nil ? [.options] : [.head, .options])
        }
    }

    mutating func insert(_ segments: ArraySlice<RouteSegment>, _ method: HTTPMethod, _ route: Router.Route) {
        switch segments.first {
        case nil:
            precondition(routes[method] == nil, "A route exists twice: \(method.rawValue) with \(route.names).")
            routes[method] = route
        case .literal(let text): literals[text, default: RouteNode()].insert(segments.dropFirst(), method, route)
        case .parameter:
            if parameter.isEmpty { parameter.append(RouteNode()) }
            parameter[0].insert(segments.dropFirst(), method, route)
        case .rest:
            precondition(rest[method] == nil, "A route exists twice: \(method.rawValue) with \(route.names).")
            rest[method] = route
        }
    }

    /// - Parameter values: Receives what stood in the place of the parameters.
    func find(_ segments: ArraySlice<String>, _ values: inout [String]) -> Match? {
        guard let first = segments.first else {
            if !routes.isEmpty { return Match(routes: routes) }
            guard !rest.isEmpty else { return nil }
            values.append("")
            return Match(routes: rest)
        }
        if let found = literals[first]?.find(segments.dropFirst(), &values) { return found }
        let count = values.count
        if !first.isEmpty, let node = parameter.first {
            values.append(first)
            if let found = node.find(segments.dropFirst(), &values) { return found }
            values.removeSubrange(count...)
        }
        guard !rest.isEmpty else { return nil }
        values.append(segments.joined(separator: "/"))
        return Match(routes: rest)
    }
}
