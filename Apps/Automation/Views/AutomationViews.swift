import Kernel
import Views

/// How rules, their actions and mail templates are written.
enum AutomationViews {
    static let all: [ModelViews] = [rules, actions, templates]

    private static let rules = ModelViews(
        AutomationRule.name, plural: "Automation rules", icon: "rule", place: ModelViews.Place(.processes, "rules", sequence: 40),
        list: ListView("name", "model_id", "trigger", "active", "last_run", compact: ["name", "model_id", "trigger", "last_run"]),
        form: FormView(
            subtitle: ["model_id", "trigger"],
            sections: [
                FormView.Section("When", "name", "model_id", "model_name", "trigger", "trigger_field_ids", "active", "last_run"),
                FormView.Section(
                    "In time", "trg_date_id", "trg_date_range", "trg_date_range_type", "trg_date_range_mode", "trg_date_calendar_id"),
                FormView.Section("Only if", "filter_pre_domain", "filter_domain"), FormView.Section("Why", "description"),
            ],
            related: [FormView.Related("action_server_ids", "name", "state", "sequence")]),
        search: SearchView("name", groups: ["model_id", "trigger"]))

    private static let actions = ModelViews(
        ServerAction.name, plural: "Server actions", icon: "activity", place: ModelViews.Place(.processes, "actions", sequence: 50),
        list: ListView("name", "model_id", "state", "base_automation_id", "sequence", compact: ["name", "model_id", "state", "sequence"]),
        form: FormView(
            subtitle: ["model_id", "state"],
            sections: [
                FormView.Section("Action", "name", "model_id", "state", "base_automation_id", "sequence", "group_ids"),
                FormView.Section("Update", "update_path", "evaluation_type", "value", "update_boolean_value", "selection_value"),
                FormView.Section("Script", "code"),
                FormView.Section("Activity", "activity_type_id", "activity_summary", "activity_user_id", "activity_date_deadline_range"),
                FormView.Section("Mail and webhook", "template_id", "mail_post_method", "webhook_url"),
                FormView.Section("Warning", "warning"),
            ],
            related: [FormView.Related("child_ids", "name", "state")],
            code: [
                FormView.Code("code", .javascript), FormView.Code("value", .javascript, when: ("evaluation_type", "equation")),
            ]),
        search: SearchView("name", groups: ["state", "model_id"]))

    private static let templates = ModelViews(
        MailTemplate.name, plural: "Mail templates", icon: "mail", place: ModelViews.Place(.processes, "templates", sequence: 60),
        list: ListView("display_name", "model_id", compact: ["display_name", "model_id"]),
        form: FormView(
            sections: [FormView.Section("Template", "name", "model_id", "subject", "email_to", "body_html")],
            code: [FormView.Code("body_html", .html)]),
        search: SearchView("name", groups: ["model_id"]))
}
