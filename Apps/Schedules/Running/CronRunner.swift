import Engine
import Exceptions
import Kernel
import Store

/// Does the jobs of schedules.
///
/// What a turn changes, the next time and the next job are one transaction, which first proves the job's lease and then the turn's number:
/// a crash before it leaves the turn to be done again, a crash after it leaves a job that finds its turn done.
public struct CronRunner: Sendable {
    /// Units of work, and seconds, of one run before it makes room for others when work remains.
    static let leastUnits = 10
    /// Times that a run may end without a word before that counts as a failure.
    static let silentLimit = 3
    /// Failures, and the days that they must span, after which a schedule is switched off.
    static let failureLimit = 5
    static let failureDays = 7

    let database: Database
    private let roomSeconds: Double

    /// A runner of a database's schedules.
    ///
    /// - Parameter roomSeconds: How long a run may take before it makes room for others, once it has had its least number of units.
    public init(_ database: Database, roomSeconds: Double = CronTurn.roomSeconds) {
        self.database = database
        self.roomSeconds = roomSeconds
    }

    /// The handler of the jobs.
    public var handler: JobHandler {
        JobHandler(
            Dispatch.kind,
            outside: { job in
                try await work(job)
                return { _ in }
            })
    }

    private enum Step: Sendable { case over, again, partial }

    private func work(_ job: LeasedJob) async throws {
        guard let id = job.payload["cron"]?.intValue else { return }
        let started = ContinuousClock().now
        do {
            if job.attempt > CronRunner.silentLimit { throw CronRunner.silent }
            var units = 0
            while true {
                let mayGoOn = units + 1 < CronRunner.leastUnits || ContinuousClock().now - started < .seconds(roomSeconds)
                guard try await unit(job, id, started, mayGoOn) == .again else { return }
                units += 1
            }
        } catch {
            if (error as? Refusal)?.code == "job.stale_lease" { throw error }
            try await fail(job, id, CronRunner.reason(of: error))
        }
    }

    /// One unit of work of a run, as the schedule's user.
    private func unit(_ job: LeasedJob, _ id: Int, _ started: ContinuousClock.Instant, _ mayGoOn: Bool) async throws -> Step {
        guard let who = try await database.read(as: .system, superuser: true, { try Schedule.inForce(id, $0) }) else { return .over }
        let actor = who.user == UserContext.system.id ? UserContext.system : try await database.blocking { try database.user(who.user) }
        return try await database.write(as: actor, superuser: !who.builtIn.isEmpty || actor.id == UserContext.system.id) { env in
            let superuser = env.asSuperuser("a run keeps its own books")
            try CronRunner.prove(job, superuser)
            guard let (schedule, cron) = try CronRunner.due(job, id, superuser) else { return .over }
            // Another version came in force while the run began: the same again, with its user.
            guard schedule.user == who.user, schedule.builtIn == who.builtIn else { return .again }
            try cron.write(["running_job": .int(job.id), "running_until": .instant(env.now + Dispatch.holdSeconds)])
            let turn = CronTurn(env, started: started)
            try CronWork.run(schedule, cron, turn)
            return try CronRunner.settle(schedule, cron, turn, job, mayGoOn)
        }
    }

    /// Refuses to work with a lease that another worker has by now.
    private static func prove(_ job: LeasedJob, _ env: Environment) throws {
        _ = try JobTable(env)?.extend(job.lease, seconds: Dispatch.holdSeconds, now: env.now)
    }

    /// The schedule as it was released and its record, if the job's turn or trigger is still to be done.
    private static func due(_ job: LeasedJob, _ id: Int, _ env: Environment) throws -> (Schedule, Record<Cron>)? {
        let all = try env.with(context: ["active_test": false])
        guard let schedule = try Schedule.inForce(id, env), schedule.isActive,
            let cron = try all.search(Cron.self, .where("id", .equal, .int(id))).first.map({ env.record(Cron.self, $0.id) }),
            cron.stopped.isEmpty
        else { return nil }
        if cron.runningJob != job.id, Dispatch.isRunning(cron) {
            try wait(job, id, env)
            return nil
        }
        if let trigger = job.payload["trigger"]?.intValue {
            return try env.search(CronTrigger.self, .where("id", .equal, .int(trigger))).isEmpty ? nil : (schedule, cron)
        }
        return job.payload["turn"]?.intValue == cron.turn ? (schedule, cron) : nil
    }

    /// Another run of the schedule is not over yet: the same again later, as a job of its own whose attempts are counted anew.
    private static func wait(_ job: LeasedJob, _ id: Int, _ env: Environment) throws {
        try env.unit.transaction.enqueue(
            JobRequest(
                Dispatch.kind, queue: Dispatch.queue, payload: job.payload, uniqueKey: "cron:\(id):after:\(job.id)", runAt: env.now + 5))
    }

    /// What follows from a unit of work that went well.
    private static func settle(
        _ schedule: Schedule, _ cron: Record<Cron>, _ turn: CronTurn, _ job: LeasedJob, _ mayGoOn: Bool
    ) throws -> Step {
        let now = cron.env.now
        try note(cron, turn, job)
        let isUnfinished = (turn.remaining ?? 0) > 0
        if isUnfinished, mayGoOn, turn.done > 0 { return .again }
        var values: ValueMap = [
            "lastcall": .instant(now), "running_job": 0, "running_until": .null, "failure_count": 0, "first_failure_date": .null,
        ]
        if turn.isDeactivating { values["stopped_reason"] = "Its work is done." }
        if cron.failures > 0 { try ExceptionCase.settle(cron.records, "The scheduled action ran.") }
        if isUnfinished {
            // Behind others: the queue takes what was due earlier first.
            try cron.write(values)
            if job.payload["trigger"] != nil {
                try Dispatch.trigger(cron, at: [now])
                try forget(job, cron)
            } else {
                try Dispatch.enqueue(cron, at: now)
            }
            return .partial
        }
        try cron.env.search(CronTrigger.self, .where("cron_id", .equal, .int(cron.id)) & .where("call_at", .lessOrEqual, .instant(now)))
            .unlink()
        try forget(job, cron)
        try advance(schedule, cron, values, notBefore: now, isTurn: job.payload["turn"] != nil)
        return .over
    }

    private static func forget(_ job: LeasedJob, _ cron: Record<Cron>) throws {
        guard let trigger = job.payload["trigger"]?.intValue else { return }
        try cron.env.search(CronTrigger.self, .where("id", .equal, .int(trigger))).unlink()
    }

    /// Writes what a run left and, when the usual time was due, the next one with its job.
    private static func advance(
        _ schedule: Schedule, _ cron: Record<Cron>, _ values: ValueMap, notBefore: Instant, isTurn: Bool
    ) throws {
        var values = values
        let now = cron.env.now
        let due = cron.next ?? now
        if isTurn || due <= now {
            values["nextcall"] = .instant(try Timetable(schedule.timing, cron.env).next(due: due, after: notBefore))
        }
        try cron.write(values)
    }

    /// A line of progress for each run, its units added up.
    private static func note(_ cron: Record<Cron>, _ turn: CronTurn, _ job: LeasedJob) throws {
        guard turn.done > 0 || turn.remaining != nil else { return }
        let env = cron.env
        let rows = try env.search(CronProgress.self, .where("cron_id", .equal, .int(cron.id)), order: "id desc")
        if let open = rows.first, open.remaining > 0, open.error.isEmpty {
            try open.write([
                "done": .int(open.done + turn.done), "remaining": .int(turn.remaining ?? 0), "deactivate": .bool(turn.isDeactivating),
            ])
            return
        }
        try env.create(
            CronProgress.self,
            [
                "cron_id": .int(cron.id), "done": .int(turn.done), "remaining": .int(turn.remaining ?? 0),
                "deactivate": .bool(turn.isDeactivating), "timed_out_counter": .int(job.attempt - 1),
            ])
        if rows.count >= CronProgress.limit {
            try Recordset<CronProgress>(env.records(CronProgress.self, Array(rows.ids.dropFirst(CronProgress.limit - 1))).records).unlink()
        }
    }

    /// A run that failed: counted, told, and tried again later each time; after a week of failures the schedule is switched off.
    private func fail(_ job: LeasedJob, _ id: Int, _ reason: String) async throws {
        try await database.write(as: .system, superuser: true) { env in
            try CronRunner.prove(job, env)
            guard let (schedule, cron) = try CronRunner.due(job, id, env) else { return }
            let count = cron.failures + 1
            let first = cron.firstFailure ?? env.now
            let isHopeless = count >= CronRunner.failureLimit && env.now - first >= CronRunner.failureDays * 86_400
            try env.create(
                CronProgress.self,
                ["cron_id": .int(id), "error": .text(String(reason.prefix(500))), "timed_out_counter": .int(job.attempt - 1)])
            try CronRunner.forget(job, cron)
            let values: ValueMap = [
                "lastcall": .instant(env.now), "failure_count": .int(count), "first_failure_date": .instant(first), "running_job": 0,
                "running_until": .null,
                "stopped_reason": isHopeless ? .text("It failed \(count) times within a week: \(String(reason.prefix(500)))") : .null,
            ]
            let wait = JobTable.backOff(count, salt: id) * 60
            try CronRunner.advance(schedule, cron, values, notBefore: env.now + min(wait, 21_600) - 60, isTurn: job.payload["turn"] != nil)
            try ExceptionCase.raise(
                isHopeless ? "schedule.deactivated" : "schedule.failed",
                isHopeless
                    ? "The scheduled action '\(cron.displayedName)' failed \(count) times within a week and was switched off: \(reason)"
                    : "The scheduled action '\(cron.displayedName)' failed: \(reason)",
                remedy: "Remove the cause, then run it by hand; switch it on again when it was switched off.", source: "schedules",
                on: cron.records, in: env.because(schedule.cause, on: cron.records))
        }
    }

    private static let silent = Refusal(
        "cron.silent", .internalFault, "The run did not end in \(silentLimit) attempts: its process stopped or took too long.")

    private static func reason(of error: any Error) -> String {
        (error as? Refusal)?.description ?? "An unexpected failure: \(type(of: error))."
    }
}
