import Base
import Clocks
import Kernel

/// A working calendar: hours of the week, days that differ and times off, in a zone.
public struct ResourceCalendar: Model {
    public static let name = "resource.calendar"
    public static let title = "Working schedule"
    public static let order = "name, id"

    public let displayedName = Char("name", "Name", .required)
    public let active = Flag("active", .initial(true))
    public let company = Many2one<Company>("company_id", onDelete: .cascade, "Company", .indexed, .initially { .int($0.companyId) })
    public let zone = Char("tz", "Time zone", .required, .initially { .text($0.user.timeZone.isEmpty ? "UTC" : $0.user.timeZone) })
    public let attendances = One2many<Attendance>("attendance_ids", inverse: \.calendar, "Working hours")
    public let leaves = One2many<Leave>("leave_ids", inverse: \.calendar, "Times off")
    public let specialDays = One2many<SpecialDay>("special_day_ids", inverse: \.calendar, "Special days")
    public let hasTwoWeeks = Flag("two_weeks_calendar", "Two weeks", .initial(false))
    public let isAlwaysOpen = Flag("always_open", "Never closes", .initial(false))
    public let hoursPerWeek = Float(
        "hours_per_week", "Hours per week", .aggregator(nil),
        .computed(on: "attendance_ids.hour_from", "attendance_ids.hour_to", "attendance_ids.day_period", "two_weeks_calendar") {
            (calendar: Record<ResourceCalendar>) in calendar.weeklyHours
        })
    public let hoursPerDay = Float(
        "hours_per_day", "Average hours per day", .aggregator(nil),
        .computed(
            on: "attendance_ids.hour_from", "attendance_ids.hour_to", "attendance_ids.day_period", "attendance_ids.dayofweek",
            "two_weeks_calendar"
        ) { (calendar: Record<ResourceCalendar>) in
            let days = Set(calendar.attendances.filter { $0.isWork }.map { "\($0.weekday?.rawValue ?? "") \($0.week?.rawValue ?? "")" })
                .count
            let weekly = calendar.hasTwoWeeks ? calendar.weeklyHours * 2 : calendar.weeklyHours
            return days == 0 ? 0 : weekly / Double(days)
        })

    public static let constraints = [
        Constraint<ResourceCalendar>("tz", "attendance_ids", "always_open") { calendar in
            _ = try WorkCalendar(CalendarReader(calendar).definition(), zones: calendar.env.unit.zoneTable)
        }
    ]
    public static let methods = CalendarMethods.all
    public static let lifecycle = Lifecycle<ResourceCalendar>(
        afterWrite: { calendars, names in
            if !names.isDisjoint(with: ["tz", "always_open", "two_weeks_calendar"]) {
                try CalendarBook.changed(calendars.ids, calendars.env)
            }
        },
        beforeDelete: { try CalendarBook.refuseUsed($0) })

    public init() {}

    /// Eight to twelve and one to five, from Monday to Friday.
    static let standardWeek: [ValueMap] = (0..<5).flatMap { day -> [ValueMap] in
        [("morning", 8.0, 12.0), ("afternoon", 13.0, 17.0)].map { period, from, to in
            [
                "name": .text("Day \(day + 1) \(period)"), "dayofweek": .text(String(day)), "hour_from": .double(from),
                "hour_to": .double(to), "day_period": .text(period),
            ]
        }
    }
}

extension Record<ResourceCalendar> {
    fileprivate var weeklyHours: Double {
        let hours = self.attendances.filter { $0.isWork }.reduce(0) { $0 + $1.to - $1.from }
        return self.hasTwoWeeks ? hours / 2 : hours
    }
}

/// Working time on one day of the week.
public struct Attendance: Model {
    public static let name = "resource.calendar.attendance"
    public static let title = "Work detail"
    public static let order = "sequence, week_type, dayofweek, hour_from, id"
    public static let owner: OwnerLink? = .link("calendar_id")

    /// The day, 0 for Monday as in Odoo.
    public enum Weekday: String, SelectionValue {
        case monday = "0", tuesday = "1", wednesday = "2", thursday = "3", friday = "4", saturday = "5", sunday = "6"

        public var title: String { ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][Int(rawValue) ?? 0] }
    }

    /// The part of the day; lunch is a break.
    public enum Period: String, SelectionValue { case morning, lunch, afternoon, fullDay = "full_day" }

    /// The week of a calendar of two weeks.
    public enum Week: String, SelectionValue {
        case first = "0", second = "1"

        public var title: String { self == .first ? "First" : "Second" }
    }

    /// A heading between lines.
    public enum Display: String, SelectionValue { case section = "line_section" }

    public let displayedName = Char("name", "Name", .required, .initial("Hours"))
    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .cascade, "Calendar", .required, .indexed)
    public let weekday = Selection<Weekday>("dayofweek", initial: .monday, "Day of week", .required)
    public let from = Float("hour_from", "Work from", .required, .initial(0.0), .aggregator(nil))
    public let to = Float("hour_to", "Work to", .required, .initial(0.0), .aggregator(nil))
    public let period = Selection<Period>("day_period", initial: .morning, "Day period", .required)
    public let week = Selection<Week>("week_type", "Week number")
    public let since = DateField("date_from", "Starting date")
    public let until = DateField("date_to", "End date")
    public let sequence = Integer("sequence", .initial(10), .aggregator(nil))
    public let display = Selection<Display>("display_type")
    public let hours = Float(
        "duration_hours", "Hours", .computed(on: "hour_from", "hour_to") { (line: Record<Attendance>) in max(line.to - line.from, 0) })

    public static let constraints = [
        Constraint<Attendance>("hour_from", "hour_to", "dayofweek", "week_type", "day_period", "calendar_id") { line in
            if let calendar = line.calendar { try CalendarReader(calendar).refuseOverlap(with: line) }
        }
    ]
    public static let lifecycle = CalendarBook.lifecycle(of: Attendance.self) { $0.compactMap { $0.calendar?.id } }

    public init() {}
}

extension Record<Attendance> {
    /// Whether it is working time: neither a break nor a heading.
    var isWork: Bool { self.period != .lunch && self.display == nil }
}

/// A time when a calendar, or every calendar of a company, is closed.
public struct Leave: Model {
    public static let name = "resource.calendar.leaves"
    public static let title = "Time off"
    public static let order = "date_from, id"

    /// Whether it is time off; other entries do not close the calendar.
    public enum Kind: String, SelectionValue { case leave, other }

    public let displayedName = Char("name", "Reason")
    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .cascade, "Calendar", .indexed)
    public let company = Many2one<Company>("company_id", onDelete: .cascade, "Company", .indexed, .initially { .int($0.companyId) })
    public let from = Datetime("date_from", "Start", .required)
    public let to = Datetime("date_to", "End", .required)
    public let kind = Selection<Kind>("time_type", initial: .leave, "Time type", .required)

    public static let constraints = [
        Constraint<Leave>("date_from", "date_to") { leave in
            guard let from = leave.from, let to = leave.to, from > to else { return }
            throw Refusal(
                "calendar.leave_order", .validation, "The start of a time off must be earlier than its end.",
                instruction: "Correct the dates.")
        }
    ]
    public static let lifecycle = CalendarBook.lifecycle(of: Leave.self) { leaves in
        if leaves.allSatisfy({ $0.calendar != nil }) { return leaves.compactMap { $0.calendar?.id } }
        return try leaves.env.asSuperuser("a company's holiday closes all its calendars").search(ResourceCalendar.self).ids
    }

    public init() {}
}

/// Hours of one day that differ from the week's; several records make several hours, and from 0 to 0 means closed.
public struct SpecialDay: Model {
    public static let name = "resource.calendar.special"
    public static let title = "Special day"
    public static let order = "date, hour_from, id"
    public static let owner: OwnerLink? = .link("calendar_id")

    public let displayedName = Char("name", "Reason", .required)
    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .cascade, "Calendar", .required, .indexed)
    public let day = DateField("date", "Day", .required, .indexed)
    public let from = Float("hour_from", "Open from", .required, .initial(0.0), .aggregator(nil))
    public let to = Float("hour_to", "Open to", .required, .initial(0.0), .aggregator(nil))

    public static let constraints = [
        Constraint<SpecialDay>("hour_from", "hour_to", "date") { day in
            if let calendar = day.calendar { _ = try CalendarReader(calendar).definition() }
        }
    ]
    public static let lifecycle = CalendarBook.lifecycle(of: SpecialDay.self) { $0.compactMap { $0.calendar?.id } }

    public init() {}
}

/// What a calendar said at some time, kept for ever so that clocks can be measured again.
public struct CalendarVersion: Model {
    public static let name = "resource.calendar.version"
    public static let title = "Version of a working schedule"
    public static let nameField = "digest"
    public static let unique = [Unique("calendar_id", "digest", message: "This version of the calendar is kept already.")]

    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .restrict, "Calendar", .required, .indexed, .readonly)
    public let digest = Char("digest", "SHA-256 of the content", .required, .indexed, .readonly)
    public let content = Json("content", "Content", .required, .readonly)

    public static let lifecycle = Kept.lifecycle(of: CalendarVersion.self)

    public init() {}
}

/// The calendar by which a company's promises are measured.
public struct CompanyCalendar: ModelExtension {
    public typealias Base = Company

    /// The calendar.
    public let calendar = Many2one<ResourceCalendar>("resource_calendar_id", onDelete: .restrict, "Default working hours")

    public init() {}
}

/// Records that are added and never changed or taken away.
enum Kept {
    static func lifecycle<M: Model>(of type: M.Type) -> Lifecycle<M> {
        Lifecycle(
            beforeWrite: { _, _ in throw Kept.refusal(M.name) },
            beforeDelete: { records in if !records.env.isSuperuser { throw Kept.refusal(M.name) } })
    }

    static func refusal(_ model: String) -> Refusal {
        Refusal(
            "record.kept", .validation, "Records of '\(model)' are evidence and are not changed.",
            instruction: "Add what is true now; what was stays.")
    }
}
