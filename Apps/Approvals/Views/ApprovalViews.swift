import Kernel
import Views

/// How requests for approval are seen where they are listed; the screen of decisions is the client's own.
enum ApprovalViews {
    static let screen = Screen("approvals", "Approvals", icon: "approve", section: .work, sequence: 30, model: Request.name)

    static let requests = ModelViews(
        Request.name, plural: "Requests for approval", icon: "approve", place: ModelViews.Place(.work, "requests", sequence: 35),
        list: ListView(
            "name", "category_id", "request_owner_id", "amount", "request_status", "date_confirmed", "company_id",
            compact: ["name", "request_owner_id", "date_confirmed", "request_status"]),
        form: FormView(
            path: "request_status", asides: ["refused", "cancel"], subtitle: ["category_id", "request_owner_id"],
            sections: [
                FormView.Section("Request", "name", "category_id", "reason", "amount", "quantity", "location", "date_start", "date_end"),
                FormView.Section("Policy", "policy_version", "action_title", "question", "executed_on", "company_id"),
            ],
            related: [
                FormView.Related("approver_ids", "user_id", "status"),
                FormView.Related("decision_ids", "user_name", "decision", "decided_on", "comment"),
            ]),
        analysis: AnalysisView(rows: "category_id", columns: "request_status", measures: ["__count", "amount:sum"]),
        search: SearchView(
            "name", "reference",
            filters: [
                SearchView.Filter("pending", "Waiting", "[('request_status', '=', 'pending')]"),
                SearchView.Filter("mine", "Asked for by me", "[('request_owner_id', '=', uid)]"),
            ],
            groups: ["request_status", "category_id", "request_owner_id", "date_confirmed:week"]),
        tones: ["request_status": .values(["pending": .warn, "approved": .ok, "refused": .danger])],
        actions: [
            ActionView("action_confirm", icon: "send", weight: .main),
            ActionView(
                "action_approve", icon: "check", weight: .main, asks: [ActionView.Ask("comment", "Comment", .text, required: false)]),
            ActionView("action_refuse", icon: "x", asks: [ActionView.Ask("comment", "Reason", .text)]),
            ActionView("action_ask", icon: "question", weight: .quiet, asks: [ActionView.Ask("question", "Question", .text)]),
            ActionView("action_answer", icon: "send", asks: [ActionView.Ask("answer", "Answer", .text)]),
            ActionView(
                "action_withdraw", icon: "undo", weight: .quiet, asks: [ActionView.Ask("comment", "Comment", .text, required: false)]),
            ActionView("action_cancel", icon: "x", weight: .quiet),
        ])
}
