import Base
import Clocks
import Kernel

/// Adds events to clocks, keeps what they add up to beside them, and sets the timers of warning and breach.
struct ClockWriter {
    private let env: Environment

    init(_ env: Environment) { self.env = env.asSuperuser("clocks are kept by the machine") }

    /// Starts a clock for a record.
    @discardableResult
    func start(_ policy: CompiledPolicy, on record: Records, company: Int?) throws -> Record<Clock> {
        var calendar: Int?
        switch policy.hours {
        case .always: calendar = nil
        case .calendar: calendar = policy.calendar
        case .site: calendar = try CalendarBook.calendarId(of: company, env)
        }
        let promise = try policy.promise.promise(for: record.with(env), company: company)
        let clock = try env.because(policy.cause, on: record).create(
            Clock.self,
            [
                "name": .text(policy.promise.name), "policy_id": .int(policy.id), "res_model": .text(record.model.name),
                "res_id": .int(record.ids.first ?? 0), "company_id": company.map { .int($0) } ?? .null,
                "calendar_id": calendar.map { .int($0) } ?? .null, "target_minutes": .int(promise.minutes),
                "warn_percent": .int(promise.warn), "decision": .text(promise.decision), "started_at": .instant(env.now),
            ])
        try add(.start, to: clock, because: policy.cause, promise: promise)
        return clock
    }

    /// Gives a clock that runs another promise.
    func change(_ clock: Record<Clock>, to promise: Promise, because reason: String) throws {
        try env.because(reason).record(Clock.self, clock.id).write([
            "target_minutes": .int(promise.minutes), "warn_percent": .int(promise.warn), "decision": .text(promise.decision),
        ])
        try add(.target, to: clock, because: reason, promise: promise)
    }

    /// Adds an event and brings everything that follows from it up to date.
    func add(
        _ kind: ClockRecordEvent.Kind, to clock: Record<Clock>, at: Instant? = nil, because reason: String, outcome: Clock.Outcome? = nil,
        promise: Promise? = nil
    ) throws {
        let own = env.because(reason).record(Clock.self, clock.id)
        let known = try ClockReader(own).events()
        var values: ValueMap = [
            "clock_id": .int(clock.id), "sequence": .int(known.count + 1),
            "at": .instant(max(at ?? env.now, known.last?.at ?? Instant(seconds: 0))),
            "kind": .text(kind.rawValue), "reason": .text(reason), "user_id": .int(env.user.id), "holder_id": try holder(of: own),
        ]
        if kind == .start || kind == .calendar, let calendar = own.calendar {
            values["calendar_version_id"] = .int(try CalendarBook.version(of: calendar.id, env).id)
        }
        if kind == .start || kind == .target {
            values["target_minutes"] = .int(own.target)
            values["warn_percent"] = .int(own.warn)
            values["decision"] = .text(promise?.decision ?? "")
            values["decision_inputs"] = promise.map { .json($0.evidence) } ?? .null
        }
        try own.env.create(ClockRecordEvent.self, values)
        try bringUpToDate(own, outcome)
    }

    /// Who has the record in their hands.
    private func holder(of clock: Record<Clock>) throws -> Value {
        guard let model = env.registry.model(clock.recordModel), let field = model.field("user_id"), field.kind.comodel == "res.users"
        else {
            return .null
        }
        return try Records(model, [clock.record], env).value(clock.record, field)
    }

    private func bringUpToDate(_ clock: Record<Clock>, _ outcome: Clock.Outcome?) throws {
        let events = try ClockReader(clock).events()
        let reading = try ClockReader(clock).folded(events).reading(at: events.last?.at ?? env.now)
        var values: ValueMap = [
            "state": .text(reading.state.rawValue), "elapsed_minutes": .int(reading.elapsedMinutes),
            "warn_at": reading.warnAt.map { .instant($0) } ?? .null, "breach_at": reading.breachAt.map { .instant($0) } ?? .null,
        ]
        if reading.state == .stopped {
            values["stopped_at"] = .instant(events.last?.at ?? env.now)
            values["outcome"] = .text((outcome ?? (reading.isBreached ? .broken : .kept)).rawValue)
            if reading.isBreached { values["is_breached"] = true }
        }
        try clock.write(values)
        if reading.state == .running { try setTimers(clock, reading, events.count) }
    }

    /// One job for each moment that lies ahead; an event that comes first makes it stale, and its own timers carry another key.
    private func setTimers(_ clock: Record<Clock>, _ reading: ClockReading, _ sequence: Int) throws {
        let timers: [(String, Instant?, Bool)] = [
            ("warn", reading.warnAt, clock.isWarned), ("breach", reading.breachAt, clock.isBreached),
        ]
        for (kind, at, isDone) in timers {
            guard let at, !isDone else { continue }
            try env.unit.transaction.enqueue(
                JobRequest(
                    ClockJobs.timerKind, queue: ClockJobs.queue,
                    payload: ["clock": .int(clock.id), "kind": .text(kind), "at": .instant(at)],
                    uniqueKey: "sla.timer:\(clock.id):\(kind):\(sequence)", runAt: at))
        }
    }
}
