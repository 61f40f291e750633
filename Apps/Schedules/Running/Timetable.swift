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

    /// - Throws: `schedule.interval`, `cron.syntax`, `cron.never`, `calendar.zone`.
    init(_ cron: Record<Cron>) throws {
        let env = cron.env.asSuperuser("a schedule's zone is its user's")
        let own = env.record(Cron.self, cron.id)
        let name = own.zone.isEmpty ? own.user?.timeZone ?? "" : own.zone
        guard let zone = env.unit.zoneTable(name) else {
            throw Refusal(
                "calendar.zone", .validation, "There is no time zone '\(name)'.", instruction: "Give an IANA name such as Europe/Berlin.")
        }
        self.zone = zone
        let text = own.expression
        if text.isEmpty {
            form = .interval(try IntervalSchedule(own.number, IntervalSchedule.Unit(rawValue: own.unit?.rawValue ?? "") ?? .months))
        } else {
            form = .expression(try CronExpression(text))
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
