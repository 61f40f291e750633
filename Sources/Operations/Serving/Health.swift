import HTTPServer
import JSON
import Kernel
import Store

/// `/health` and `/ready`: whether the program works, for whoever watches it; no sign-in, nothing about anybody.
///
/// `/health` asks whether the process answers and the database can be read: starting it anew may help when it says no. `/ready` asks whether
/// it can do its whole work, writing included: a disk that is full or a database that only reads makes it say no, and nobody starts anything
/// anew for that.
package struct Health: Sendable {
    /// Seconds for which the answer about writing is given out again, so that nobody can make the program write by asking.
    package static let probeSeconds = 5.0
    /// The setting that the probe writes.
    package static let probeKey = "ready.probe"

    /// Free bytes of the database's disk below which it counts as full: a probe of some bytes may still fit where no record does.
    package static let leastBytes = 256 << 10

    package let database: Database
    /// The folder with the database's file; nil where the records are elsewhere.
    private let folder: String?
    private let stopping = Locked(false)
    private let probed = Locked<(at: ContinuousClock.Instant, refusal: String?)?>(nil)

    package init(_ database: Database, folder: String? = nil) {
        self.database = database
        self.folder = folder
    }

    /// From now on `/ready` says no, so that a balancer sends nothing more.
    package func beginStop() { stopping.withLock { $0 = true } }

    /// Where the database is asked all the time anyhow the answers never wait: they say no while every thread waits for a frozen server.
    package func add(to router: inout Router) {
        if database.isAnswering == nil {
            router.on(.get, "/health") { _ in health(await databaseWorks()) }
            router.on(.get, "/ready") { _ in await ready() }
        } else {
            router.onAtOnce(.get, "/health") { _ in health(database.isAnswering ?? false) }
            router.onAtOnce(.get, "/ready") { _ in readyAtOnce() }
        }
    }

    /// Whether `/ready` says yes.
    package func isReady() async -> Bool { await ready().status == 200 }

    private func health(_ works: Bool) -> HTTPResponse {
        .json(body(works ? "ok" : "failing", database: works ? "ok" : "failing"), status: works ? 200 : 503)
    }

    private func ready() async -> HTTPResponse {
        if isStopping { return ready(works: true, refusal: nil) }
        guard await databaseWorks() else { return ready(works: false, refusal: nil) }
        return ready(works: true, refusal: await writingRefusal())
    }

    /// What was last known of writing; asking makes it known anew.
    private func readyAtOnce() -> HTTPResponse {
        let works = database.isAnswering ?? false
        if works { Task { await writingRefusal() } }
        return ready(works: works, refusal: probed.withLock { $0?.refusal })
    }

    private var isStopping: Bool { stopping.withLock { $0 } }

    private func ready(works: Bool, refusal: String?) -> HTTPResponse {
        if isStopping { return .json(body("stopping", database: "ok"), status: 503) }
        guard works else { return health(false) }
        guard let refusal else { return .json(body("ok", database: "ok"), status: 200) }
        return .json(body("read_only", database: refusal), status: 503)
    }

    private func body(_ status: String, database: String) -> JSON {
        ["status": .string(status), "version": .string(ProgramVersion.text), "database": .string(database)]
    }

    private func databaseWorks() async -> Bool {
        if let isAnswering = database.isAnswering { return isAnswering }
        let one = (try? await database.inspect { try $0.first("SELECT 1", [], .integer) }) ?? .null
        return one.intValue == 1
    }

    /// The code of what stands in the way of writing; nil when nothing does.
    @discardableResult private func writingRefusal() async -> String? {
        let now = ContinuousClock.now
        if isFull(now) { return Refusal.full().code }
        // One caller writes; others get what was known meanwhile.
        let known = probed.withLock { probed -> (isDue: Bool, refusal: String?) in
            let isDue = probed.map { $0.at + .seconds(Self.probeSeconds) <= now } ?? true
            if isDue { probed = (now, probed?.refusal) }
            return (isDue, probed?.refusal)
        }
        guard known.isDue else { return known.refusal }
        let (dialect, moment) = (database.dialect, database.clock.now)
        var refusal: String?
        do { try await database.system { try Settings($0, dialect).set(Self.probeKey, moment.description) } } catch {
            refusal = (error as? Refusal)?.code ?? "store.failed"
        }
        probed.withLock { [refusal] in $0 = (now, refusal) }
        return refusal
    }

    /// Whether work was refused lately for want of room, or the disk has next to none.
    private func isFull(_ now: ContinuousClock.Instant) -> Bool {
        if let last = database.counts.now.fullAt, last + .seconds(Self.probeSeconds) > now { return true }
        return folder.flatMap(MachineFigures.freeBytes).map { $0 < Self.leastBytes } ?? false
    }
}
