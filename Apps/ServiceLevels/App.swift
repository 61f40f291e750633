import Base
import Kernel

/// Working calendars, promises about time, and the clocks that measure whether they are kept.
public enum ServiceLevelsApp {
    /// The app.
    public static let app = App("service_levels", "Service levels", needs: ["base", "mail", "exceptions", "governance", "decisions"]) {
        app in
        for add in models { add(&app) }
        app.extend(CompanyCalendar.self)
        app.remembers(
            Policy.name, ResourceCalendar.name, Attendance.name, Leave.name, SpecialDay.name, CalendarVersion.name)
        app.observe(ClockObserver())
        app.observe(PolicyTableObserver())
        app.offer(ServiceLevelKind())
        app.offer(PromiseRetry.retry)
        app.group("service_levels.group_manager", "Service levels: administrator", implies: ["base.group_user"])
        rights(&app)
        rules(&app)
        app.seed("standard calendar") { try StandardCalendar.fill($0) }
    }

    private static let models: [@Sendable (inout App) -> Void] = [
        { $0.add(ResourceCalendar.self) }, { $0.add(Attendance.self) }, { $0.add(Leave.self) }, { $0.add(SpecialDay.self) },
        { $0.add(CalendarVersion.self) }, { $0.add(Policy.self) }, { $0.add(Clock.self) }, { $0.add(ClockRecordEvent.self) },
    ]

    private static func rights(_ app: inout App) {
        let calendars = ["resource.calendar", "resource.calendar.attendance", "resource.calendar.leaves", "resource.calendar.special"]
        for model in calendars {
            app.allow("base.group_user", "r", on: model)
            app.allow("service_levels.group_manager", "rwcd", on: model)
        }
        // Promises come from released definitions, clocks and their events from the machine: nobody writes them.
        app.allow("base.group_user", "r", on: "sla.policy", "sla.clock", "sla.event")
        app.allow("service_levels.group_manager", "r", on: "resource.calendar.version")
    }

    private static func rules(_ app: inout App) {
        let own = "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]"
        for model in ["resource.calendar", "resource.calendar.leaves"] { app.rule("\(model) of one's sites", on: model, own) }
        app.rule("sla.clock of one's sites", on: "sla.clock", own)
    }
}

/// The calendar that every database starts with, under Odoo's external id.
private enum StandardCalendar {
    static func fill(_ env: Environment) throws {
        let lines = ResourceCalendar.standardWeek.map { Value.list([0, 0, .map($0)]) }
        try Reference.ensure(
            "resource.resource_calendar_std", ResourceCalendar.self,
            ["name": "Standard 40 hours/week", "attendance_ids": .list(lines), "company_id": .null], env)
    }
}
