import HTTPServer
import JSON
import Kernel
import Store

/// `/health` and `/ready`: whether the program works, for whoever watches it; no sign-in, nothing about anybody.
struct Health: Sendable {
    let database: Database
    private let stopping = Locked(false)

    init(_ database: Database) { self.database = database }

    /// From now on `/ready` says no, so that a balancer sends nothing more.
    func beginStop() { stopping.withLock { $0 = true } }

    /// Where the database is asked all the time anyhow the answer never waits: it says no while every thread waits for a frozen server.
    func add(to router: inout Router) {
        for (path, isReadiness) in [("/health", false), ("/ready", true)] {
            if database.isAnswering == nil {
                router.on(.get, path) { _ in answer(await databaseWorks(), isReadiness: isReadiness) }
            } else {
                router.onAtOnce(.get, path) { _ in answer(database.isAnswering ?? false, isReadiness: isReadiness) }
            }
        }
    }

    private func answer(_ works: Bool, isReadiness: Bool) -> HTTPResponse {
        let isStopping = isReadiness && stopping.withLock { $0 }
        let body: JSON = [
            "status": .string(!works ? "failing" : isStopping ? "stopping" : "ok"), "version": .string(Baton.version),
            "database": .string(works ? "ok" : "failing"),
        ]
        return .json(body, status: works && !isStopping ? 200 : 503)
    }

    private func databaseWorks() async -> Bool {
        let one = (try? await database.inspect { try $0.first("SELECT 1", [], .integer) }) ?? .null
        return one.intValue == 1
    }
}
