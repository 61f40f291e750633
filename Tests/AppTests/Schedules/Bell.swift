import Base
import Engine
import Exceptions
import Governance
import Kernel
import Messaging
import Store
import TestKit

@testable import Schedules

/// A world with schedules that write down when they ran, and a runner that does what is due.
final class Bell: Sendable {
    /// What a run does beside writing itself down; by schedule.
    typealias Deed = @Sendable (CronTurn) throws -> Void

    let world: World
    let deeds = Locked<[String: Deed]>([:])

    init(_ schedules: [BuiltInSchedule] = []) throws {
        let deeds = deeds
        let named = ["bell.one", "bell.two", "bell.three"].map { key in
            BuiltInSchedule(key, key, every: 1, .hours) { turn in try deeds.withLock { $0[key] }?(turn) }
        }
        let app = App("bell", "Bell", needs: ["schedules"]) { app in for schedule in named + schedules { app.offer(schedule) } }
        world = try World(apps: [BaseApp.app, MessagingApp.app, ExceptionsApp.app, GovernanceApp.app, SchedulesApp.app, app])
        try world.act { try CronKeeper.mend($0) }
    }

    /// A run writes a contact: who, for which time, and when.
    static func mark(_ turn: CronTurn, _ text: String) throws { try turn.env.create(Partner.self, ["name": .text(text)]) }

    func on(_ key: String, _ deed: @escaping Deed) { deeds.withLock { $0[key] = deed } }

    func runner(roomSeconds: Double) -> JobRunner {
        JobRunner(
            database: world.database, handlers: [CronRunner(world.database, roomSeconds: roomSeconds).handler],
            options: JobOptions(queues: [JobOptions.Queue(Dispatch.queue, concurrency: 1)]))
    }

    func drain(roomSeconds: Double = 10) async throws { try await runner(roomSeconds: roomSeconds).drain() }

    func marks(_ pattern: String = "%") throws -> [String] {
        try world.act { env in
            try env.search(Partner.self, .where("name", .exactLike, .text("run " + pattern)), order: "id").map(\.displayedName)
        }
    }

    func cron<Answer: Sendable>(_ key: String, _ body: @escaping @Sendable (Record<Cron>) throws -> Answer) throws -> Answer {
        try world.act { env in try body(env.record(Cron.self, try Reference.require(key, env))) }
    }

    func refusal(_ body: () throws -> Void) -> String {
        do { try body() } catch { return (error as? Refusal)?.code ?? "\(error)" }
        return ""
    }
}
