import Kernel
import Views

/// How exceptions are worked on: the oldest deadline first, one button for the usual remedy.
enum ExceptionViews {
    static let exceptions = ModelViews(
        ExceptionCase.name, plural: "Exceptions", icon: "alert",
        place: ModelViews.Place(.work, "exceptions", sequence: 40, opens: "?filter=open"),
        list: ListView(
            "name", "cause", "kind", "state", "deadline", "occurrences", "last_on", "user_id", order: "state, deadline, id",
            compact: ["name", "cause", "deadline", "state"], bulk: ["user_id", "deadline"]),
        form: FormView(
            path: "state", asides: ["dismissed"], subtitle: ["cause", "source"],
            sections: [
                FormView.Section("What to do", "remedy", "res_model", "res_id", "deadline", "user_id"),
                FormView.Section("What happened", "name", "cause", "source", "reference", "occurrences", "last_on", "retries"),
                FormView.Section("How it ended", "resolution", "resolved_on", "escalated_to", "escalated_on", "company_id"),
            ],
            related: [FormView.Related("occurrence_ids", "occurred_on", "name", "caused_by")]),
        board: BoardView(
            columns: "state", card: ["name", "cause", "deadline", "user_id"], writes: false,
            moves: ["in_progress": "action_start", "resolved": "action_resolve", "dismissed": "action_dismiss"]),
        analysis: AnalysisView(rows: "cause", columns: "state", measures: ["__count", "occurrences:sum"]),
        search: SearchView(
            "name", "cause", "reference", "resolution",
            filters: [
                SearchView.Filter("open", "Open", "[('state', 'in', ['open', 'in_progress'])]"),
                SearchView.Filter("mine", "Mine", "[('user_id', '=', uid), ('state', 'in', ['open', 'in_progress'])]"),
                SearchView.Filter("escalated", "Escalated", "[('escalated_to', '!=', False)]"),
            ],
            groups: ["state", "kind", "cause", "user_id", "last_on:day"]),
        tones: ["deadline": .deadline, "state": .values(["open": .warn, "in_progress": .info, "resolved": .ok])],
        actions: [
            ActionView("action_start", icon: "hand", weight: .main),
            ActionView("action_retry", icon: "refresh", weight: .main),
            ActionView(
                "action_resolve", icon: "check", asks: [ActionView.Ask("resolution", "How it was resolved", .text)]),
            ActionView(
                "action_assign", icon: "user", weight: .quiet, asks: [ActionView.Ask("user_id", "To", .record("res.users", domain: "[]"))]),
            ActionView(
                "action_dismiss", icon: "x", weight: .danger, consequence: "Nothing will be done about it.",
                asks: [ActionView.Ask("reason", "Why nothing is to be done", .text)]),
            ActionView("action_reopen", icon: "refresh"),
        ])
}
