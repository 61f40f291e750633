import Kernel
import Views

/// How scheduled actions are seen: what runs when, and what failed.
enum CronViews {
    static let crons = ModelViews(
        Cron.name, plural: "Scheduled actions", icon: "clock", place: ModelViews.Place(.processes, "schedules", sequence: 70),
        list: ListView(
            "cron_name", "active", "interval_number", "interval_type", "nextcall", "lastcall", "failure_count",
            compact: ["cron_name", "interval_type", "nextcall", "failure_count"]),
        form: FormView(
            subtitle: ["nextcall"],
            sections: [
                FormView.Section("When", "cron_name", "active", "interval_number", "interval_type", "cron_expression", "tz", "nextcall"),
                FormView.Section("How it went", "lastcall", "failure_count", "first_failure_date", "stopped_reason", "user_id", "priority"),
            ]),
        search: SearchView("cron_name", groups: ["interval_type", "user_id"]), tones: ["failure_count": .zeroIsGood])
}
