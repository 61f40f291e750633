import Foundation
import HTTPServer
import Kernel
import Operations
import Store

/// `baton serve`: opens the database and the doors, and serves until it is asked to stop.
enum ServeCommand {
    static let command = Command(
        path: ["serve"], summary: "Serves the database in a folder.",
        details: """
            Makes the folder and the database when they are absent and brings the tables up to date. SIGTERM or Ctrl-C stops it:
            the doors close, work in hand is finished, the audit trail is signed.
            """,
        options: ServeConfiguration.options
    ) { try run(try ServeConfiguration($0)) }

    /// Seconds that requests in hand and jobs get when the program is asked to stop.
    static let graceSeconds = 10.0
    /// Seconds that the last spans get to reach their collector.
    static let traceSeconds = 3.0

    private static func run(_ configuration: ServeConfiguration) throws -> Int32 {
        StopSignal.prepare()
        let files = FileLimit.raise()
        let log = Log(level: configuration.logLevel)
        log.debug("Starting.", ["baton.version": ProgramVersion.text, "process.files": "\(files)"])
        // Nobody else on this machine reads what is stored.
        umask(0o077)
        let folder = configuration.folder
        try folder.create()
        try folder.lock()
        let database = try folder.open()
        let served = try open(configuration, folder, database, log)
        StopSignal.wait()
        served.house.health.beginStop()
        drain(configuration.drainSeconds, log)
        log.info("Stopping: doors close, work in hand is finished.")
        stop(served, database)
        log.info("Stopped.")
        return ExitCode.done
    }

    private struct Served: Sendable {
        let house: House
        let server: HTTPServer
        let others: [any OpenDoor]
        let metrics: MetricsDoor?
        let jobs: Jobs
    }

    private static func open(
        _ configuration: ServeConfiguration, _ folder: DataFolder, _ database: Database, _ log: Log
    ) throws -> Served {
        let password = try DatabaseSetup(database: database, log: log).run(
            demo: configuration.isDemo, adminPassword: configuration.adminPassword)
        try NodeKeys.check(database, folder)
        try DatabaseSetup.sealSecrets(of: database, in: folder, log)
        let house = try House(database, configuration, log)
        let jobs = try Jobs(house)
        let server = HTTPServer(
            configuration: configuration.http, handler: try Doors.handler(house), workers: database.workers)
        let others = try waiting { try await Doors.openOthers(house) }
        try server.start()
        let metrics = try Doors.metrics(house, server)
        house.exporter?.start()
        jobs.start()
        let scheme = configuration.tls == nil ? "http" : "https"
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let welcome = Welcome(
            address: "\(scheme)://\(host):\(server.port)", configuration: configuration, madeUpPassword: password,
            mllpPort: others.compactMap { ($0 as? OpenMLLP)?.port }.first,
            signs: others.compactMap(\.sign) + [metrics?.sign].compactMap { $0 })
        Output.line(welcome.text)
        log.info("Serving.", ["http.port": "\(server.port)", "store.path": configuration.folder.place])
        return Served(house: house, server: server, others: others, metrics: metrics, jobs: jobs)
    }

    /// Lets balancers see that /ready says no before the doors close.
    private static func drain(_ seconds: Int, _ log: Log) {
        guard seconds > 0 else { return }
        log.info("Stopping soon: /ready says no.", ["drain.seconds": "\(seconds)"])
        sleep(UInt32(seconds))
    }

    /// Doors first, then work in hand, then the database, which signs the end of the trail.
    private static func stop(_ served: Served, _ database: Database) {
        waiting {
            for door in served.others { await door.stop(graceSeconds: graceSeconds) }
            await served.server.stop(graceSeconds: graceSeconds)
            await served.jobs.stop(graceSeconds: graceSeconds)
            await served.metrics?.stop(graceSeconds: 1)
        }
        served.house.exporter?.stop(graceSeconds: traceSeconds)
        database.close()
    }

    /// Lets this thread, the program's first, wait for work of tasks.
    static func waiting<Answer: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let done = DispatchSemaphore(value: 0)
        let result = Locked<Result<Answer, Failure>?>(nil)
        Task.detached {
            let outcome: Result<Answer, Failure>
            do throws(Failure) { outcome = .success(try await work()) } catch { outcome = .failure(error) }
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        guard let outcome = result.withLock({ $0 }) else { preconditionFailure("the work was signalled as done") }
        return try outcome.get()
    }
}
