import HTTPServer
import Kernel

/// The doors, with a name for each request, its place in a trace, its time and its line in the log.
///
/// A caller may name a request by `X-Request-Id` (up to 64 letters, digits, `-`, `_`, `.`) and hand on a trace by `traceparent`; the
/// answer carries both names.
package struct ObservedHandler: HTTPHandler {
    package let inner: WatchedRouter
    package let counts: RequestCounts
    package let tracer: Tracer
    package let log: Log

    /// The longest name of a request that is taken over.
    package static let idLimit = 64

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let open = begin(request)
        var response = await Trace.$current.withValue(open.trace) { await inner.respond(to: request) }
        end(open, request, &response)
        return response
    }

    package func respondAtOnce(to request: HTTPRequest) -> HTTPResponse? {
        let start = Self.now
        guard var response = inner.respondAtOnce(to: request) else { return nil }
        // What is answered from memory is counted and named; it is no part of anybody's trace.
        response.headers.add("X-Request-Id", requestId(request))
        counts.add(RouteClass(request.rawPath), status: response.status, seconds: Self.seconds(since: start))
        return response
    }

    package func bodyLimit(_ method: HTTPMethod, _ rawPath: String) -> Int? { inner.bodyLimit(method, rawPath) }

    private struct Open {
        let trace: Trace
        let span: OpenSpan
        let start: UInt64
    }

    private func begin(_ request: HTTPRequest) -> Open {
        let parent = request.headers["traceparent"].flatMap { TraceContext(traceparent: $0) }
        var span = tracer.begin(request.method.rawValue, .server, parent: parent)
        // The pattern and not the path, which may hold a person's token.
        if span.context.isSampled, let pattern = inner.router.pattern(request.method, request.rawPath) { span.name += " " + pattern }
        let trace = Trace(context: span.context, requestId: requestId(request), tracer: tracer.isKeeping ? tracer : nil)
        return Open(trace: trace, span: span, start: Self.now)
    }

    private func end(_ open: Open, _ request: HTTPRequest, _ response: inout HTTPResponse) {
        let (route, seconds) = (RouteClass(request.rawPath), Self.seconds(since: open.start))
        response.headers.add("X-Request-Id", open.trace.requestId)
        counts.add(route, status: response.status, seconds: seconds)
        open.span.end(
            isFailed: response.status >= 500,
            [
                ("http.request.method", .text(request.method.rawValue)), ("http.response.status_code", .int(response.status)),
                ("baton.route", .text(route.rawValue)), ("baton.request.id", .text(open.trace.requestId)),
            ])
        let isFailure = response.status >= 500
        guard isFailure || log.level == .debug else { return }
        let metadata: LogMetadata = [
            "http.route": route.rawValue, "http.method": request.method.rawValue, "http.status": "\(response.status)",
            "http.milliseconds": "\(Int(seconds * 1_000))",
        ]
        Trace.$current.withValue(open.trace) {
            if isFailure {
                log.warning("A request was answered with a failure.", metadata)
            } else {
                log.debug("A request was answered.", metadata)
            }
        }
    }

    /// The caller's name for the request, or one that is made up.
    private func requestId(_ request: HTTPRequest) -> String {
        guard let given = request.headers["X-Request-Id"], (1...Self.idLimit).contains(given.utf8.count),
            given.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2D, 0x2E, 0x5F].contains(byte)
            })
        else { return tracer.makeRequestId() }
        return given
    }

    private static var now: UInt64 { Tracer.steadyTime() }

    private static func seconds(since start: UInt64) -> Double { Double(Tracer.steadyTime() &- start) / 1_000_000_000 }
}
