import Clocks
import Engine
import Kernel
import Store

/// The jobs of clocks: timers of warning and breach, and calendars that changed.
public enum ClockJobs {
    /// Where they are queued.
    public static let queue = "sla"
    static let timerKind = "sla.timer"
    static let calendarKind = "sla.calendar"
    /// Clocks that one job brings to a changed calendar; the rest is for the next job.
    static let batchLimit = 500

    /// The handlers, for the runner.
    public static let handlers = [
        JobHandler(timerKind, records: { job, env in try timer(job.payload, env) }),
        JobHandler(calendarKind, records: { job, env in try calendar(job.payload, env) }),
    ]

    /// A warning or breach falls due: the clock itself says whether it does, for it may have rested, stopped or been given more time since.
    static func timer(_ payload: ValueMap, _ env: Environment) throws {
        guard let id = payload["clock"]?.intValue, let clock = try env.search(Clock.self, .where("id", .equal, .int(id))).first,
            clock.state == .running
        else { return }
        let reading = try ClockReader(clock).reading()
        if payload["kind"] == "warn" {
            if reading.isWarned, !clock.isWarned { try ClockAlarm(clock).warn(reading) }
        } else if reading.isBreached, !clock.isBreached {
            try ClockAlarm(clock).breach(reading)
        }
    }

    /// Clocks that run by a calendar go on by what it says now; up to the change they were measured by what it said then.
    static func calendar(_ payload: ValueMap, _ env: Environment) throws {
        guard let id = payload["calendar"]?.intValue, !(try env.search(ResourceCalendar.self, .where("id", .equal, .int(id))).isEmpty)
        else {
            return
        }
        let at = payload["at"].flatMap(Instant.present) ?? env.now
        let after = payload["after"]?.intValue ?? 0
        let version = try CalendarBook.version(of: id, env)
        let open =
            Domain.where("calendar_id", .equal, .int(id)) & .where("state", .in, ["running", "paused"])
            & .where("id", .greater, .int(after))
        let clocks = try env.search(Clock.self, open, order: "id", limit: batchLimit)
        for clock in clocks {
            let last = try ClockReader(clock).events().last { $0.calendar != nil }
            if last?.calendar?.id == version.id { continue }
            try ClockWriter(env).add(.calendar, to: clock, at: at, because: "calendar:\(id)")
        }
        guard clocks.count == batchLimit, let last = clocks.last else { return }
        try env.unit.transaction.enqueue(
            JobRequest(
                calendarKind, queue: queue, payload: payload.merging(["after": .int(last.id)]),
                uniqueKey: "sla.calendar:\(id):\(at.seconds):\(last.id)"))
    }
}
