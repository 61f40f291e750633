import Kernel
import Views

/// How leads and opportunities are seen: a board of stages first.
enum LeadViews {
    static let leads = ModelViews(
        Lead.name, plural: "Opportunities", icon: "handshake", place: ModelViews.Place(.work, "opportunities", sequence: 70),
        list: ListView(
            "name", "partner_name", "stage_id", "expected_revenue", "probability", "date_deadline", "priority", "user_id",
            compact: ["name", "partner_name", "date_deadline", "stage_id"], bulk: ["user_id", "stage_id", "priority"]),
        form: FormView(
            path: "stage_id", subtitle: ["partner_name", "user_id"],
            sections: [
                FormView.Section(
                    "Opportunity", "name", "partner_id", "partner_name", "expected_revenue", "date_deadline", "priority", "tag_ids"),
                FormView.Section("Contact", "contact_name", "function", "email_from", "phone", "city", "website"),
                FormView.Section("Work", "user_id", "team_id", "description", "lost_reason_id", "company_id"),
            ]),
        board: BoardView(columns: "stage_id", card: ["name", "partner_name", "expected_revenue", "date_deadline", "user_id"]),
        calendar: CalendarView(start: "date_deadline", title: "name"),
        analysis: AnalysisView(rows: "stage_id", columns: "user_id", measures: ["__count", "expected_revenue:sum"]),
        search: SearchView(
            "name", "partner_name", "contact_name", "email_from",
            filters: [
                SearchView.Filter("mine", "Mine", "[('user_id', '=', uid)]"),
                SearchView.Filter("open", "Open", "[('probability', '<', 100)]"),
            ],
            groups: ["stage_id", "user_id", "team_id", "date_deadline:month", "priority"]),
        tones: ["date_deadline": .deadline, "priority": .values(["2": .warn, "3": .danger])],
        actions: [
            ActionView("action_set_won", icon: "check", weight: .main)
        ])
}
