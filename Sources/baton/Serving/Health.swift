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

    func add(to router: inout Router) {
        router.on(.get, "/health") { _ in await answer(isReadiness: false) }
        router.on(.get, "/ready") { _ in await answer(isReadiness: true) }
    }

    private func answer(isReadiness: Bool) async -> HTTPResponse {
        let works = await databaseWorks()
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
