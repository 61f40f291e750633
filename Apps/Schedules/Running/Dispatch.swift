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
        let env = cron.env.asSuperuser("the queue is kept by the machine")
        let own = env.record(Cron.self, cron.id)
        let turn = own.turn + 1
        try own.write(["turn": .int(turn)])
        guard own.active, let next = moment ?? own.next else { return }
        try env.unit.transaction.enqueue(
            JobRequest(
                kind, queue: queue, payload: ["cron": .int(cron.id), "turn": .int(turn)], uniqueKey: "cron:\(cron.id):\(turn)", runAt: next,
                priority: min(own.failures, 99) * 100 + own.priority))
    }

    /// Runs a schedule at other moments beside its usual ones.
    public static func trigger(_ cron: Record<Cron>, at moments: [Instant]) throws {
        let env = cron.env.asSuperuser("whoever may set a schedule off leaves the trigger to the machine")
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
                    uniqueKey: "cron:\(cron.id):trigger:\(row.id)", runAt: moment, priority: cron.priority))
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
        try CronWork.run(own, CronTurn(try environment(of: own), started: ContinuousClock().now))
        try own.write(["lastcall": .instant(superuser.now)])
    }

    /// The environment of the schedule's user, whoever sets it off.
    private static func environment(of cron: Record<Cron>) throws -> Environment {
        let id = cron.user?.id ?? 0
        if id == UserContext.system.id || !cron.builtIn.isEmpty {
            return Environment(unit: cron.env.unit, user: .system, isSuperuser: true)
        }
        guard let user = try cron.env.registry.directory.user(id, in: cron.env) else {
            throw Refusal(
                "access.unknown_user", .unauthenticated, "There is no active user \(id).", instruction: "Give the schedule another user.")
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
    static func run(_ cron: Record<Cron>, _ turn: CronTurn) throws {
        turn.hold()
        let env = turn.env.because("schedule:\(cron.id)@\(cron.version)", on: cron.records)
        let held = CronTurn(env, started: turn.started)
        held.hold()
        defer { turn.take(held) }
        if let known = env.registry.offered(as: BuiltInSchedule.self).first(where: { $0.key == cron.builtIn }) {
            return try known.body(held)
        }
        for work in env.registry.offered(as: (any ScheduledWork).self) where try work.run(cron, held) { return }
        throw Refusal(
            "cron.nothing_to_do", .missing, "Nothing in this program knows what the scheduled action '\(cron.displayedName)' does.",
            instruction: "Give it a server action, or archive it.")
    }
}
