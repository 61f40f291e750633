import Base
import Engine
import Kernel
import Store
import TestKit

/// A world with a runner of jobs, and a tally of what its handlers did.
struct Bench {
    let world: World
    let queue: JobQueue
    let tally = Locked<[String]>([])
    let discarded = Locked<[String]>([])

    init() throws {
        world = try World(apps: [BaseApp.app])
        queue = JobQueue(world.database)
    }

    /// A runner of the queue `default`; what failed for the last time goes into `discarded`.
    func runner(_ handlers: [JobHandler], adjust: (inout JobOptions) -> Void = { _ in }) -> JobRunner {
        var options = JobOptions(queues: [JobOptions.Queue("default")])
        adjust(&options)
        let discarded = discarded
        return JobRunner(
            database: world.database, handlers: handlers, options: options,
            onDiscard: { job, reason, env in
                try env.create(Partner.self, ["name": .text("Exception of job \(job.id)")])
                discarded.withLock { $0.append(reason) }
            })
    }

    /// A handler that writes its name down.
    func counting(_ kind: String) -> JobHandler {
        let tally = tally
        return JobHandler(
            kind,
            outside: { job in
                tally.withLock { $0.append("\(kind) \(job.attempt)") }
                return { _ in }
            })
    }

    func partners(_ name: String) throws -> Int {
        try world.act { env in try env.search(Partner.self, .where("name", .equal, .text(name))).count }
    }

    var done: [String] { tally.withLock { $0 } }
}

/// Waits until something is so; false when it takes too long.
func eventually(seconds: Double = 10, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
        if try await condition() { return true }
        try? await clock.sleep(for: .milliseconds(10))
    }
    return false
}
