import Base
import Clocks
import Kernel

/// Reads a clock from its events, and nothing else.
struct ClockReader {
    /// The most clocks of one proof.
    static let proofLimit = 100
    static let tooMany = Refusal(
        "clock.too_many", .limit, "At most \(proofLimit) clocks are proven at a time.", instruction: "Ask for fewer.")

    let clock: Record<Clock>
    private let env: Environment

    init(_ clock: Record<Clock>) {
        env = clock.env.asSuperuser("whoever reads a clock may see what it adds up from")
        self.clock = env.record(Clock.self, clock.id)
    }

    func events() throws -> [Record<ClockRecordEvent>] {
        try env.search(ClockRecordEvent.self, .where("clock_id", .equal, .int(clock.id)), order: "sequence").map { $0 }
    }

    /// What the clock shows now.
    func reading() throws -> ClockReading { try folded(try events()).reading(at: env.now) }

    func folded(_ events: [Record<ClockRecordEvent>]) throws -> ServiceClock {
        var calendars: [String: WorkCalendar] = [:]
        for version in Set(events.compactMap { $0.calendar?.id }) { calendars[String(version)] = try CalendarBook.kept(version, env) }
        return try ServiceClock(events.map(ClockReader.event), calendars: calendars)
    }

    private static func event(_ event: Record<ClockRecordEvent>) -> ClockEvent {
        ClockEvent(
            event.kind.flatMap { ClockEvent.Kind(rawValue: $0.rawValue) } ?? .pause, at: event.at ?? Instant(seconds: 0),
            calendar: event.calendar.map { String($0.id) } ?? "", targetMinutes: event.target, warnPercent: event.warn)
    }

    /// The clock measured again from its events and kept calendars, compared with what is stored, with each stretch of time and whose it was.
    func proof() throws -> ValueMap {
        let events = try events()
        let whole = try folded(events)
        let (atLast, now) = (whole.reading(at: events.last?.at ?? env.now), whole.reading(at: env.now))
        var differences: [Value] = []
        func compare(_ name: String, _ stored: Value, _ measured: Value) {
            if stored != measured { differences.append(.map(["field": .text(name), "stored": stored, "measured": measured])) }
        }
        compare("state", .text(clock.state?.rawValue ?? ""), .text(now.state.rawValue))
        compare("elapsed_minutes", .int(clock.elapsed), .int(atLast.elapsedMinutes))
        compare("target_minutes", .int(clock.target), .int(now.targetMinutes))
        if now.state == .running {
            compare("warn_at", moment(clock.warnAt), moment(atLast.warnAt))
            compare("breach_at", moment(clock.breachAt), moment(atLast.breachAt))
        }
        return [
            "clock_id": .int(clock.id), "proven": .bool(differences.isEmpty), "state": .text(now.state.rawValue),
            "elapsed_minutes": .int(now.elapsedMinutes), "target_minutes": .int(now.targetMinutes), "is_breached": .bool(now.isBreached),
            "breach_at": moment(now.breachAt), "differences": .list(differences), "stretches": .list(try stretches(events)),
        ]
    }

    private func moment(_ moment: Instant?) -> Value { moment.map { .instant($0) } ?? .null }

    /// From event to event: how much working time passed, whether it counted, why, and in whose hands the record was.
    private func stretches(_ events: [Record<ClockRecordEvent>]) throws -> [Value] {
        var lines: [Value] = []
        for place in events.indices {
            let event = events[place]
            let clock = try folded(Array(events[...place]))
            let end = place + 1 < events.count ? events[place + 1].at ?? env.now : max(env.now, event.at ?? env.now)
            let (first, last) = (clock.reading(at: event.at ?? env.now), clock.reading(at: end))
            lines.append(
                .map([
                    "from": moment(event.at), "to": moment(end), "event": .text(event.kind?.rawValue ?? ""),
                    "state": .text(clock.state.rawValue), "seconds": .int(last.elapsedSeconds - first.elapsedSeconds),
                    "holder_id": event.holder.map { .int($0.id) } ?? .null, "because": .text(event.reason),
                    "decision": .text(event.decision),
                ]))
            if clock.state == .stopped { break }
        }
        return lines
    }
}
