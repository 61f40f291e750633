import Clocks
import Kernel

/// What programs ask a calendar: Odoo's `get_work_hours_count`, `plan_hours` and `plan_days`, and the next opening.
enum CalendarMethods {
    static let all = [
        Method<ResourceCalendar>(
            "get_work_hours_count", ["start_dt", "end_dt", "compute_leaves"], readsOnly: true,
            onRecords: { calendars, arguments in
                let (calendar, start) = try one(calendars, arguments, "start_dt", withLeaves: true)
                return .double(Double(calendar.seconds(from: start, to: try moment(arguments, "end_dt"))) / 3_600)
            }),
        Method<ResourceCalendar>(
            "plan_hours", ["hours", "day_dt", "compute_leaves"], readsOnly: true,
            onRecords: { calendars, arguments in
                let (calendar, start) = try one(calendars, arguments, "day_dt")
                let hours = Double(fieldValue: arguments["hours"] ?? .null)
                guard abs(hours) <= 1_000_000 else { throw badArgument("hours", "a number of hours") }
                return told(calendar.adding(seconds: Int((hours * 3_600).rounded()), to: start))
            }),
        Method<ResourceCalendar>(
            "plan_days", ["days", "day_dt", "compute_leaves"], readsOnly: true,
            onRecords: { calendars, arguments in
                let (calendar, start) = try one(calendars, arguments, "day_dt")
                guard let days = arguments["days"]?.intValue, abs(days) <= 20_000 else { throw badArgument("days", "a number of days") }
                return told(calendar.adding(days: days, to: start))
            }),
        Method<ResourceCalendar>(
            "next_opening", ["day_dt"], readsOnly: true,
            onRecords: { calendars, arguments in
                let (calendar, start) = try one(calendars, arguments, "day_dt", withLeaves: true)
                return told(calendar.nextOpening(from: start))
            }),
    ]

    private static func one(
        _ calendars: Recordset<ResourceCalendar>, _ arguments: ValueMap, _ name: String, withLeaves: Bool = false
    ) throws -> (WorkCalendar, Instant) {
        try calendars.env.checkAccess(.read, calendars.records.model, calendars.ids)
        guard calendars.count == 1 else { throw badArgument("ids", "one calendar") }
        // Odoo counts times off in hours between two moments, and leaves them out of plans unless asked.
        let asked = arguments["compute_leaves"].map { Bool(fieldValue: $0) } ?? withLeaves
        return (try CalendarBook.calendar(calendars.ids[0], withLeaves: asked, calendars.env), try moment(arguments, name))
    }

    private static func moment(_ arguments: ValueMap, _ name: String) throws -> Instant {
        switch arguments[name] {
        case .instant(let moment)?: return moment
        case .text(let text)?: if let moment = Instant(text) { return moment }
        default: break
        }
        throw badArgument(name, "a moment such as 2026-03-31 14:00:00 in UTC")
    }

    private static func told(_ moment: Instant?) -> Value { moment.map { .instant($0) } ?? .bool(false) }

    private static func badArgument(_ name: String, _ expected: String) -> Refusal {
        Refusal("rpc.bad_argument", .invalid, "'\(name)' must be \(expected).", instruction: "Correct the argument.")
    }
}
