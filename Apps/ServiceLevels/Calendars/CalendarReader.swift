import Clocks
import Kernel

/// Reads a calendar's records into what the measuring works with.
struct CalendarReader {
    let calendar: Record<ResourceCalendar>

    init(_ calendar: Record<ResourceCalendar>) {
        self.calendar = calendar.env.asSuperuser("a calendar measures the same whoever asks").record(ResourceCalendar.self, calendar.id)
    }

    /// What it says, with or without times off.
    func definition(withLeaves: Bool = true) throws -> CalendarDefinition {
        try CalendarDefinition(
            zone: calendar.zone, isAlwaysOpen: calendar.isAlwaysOpen, lines: lines(), specialDays: specialDays(),
            closures: withLeaves ? try closures() : [])
    }

    private func lines() -> [CalendarDefinition.Line] {
        calendar.attendances.filter { $0.isWork }.map { line in
            CalendarDefinition.Line(
                (line.weekday.flatMap { Int($0.rawValue) } ?? 0) + 1, CalendarReader.span(line.from, line.to),
                week: calendar.hasTwoWeeks ? line.week.flatMap { Int($0.rawValue) } : nil, since: line.since, until: line.until)
        }
    }

    private func specialDays() -> [Day: [CalendarDefinition.Span]] {
        var days: [Day: [CalendarDefinition.Span]] = [:]
        for line in calendar.specialDays {
            guard let day = line.day else { continue }
            days[day, default: []] += line.from == 0 && line.to == 0 ? [] : [CalendarReader.span(line.from, line.to)]
        }
        return days
    }

    /// The calendar's own times off, and those of its company that name no calendar.
    private func closures() throws -> [CalendarDefinition.Closure] {
        let general = Domain.where("calendar_id", .equal, false) & .where("company_id", .equal, false)
        var domain = Domain.where("calendar_id", .equal, .int(calendar.id)) | general
        if let company = calendar.company {
            domain = domain | (.where("calendar_id", .equal, false) & .where("company_id", .equal, .int(company.id)))
        }
        let leaves = try calendar.env.search(Leave.self, domain & .where("time_type", .equal, "leave"))
        return leaves.compactMap { leave in
            guard let from = leave.from, let to = leave.to else { return nil }
            return CalendarDefinition.Closure(from, to)
        }
    }

    /// Hours as Odoo writes them, 8.5 for half past eight, as minutes; nonsense stays nonsense, so that it is refused.
    static func span(_ from: Double, _ to: Double) -> CalendarDefinition.Span {
        func minutes(_ hours: Double) -> Int { Int((min(max(hours, -1), 25) * 60).rounded()) }
        return CalendarDefinition.Span(minutes(from), minutes(to))
    }

    /// Refuses working time of the same day and week that overlaps.
    func refuseOverlap(with line: Record<Attendance>) throws {
        _ = try CalendarDefinition(zone: calendar.zone, lines: lines())
        guard line.isWork else { return }
        let isSame: (Record<Attendance>) -> Bool = { other in
            other.id != line.id && other.isWork && other.weekday == line.weekday && other.since == line.since && other.until == line.until
                && (other.week == nil || line.week == nil || other.week == line.week)
        }
        guard let other = calendar.attendances.first(where: { isSame($0) && $0.from < line.to && line.from < $0.to }) else { return }
        throw Refusal(
            "calendar.overlap", .validation, "Attendances can't overlap: '\(line.displayedName)' and '\(other.displayedName)' do.",
            instruction: "Change the hours of one of them.")
    }
}
