import Base
import Clocks
import Kernel

/// When a schedule is due: its interval or expression in its zone.
struct Timetable {
    private enum Form {
        case interval(IntervalSchedule)
        case expression(CronExpression)
    }
    private let form: Form
    private let zone: ZoneTable

    /// The times of a schedule as its record has them.
    ///
    /// - Throws: `schedule.interval`, `cron.syntax`, `cron.never`, `calendar.zone`.
    init(_ cron: Record<Cron>) throws {
        let env = cron.env.asSuperuser("a schedule's zone is its user's")
        let own = env.record(Cron.self, cron.id)
        try self.init(
            Schedule.Timing(
                number: own.number, unit: own.unit?.rawValue ?? "", expression: own.expression, zone: own.zone, user: own.user?.id ?? 0),
            env)
    }

    /// The times of a schedule as it was released.
    init(_ timing: Schedule.Timing, _ env: Environment) throws {
        let env = env.asSuperuser("a schedule's zone is its user's")
        let name = timing.zone.isEmpty && timing.user > 0 ? env.record(User.self, timing.user).timeZone : timing.zone
        guard let zone = env.unit.zoneTable(name) else {
            throw Refusal(
                "calendar.zone", .validation, "There is no time zone '\(name)'.", instruction: "Give an IANA name such as Europe/Berlin.")
        }
        self.zone = zone
        if timing.expression.isEmpty {
            form = .interval(try IntervalSchedule(timing.number, IntervalSchedule.Unit(rawValue: timing.unit) ?? .months))
        } else {
            form = .expression(try CronExpression(timing.expression))
        }
    }

    /// The first time after a moment, which itself follows the time that was due; missed ones are skipped.
    ///
    /// A clock that was put back does not make a time due again: the next one always follows the one that was due.
    func next(due: Instant, after moment: Instant) -> Instant {
        let after = max(due, moment)
        switch form {
        case .interval(let interval): return interval.next(from: due, after: after, in: zone)
        case .expression(let expression): return expression.next(after: after, in: zone) ?? after + CronExpression.longestSeconds
        }
    }

    func upcoming(_ count: Int, from first: Instant) -> [Instant] {
        var times = [first]
        while times.count < count { times.append(next(due: times[times.count - 1], after: times[times.count - 1])) }
        return times
    }
}
