import Governance
import Kernel

/// Rules, actions and templates are governed: what runs is what was released, not what was written last.
enum Governed {
    static let rule = GovernedModel(
        "rule", model: AutomationRule.name, title: AutomationRule.title,
        fields: [
            "name", "active", "model_id", "trigger", "trg_selection_field_id", "trg_field_ref", "trg_date_id", "trg_date_range",
            "trg_date_range_mode", "trg_date_range_type", "trg_date_calendar_id", "filter_pre_domain", "filter_domain",
            "trigger_field_ids", "on_change_field_ids", "record_getter", "webhook_per_minute",
        ], replaying: { try TriedRule.replay(rule: $0, $1, $2) }, testing: { try RuleTesting.run($0, $1, $2) })
    static let action = GovernedModel(
        "action", model: ServerAction.name, title: ServerAction.title,
        fields: [
            "name", "model_id", "state", "sequence", "group_ids", "base_automation_id", "parent_id", "binding_model_id", "code",
            "update_path", "evaluation_type", "value", "html_value", "resource_ref", "selection_value", "update_boolean_value",
            "sequence_id", "update_m2m_operation", "crud_model_id", "link_field_id", "activity_type_id", "activity_summary",
            "activity_note", "activity_date_deadline_range", "activity_date_deadline_range_type", "activity_user_type",
            "activity_user_id", "activity_user_field_name", "template_id", "mail_post_method", "mail_post_autofollow",
            "followers_type", "partner_ids", "followers_partner_field_name", "webhook_url", "webhook_field_ids",
            "sms_template_id", "sms_method",
        ], replaying: { try TriedRule.replay(action: $0, $1, $2) })
    static let template = GovernedModel(
        "mail_template", model: MailTemplate.name, title: MailTemplate.title,
        fields: [
            "name", "model_id", "subject", "body_html", "email_from", "email_to", "partner_to", "email_cc", "reply_to", "use_default_to",
            "active", "attachment_ids",
        ])
    static let text = GovernedModel(
        "sms_template", model: SMSTemplate.name, title: SMSTemplate.title, fields: ["name", "model_id", "body", "active"])
    static let all = [rule, action, template, text]

    /// What was released of a kind, in the order of the records' ids.
    static func contents(_ governed: GovernedModel, _ env: Environment) throws -> [Content] {
        let machine = env.asSuperuser("what was released is the same for everybody")
        return try GovernedRows.inForce(governed.name, in: machine).map { Content($0, machine) }.sorted { $0.id < $1.id }
    }

    /// What was released of one record; nil when nothing was.
    static func content(_ governed: GovernedModel, _ id: Int, _ env: Environment) throws -> Content? {
        try contents(governed, env).first { $0.id == id }
    }
}
