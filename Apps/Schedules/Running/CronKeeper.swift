import Base
import Kernel
import Store

/// Looks after schedules from outside the queue: rows for what apps bring along, and times that a wrong clock left far ahead.
public final class CronKeeper: Sendable {
    /// Seconds between two looks, by a clock that nobody sets.
    static let lookSeconds = 60

    /// How far ahead of the clock a last run must lie to prove that the clock was wrong; less is left to the schedule itself, which waits.
    static let wrongClockSeconds = 86_400

    private let database: Database
    private let task = Locked<Task<Void, Never>?>(nil)

    /// A keeper of a database's schedules.
    public init(_ database: Database) { self.database = database }

    /// Looks now and then from now on.
    public func start() {
        let database = database
        let loop = Task.detached {
            while !Task.isCancelled {
                _ = try? await database.write(as: .system, superuser: true) { try CronKeeper.mend($0) }
                try? await Task.sleep(for: .seconds(CronKeeper.lookSeconds))
            }
        }
        task.withLock { $0 = loop }
    }

    /// Looks no more.
    public func stop() { task.withLock { $0?.cancel() } }

    /// Makes missing rows, and puts schedules back whose last run lies ahead of the clock: it was put back since.
    public static func mend(_ env: Environment) throws {
        let env = env.asSuperuser("schedules are kept by the machine")
        for schedule in env.registry.offered(as: BuiltInSchedule.self) where try Reference.find(schedule.key, env) == nil {
            try make(schedule, env)
        }
        let ahead = Domain.where("lastcall", .greater, .instant(env.now + wrongClockSeconds))
        for cron in try env.with(context: ["active_test": false]).search(Cron.self, ahead) {
            guard let schedule = try Schedule.inForce(cron.id, env), schedule.isActive else { continue }
            let next = try Timetable(schedule.timing, env).next(due: env.now, after: env.now)
            try cron.write(["lastcall": .instant(env.now), "nextcall": .instant(next), "running_job": 0, "running_until": .null])
        }
    }

    private static func make(_ schedule: BuiltInSchedule, _ env: Environment) throws {
        let cron = try env.create(
            Cron.self,
            [
                "cron_name": .text(schedule.title), "builtin_key": .text(schedule.key), "interval_number": .int(schedule.number),
                "interval_type": .text(schedule.unit.rawValue), "cron_expression": .text(schedule.expression),
                "priority": .int(schedule.priority), "user_id": .int(UserContext.system.id),
            ])
        if !schedule.expression.isEmpty { try cron.write(["nextcall": .instant(try Timetable(cron).next(due: env.now, after: env.now))]) }
        try Reference.name(cron.records, schedule.key)
    }
}
