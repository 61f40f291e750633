import Base
import Engine
import Kernel
import Store

/// Puts schedules into the queue of jobs: one job for each turn, in the unit of work that decides the time.
public enum Dispatch {
    /// The queue of schedules.
    public static let queue = "cron"
    static let kind = "cron.run"
    /// Seconds that a run holds its schedule; the job's lease is as long.
    static let holdSeconds = 60

    /// A new turn: the job of the one before will do nothing.
    static func enqueue(_ cron: Record<Cron>, at moment: Instant? = nil) throws {
        try enqueue(cron, as: Schedule.inForce(cron.id, cron.env), at: moment)
    }

    /// The same for what has just come in force, or has ended with nothing in its place.
    static func enqueue(_ cron: Record<Cron>, as schedule: Schedule?, at moment: Instant? = nil) throws {
        let env = cron.env.asSuperuser("the queue is kept by the machine")
        let own = env.record(Cron.self, cron.id)
        let turn = own.turn + 1
        try own.write(["turn": .int(turn)])
        guard let schedule, schedule.isActive, own.stopped.isEmpty, let next = moment ?? own.next else { return }
        try env.unit.transaction.enqueue(
            JobRequest(
                kind, queue: queue, payload: ["cron": .int(cron.id), "turn": .int(turn)], uniqueKey: "cron:\(cron.id):\(turn)", runAt: next,
                priority: min(own.failures, 99) * 100 + schedule.priority))
    }

    /// Lets schedules go on that their runs had switched off.
    static func resume(_ crons: Recordset<Cron>) throws {
        let env = crons.env.asSuperuser("what runs switched off, people switch on")
        for cron in env.records(Cron.self, crons.ids) where cron.active && !cron.stopped.isEmpty {
            try cron.write(["stopped_reason": .null, "failure_count": 0, "first_failure_date": .null])
            try enqueue(cron)
        }
    }

    /// Runs a schedule at other moments beside its usual ones.
    public static func trigger(_ cron: Record<Cron>, at moments: [Instant]) throws {
        let env = cron.env.asSuperuser("whoever may set a schedule off leaves the trigger to the machine")
        let schedule = try Schedule.require(env.record(Cron.self, cron.id))
        let waiting = try env.count(CronTrigger.self, .where("cron_id", .equal, .int(cron.id)))
        guard waiting + moments.count <= CronTrigger.limit else {
            throw Refusal(
                "cron.too_many_triggers", .limit, "\(CronTrigger.limit) triggers of '\(cron.displayedName)' wait already.",
                instruction: "Wait until some have run.")
        }
        for moment in moments {
            let row = try env.create(CronTrigger.self, ["cron_id": .int(cron.id), "call_at": .instant(moment)])
            try env.unit.transaction.enqueue(
                JobRequest(
                    kind, queue: queue, payload: ["cron": .int(cron.id), "trigger": .int(row.id)],
                    uniqueKey: "cron:\(cron.id):trigger:\(row.id)", runAt: moment, priority: schedule.priority))
        }
    }

    /// Runs a schedule that an app registered, at moments beside its usual ones.
    public static func trigger(_ key: String, at moment: Instant? = nil, _ env: Environment) throws {
        let env = env.asSuperuser("apps set their own schedules off")
        guard let id = try Reference.find(key, env) else { return }
        try trigger(env.record(Cron.self, id), at: [moment ?? env.now])
    }

    /// Runs a schedule in this unit of work; its times stay as they are.
    static func runNow(_ cron: Record<Cron>) throws {
        try CronRules.refuseRunning(cron.asSet)
        let superuser = cron.env.asSuperuser("a run keeps its own books")
        let own = superuser.record(Cron.self, cron.id)
        let schedule = try Schedule.require(own)
        try CronWork.run(schedule, own, CronTurn(try environment(of: schedule, own), started: ContinuousClock().now))
        try own.write(["lastcall": .instant(superuser.now)])
    }

    /// The environment of the schedule's user, whoever sets it off.
    private static func environment(of schedule: Schedule, _ cron: Record<Cron>) throws -> Environment {
        if schedule.user == UserContext.system.id || !schedule.builtIn.isEmpty {
            return Environment(unit: cron.env.unit, user: .system, isSuperuser: true)
        }
        guard let user = try cron.env.registry.directory.user(schedule.user, in: cron.env) else {
            throw Refusal(
                "access.unknown_user", .unauthenticated, "There is no active user \(schedule.user).",
                instruction: "Give the schedule another user.")
        }
        return cron.env.with(user: user)
    }

    /// Whether a run holds the schedule. A hold that ends far ahead was made by a clock that was wrong.
    static func isRunning(_ cron: Record<Cron>) -> Bool {
        guard cron.runningJob > 0, let until = cron.runningUntil else { return false }
        return until > cron.env.now && until <= cron.env.now + 2 * holdSeconds
    }
}

/// Finds out what a schedule does, and does it.
enum CronWork {
    static func run(_ schedule: Schedule, _ cron: Record<Cron>, _ turn: CronTurn) throws {
        turn.hold()
        let env = turn.env.because(schedule.cause, on: cron.records)
        let held = CronTurn(env, started: turn.started)
        held.hold()
        defer { turn.take(held) }
        if let known = env.registry.offered(as: BuiltInSchedule.self).first(where: { $0.key == schedule.builtIn }) {
            return try known.body(held)
        }
        for work in env.registry.offered(as: (any ScheduledWork).self) where try work.run(schedule, held) { return }
        throw Refusal(
            "cron.nothing_to_do", .missing, "Nothing in this program knows what the scheduled action '\(schedule.name)' does.",
            instruction: "Give it a server action, or archive it.")
    }
}
