import Crypto
import Foundation
import HTTPServer
import Kernel
import RPCDoor
import Store

/// The listener for Prometheus: `GET /metrics` and nothing else, on an address of its own, so that no proxy of the public one shows it.
package struct MetricsDoor: Sendable {
    private let server: HTTPServer
    private let access: MetricsAccess

    /// A door that listens to nobody before `start()`.
    package init(_ access: MetricsAccess, _ page: MetricsPage, stranger: @escaping @Sendable (String) -> Void) {
        self.access = access
        var configuration = HTTPServerConfiguration(host: access.host, port: access.port)
        configuration.loops = 1
        configuration.workers = 2
        configuration.maxConnections = 64
        configuration.maxBodyBytes = 0
        var router = Router()
        let token = access.token
        router.on(.get, "/metrics") { request in
            guard MetricsDoor.isKnown(request, token) else {
                stranger(request.remoteAddress)
                return .problem(
                    401, code: "metrics.unauthenticated", detail: "The figures are for whoever has the token.",
                    instruction: "Send the header Authorization: Bearer, with the token of --metrics-token.",
                    headers: ["WWW-Authenticate": "Bearer"])
            }
            let text = await page.text()
            return HTTPResponse(headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], body: Array(text.utf8))
        }
        server = HTTPServer(configuration: configuration, handler: router)
    }

    /// Whether a caller may see the figures.
    private static func isKnown(_ request: HTTPRequest, _ token: String?) -> Bool {
        guard let token else { return true }
        guard let header = request.headers["Authorization"], header.lowercased().hasPrefix("bearer ") else { return false }
        return ConstantTime.equal(String(header.dropFirst(7)), token)
    }

    package func start() throws { try server.start() }
}

extension MetricsDoor: OpenDoor {
    package var sign: String? { "http://\(access.host.contains(":") ? "[\(access.host)]" : access.host):\(server.port)/metrics" }

    package func stop(graceSeconds: Double) async { await server.stop(graceSeconds: graceSeconds) }
}

/// Puts the page of figures together.
package final class MetricsPage: Sendable {
    /// Seconds for which figures of the database are given out again.
    package static let databaseSeconds = 5.0

    private let house: House
    private let connections: @Sendable () -> Int
    private let read = Locked<(at: ContinuousClock.Instant, figures: DatabaseFigures?)?>(nil)

    package init(_ house: House, connections: @escaping @Sendable () -> Int) {
        self.house = house
        self.connections = connections
    }

    package func text() async -> String {
        var text = MetricsText()
        text.add("baton_build_info", [ProgramVersion.text], 1)
        house.requests.write(to: &text)
        text.add("baton_http_connections", [], connections())
        house.jobCounts.write(to: &text)
        if let counts = house.exporter?.counts {
            text.add("baton_trace_spans_total", ["sent"], counts.sent)
            text.add("baton_trace_spans_total", ["dropped"], counts.dropped)
        }
        writeStore(&text)
        let figures = await databaseFigures()
        text.add("baton_metrics_database_up", [], figures == nil ? 0 : 1)
        figures?.write(to: &text)
        text.add("baton_ready", [], await house.health.isReady() ? 1 : 0)
        MachineFigures.write(house.configuration.folder, to: &text)
        return text.text
    }

    private func writeStore(_ text: inout MetricsText) {
        let (counts, load, workers) = (house.database.counts.now, house.database.load, house.database.workers.load)
        for (outcome, count) in [("committed", counts.committed), ("undone", counts.undone), ("read", counts.read)] {
            text.add("baton_units_total", [outcome], count)
        }
        text.add("baton_commits_total", [], load.commits)
        text.add("baton_waiting_writes", [], load.waitingWrites)
        for pool in load.pools {
            for (state, count) in [("busy", pool.busy), ("free", pool.free), ("limit", pool.limit)] {
                text.add("baton_store_connections", [pool.name, state], count)
            }
        }
        text.add("baton_worker_threads_idle", [], workers.idle)
        text.add("baton_worker_queue", [], workers.waiting)
        let rules = house.ruleCounts.now
        text.add("baton_rules_total", ["run"], rules.run)
        text.add("baton_rules_total", ["failed"], rules.failed)
    }

    /// The figures of the database, asked at most once in a while however often the page is.
    private func databaseFigures() async -> DatabaseFigures? {
        let now = ContinuousClock.now
        if let known = read.withLock({ $0 }), known.at + .seconds(Self.databaseSeconds) > now { return known.figures }
        let figures = try? await DatabaseFigures.read(house.database)
        read.withLock { $0 = (now, figures) }
        return figures
    }
}
