import Base
import Kernel
import Messaging

/// What is done with a record: by a rule, by a schedule, from a menu or by a program.
public struct ServerAction: Model {
    public static let name = "ir.actions.server"
    public static let title = "Server action"
    public static let order = "sequence, name, id"
    public static let hasChatter = true

    /// What it does; the raw values are Odoo's.
    public enum Kind: String, SelectionValue {
        case write = "object_write", create = "object_create", copy = "object_copy", code, webhook, multi
        case activity = "next_activity", mail = "mail_post", follow = "followers", unfollow = "remove_followers", sms

        public var title: String {
            switch self {
            case .write: "Update record"
            case .create: "Create record"
            case .copy: "Duplicate record"
            case .code: "Execute code"
            case .webhook: "Send webhook notification"
            case .multi: "Multi actions"
            case .activity: "Create activity"
            case .mail: "Send email"
            case .follow: "Add followers"
            case .unfollow: "Remove followers"
            case .sms: "Send SMS"
            }
        }
    }

    /// Where it is used.
    public enum Usage: String, SelectionValue {
        case server = "ir_actions_server", schedule = "ir_cron", rule = "base_automation"
    }

    /// Where the written value comes from.
    public enum Evaluation: String, SelectionValue { case value, equation, sequence }

    /// What is done to a list of links.
    public enum ListOperation: String, SelectionValue { case add, remove, set, clear }

    /// Yes or no, as a choice.
    public enum Truth: String, SelectionValue { case `true`, `false` }

    /// How a mail goes out.
    public enum MailMethod: String, SelectionValue { case email, comment, note }

    /// How a text message goes out: with a note in the chatter, without one, or as the note alone.
    public enum SMSMethod: String, SelectionValue { case sms, comment, note }

    /// Whether people are named or found in a field of the record.
    public enum People: String, SelectionValue { case specific, generic }

    public let displayedName = Char("name", "Name", .required, .tracked)
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, "Model", .required, .indexed)
    public let modelName = Char("model_name", "Model name", .related("model_id.model", stored: true))
    public let type = Char("type", .initial("ir.actions.server"), .readonly)
    public let usage = Selection<Usage>("usage", initial: .server, "Usage", .required)
    public let kind = Selection<Kind>("state", initial: .write, "Type", .required, .tracked)
    public let sequence = Integer("sequence", .initial(5), .aggregator(nil))
    public let groups = Many2many<Group>(
        "group_ids", table: "ir_act_server_group_rel", own: "act_id", other: "gid", "Allowed groups",
        .help("Empty means: whoever may write the records."))
    public let rule = Many2one<AutomationRule>("base_automation_id", onDelete: .cascade, "Automation rule", .indexed)
    public let parent = Many2one<ServerAction>("parent_id", onDelete: .cascade, "Parent action", .indexed)
    public let children = One2many<ServerAction>("child_ids", inverse: \.parent, "Child actions")
    public let bindingModel = Many2one<ModelRecord>("binding_model_id", onDelete: .cascade, "Offered on", .notCopied)
    public let bindingType = Char("binding_type", .initial("action"))
    public let warning = Text(
        "warning", "Warning",
        .computed(on: "state", "update_path", "crud_model_id", "resource_ref", "template_id", "sms_template_id", "webhook_url") {
            (action: Record<ServerAction>) in try ActionChecks.warning(of: Content(action.records, kind: "action"))
        })

    public let code = Text("code", "Code", .tracked)
    public let history = One2many<ActionHistory>("history_ids", inverse: \.action, "History")

    public let updatePath = Char("update_path", "Field to update", .tracked)
    public let evaluation = Selection<Evaluation>("evaluation_type", initial: .value, "Value type")
    public let content = Text("value", "Value", .tracked)
    public let html = Html("html_value", "Formatted value")
    public let target = Reference("resource_ref", "Record")
    public let chosen = Many2one<FieldChoice>("selection_value", "Choice")
    public let truth = Selection<Truth>("update_boolean_value", initial: .true, "Value (yes or no)")
    public let numbers = Many2one<Sequence>("sequence_id", "Sequence")
    public let operation = Selection<ListOperation>("update_m2m_operation", initial: .add, "List operation")
    public let createModel = Many2one<ModelRecord>("crud_model_id", onDelete: .cascade, "Record to create")
    public let createModelName = Char("crud_model_name", .related("crud_model_id.model"))
    public let link = Many2one<FieldRecord>("link_field_id", "Link field")

    public let activityType = Many2one<ActivityType>("activity_type_id", "Activity type")
    public let activitySummary = Char("activity_summary", "Title")
    public let activityNote = Html("activity_note", "Note")
    public let activityRange = Integer("activity_date_deadline_range", "Due date in", .initial(0), .aggregator(nil))
    public let activityUnit = Selection<ActivityType.Unit>("activity_date_deadline_range_type", initial: .days, "Due type")
    public let activityPeople = Selection<People>("activity_user_type", initial: .specific, "User type")
    public let activityUser = Many2one<User>("activity_user_id", "Responsible")
    public let activityField = Char("activity_user_field_name", "User field", .initial("user_id"))

    public let template = Many2one<MailTemplate>("template_id", "Mail template")
    public let mailMethod = Selection<MailMethod>("mail_post_method", initial: .comment, "Send as")
    public let textTemplate = Many2one<SMSTemplate>("sms_template_id", "Text message template")
    public let smsMethod = Selection<SMSMethod>("sms_method", initial: .sms, "Send text message as")
    public let autofollow = Flag("mail_post_autofollow", "Subscribe recipients", .initial(false))
    public let followersType = Selection<People>("followers_type", initial: .specific, "Followers type")
    public let followers = Many2many<Partner>(
        "partner_ids", table: "ir_act_server_partner_rel", own: "act_id", other: "partner_id", "Followers")
    public let followersField = Char("followers_partner_field_name", "Followers field")

    public let webhookUrl = Char("webhook_url", "Webhook address")
    public let webhookFields = Many2many<FieldRecord>(
        "webhook_field_ids", table: "ir_act_server_webhook_field_rel", own: "server_id", other: "field_id", "Webhook fields")

    public static let methods = ActionMethods.all

    public static let constraints = [
        Constraint<ServerAction>(
            "model_id", "state", "update_path", "evaluation_type", "value", "link_field_id", "crud_model_id", "webhook_field_ids",
            "webhook_url", "parent_id", "base_automation_id", "activity_user_field_name", "followers_partner_field_name", "template_id",
            "sms_template_id", "sms_method", "code"
        ) { try ActionChecks.check($0) }
    ]

    public static let lifecycle = Lifecycle<ServerAction>(
        beforeCreate: { values, env in try ActionDefaults.complete(&values, env) },
        afterCreate: { actions in
            try ActionHistory.keep(actions)
            try RuleChecks.checkRules(of: actions)
            try RuleBook.changed(actions.env)
        },
        afterWrite: { actions, names in
            if names.contains("code") { try ActionHistory.keep(actions) }
            try RuleChecks.checkRules(of: actions)
            try RuleBook.changed(actions.env)
        },
        beforeDelete: { try RuleBook.changed($0.env) })

    public init() {}
}

/// A code that an action had, and who gave it.
public struct ActionHistory: Model {
    public static let name = "ir.actions.server.history"
    public static let title = "Server action history"
    public static let order = "create_date desc, id desc"
    public static let nameField = "action_id"

    /// How many codes of an action are kept.
    static let limit = 100

    public let action = Many2one<ServerAction>("action_id", onDelete: .cascade, .required, .indexed)
    public let code = Text("code")

    public init() {}

    /// Keeps the codes that actions have now, and forgets the oldest.
    static func keep(_ actions: Recordset<ServerAction>) throws {
        let env = actions.env.asSuperuser("the history is kept by the machine")
        for action in actions where action.kind == .code && !action.code.isEmpty {
            try env.create(ActionHistory.self, ["action_id": .int(action.id), "code": .text(action.code)])
            try env.search(ActionHistory.self, .where("action_id", .equal, .int(action.id)), order: "id desc", offset: limit).unlink()
        }
    }
}
