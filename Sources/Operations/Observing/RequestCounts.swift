import HTTPServer
import Kernel

/// What sort of route a request took; few words, so that the figures stay few.
package enum RouteClass: String, CaseIterable, Sendable {
    case rpc, fhir, documents, portal, webhooks, pages, health, other

    package init(_ rawPath: String) {
        let segments = rawPath.utf8.dropFirst().split(separator: UInt8(ascii: "/"), maxSplits: 2)
        let (first, second) = (segments.first.map(Substring.init) ?? "", segments.count > 1 ? Substring(segments[1]) : "")
        switch first {
        case "jsonrpc", "xmlrpc", "json": self = .rpc
        case "web": self = second == "hook" ? .webhooks : .rpc
        case "fhir": self = .fhir
        case "documents": self = .documents
        case "portal": self = .portal
        case "", "login", "logout": self = .pages
        case "health", "ready": self = .health
        default: self = .other
        }
    }
}

/// Counts answers and how long they took.
package final class RequestCounts: Sendable {
    /// Upper bounds in seconds, from a page in memory to an import.
    package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    package struct Route: Sendable {
        /// Answers of each hundred: 1xx to 5xx.
        package var statuses = [Int](repeating: 0, count: 6)
        package var buckets = [Int](repeating: 0, count: RequestCounts.bounds.count + 1)
        package var seconds = 0.0
    }

    private let routes = Locked([Route](repeating: Route(), count: RouteClass.allCases.count))

    package func add(_ route: RouteClass, status: Int, seconds: Double) {
        let place = RouteClass.allCases.firstIndex(of: route) ?? 0
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        routes.withLock { routes in
            routes[place].statuses[min(max(status / 100, 0), 5)] += 1
            routes[place].buckets[bucket] += 1
            routes[place].seconds += seconds
        }
    }

    package func write(to text: inout MetricsText) {
        for (route, counts) in zip(RouteClass.allCases, routes.withLock { $0 }) {
            for (hundred, count) in counts.statuses.enumerated() where count > 0 {
                text.add("baton_http_requests_total", [route.rawValue, "\(hundred)xx"], count)
            }
            guard counts.buckets.contains(where: { $0 > 0 }) else { continue }
            text.addHistogram(
                "baton_http_request_seconds", [route.rawValue], bounds: Self.bounds, counts: counts.buckets, sum: counts.seconds)
        }
    }
}
