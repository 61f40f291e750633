import Base
import Kernel
import ServiceLevels

/// What happens by itself: when something sets it off, and the record meets its conditions, its actions run.
public struct AutomationRule: Model {
    public static let name = "base.automation"
    public static let title = "Automation rule"

    /// Whether time rules run before or after their date.
    public enum Mode: String, SelectionValue { case after, before }

    /// The unit of a time rule's delay.
    public enum Unit: String, SelectionValue {
        case minutes, hour, day, month

        public var title: String {
            switch self {
            case .minutes: "Minutes"
            case .hour: "Hours"
            case .day: "Days"
            case .month: "Months"
            }
        }
    }

    public let displayedName = Char("name", "Automation rule name", .required)
    public let active = Flag("active", .initial(true))
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, "Model", .required, .indexed)
    public let modelName = Char("model_name", "Model name", .related("model_id.model", stored: true))
    public let text = Html("description", "Description")
    public let trigger = Selection<Trigger>("trigger", initial: .saved, "Trigger", .required)
    public let choice = Many2one<FieldChoice>("trg_selection_field_id", "Trigger choice")
    public let fieldTarget = Many2oneReference("trg_field_ref", modelField: "trg_field_ref_model_name", "Trigger reference")
    public let fieldTargetModel = Char("trg_field_ref_model_name", "Trigger reference model", .readonly)
    public let date = Many2one<FieldRecord>("trg_date_id", "Trigger date")
    public let range = Integer("trg_date_range", "Delay", .initial(0), .aggregator(nil))
    public let mode = Selection<Mode>("trg_date_range_mode", initial: .after, "Delay mode")
    public let unit = Selection<Unit>("trg_date_range_type", initial: .hour, "Delay unit")
    public let calendar = Many2one<ResourceCalendar>(
        "trg_date_calendar_id", "Working days", .help("Days of the delay are counted on this calendar."))
    public let preDomain = Char("filter_pre_domain", "Before update domain", .help("Met by the record before it is written."))
    public let domain = Char("filter_domain", "Apply on", .help("Met by the record for the actions to run."))
    public let watched = Many2many<FieldRecord>(
        "trigger_field_ids", table: "base_automation_ir_model_fields_rel", own: "base_automation_id", other: "ir_model_fields_id",
        "When updating")
    public let edited = Many2many<FieldRecord>(
        "on_change_field_ids", table: "base_automation_onchange_fields_rel", own: "base_automation_id", other: "ir_model_fields_id",
        "On change of")
    public let lastRun = Datetime("last_run", "Last run", .readonly, .notCopied)
    public let actions = One2many<ServerAction>("action_server_ids", inverse: \.rule, "Actions")
    public let webhook = Char("webhook_uuid", "Webhook UUID", .readonly, .notCopied, .indexed, .secret)
    public let url = Char(
        "url", "Webhook address",
        .computed(on: "webhook_uuid", "trigger") { (rule: Record<AutomationRule>) in
            try IncomingWebhook.address(of: rule)
        })
    public let getter = Char("record_getter", "Record of the payload", .initial(.text(RecordGetter.usual)))
    public let logsCalls = Flag("log_webhook_calls", "Log calls", .initial(false))

    public static let methods = [
        Method<AutomationRule>(
            "action_rotate_webhook_uuid",
            onRecords: { rules, _ in
                for rule in rules { rule.webhook = IncomingWebhook.freshName() }
                return .bool(true)
            }),
        Method<AutomationRule>(
            "action_view_webhook_logs", readsOnly: true,
            onRecords: { rules, _ in
                .map(try RuleMethods.logs(of: rules))
            }),
        Method<AutomationRule>(
            "action_open_scheduled_action", readsOnly: true,
            onRecords: { rules, _ in
                try RuleMethods.scheduledAction(rules)
            }),
        Method<AutomationRule>(
            "try_on", ["record_id"],
            onRecords: { rules, arguments in try RuleTry.run(rules, on: arguments["record_id"]?.intValue ?? 0) }),
        Method<AutomationRule>(
            "offered_triggers", ["model_id"], readsOnly: true,
            onModel: { env, arguments in
                try RuleMethods.offeredTriggers(arguments["model_id"]?.intValue ?? 0, env)
            }),
    ]

    public static let constraints = [
        Constraint<AutomationRule>(
            "model_id", "trigger", "filter_domain", "filter_pre_domain", "trigger_field_ids", "trg_date_id", "trg_date_range",
            "trg_date_range_type", "trg_date_calendar_id", "on_change_field_ids", "record_getter", "action_server_ids"
        ) { try RuleChecks.check($0) }
    ]

    public static let lifecycle = Lifecycle<AutomationRule>(
        beforeCreate: { values, env in try RuleDefaults.complete(&values, nil, env) },
        afterCreate: { try RuleBook.changed($0.env) },
        beforeWrite: { rules, values in try RuleDefaults.complete(&values, rules.count == 1 ? rules.first : nil, rules.env) },
        afterWrite: { rules, names in if names != ["last_run"] { try RuleBook.changed(rules.env) } },
        beforeDelete: { try RuleBook.changed($0.env) })

    public init() {}
}

/// What rules can be asked.
enum RuleMethods {
    static func logs(of rules: Recordset<AutomationRule>) throws -> ValueMap {
        try rules.env.checkAccess(.read, rules.records.model, rules.ids)
        let paths = rules.ids.map { Value.text("base_automation(\($0))") }
        return [
            "type": "ir.actions.act_window", "name": "Webhook logs", "res_model": "ir.logging", "view_mode": "list,form",
            "domain": .list([.list(["path", "in", .list(paths)])]),
        ]
    }

    static func scheduledAction(_ rules: Recordset<AutomationRule>) throws -> Value {
        try rules.env.checkAccess(.read, rules.records.model, rules.ids)
        guard let id = try Reference.find("base_automation.ir_cron_data_base_automation_check", rules.env) else { return .bool(false) }
        return [
            "type": "ir.actions.act_window", "res_model": "ir.cron", "view_mode": "form", "res_id": .int(id),
            "views": .list([.list([false, "form"])]),
        ]
    }

    static func offeredTriggers(_ id: Int, _ env: Environment) throws -> Value {
        let model = try env.registry.requireModel(env.record(ModelRecord.self, id).model)
        return .list(Trigger.allCases.filter { $0.isOffered(on: model) }.map { .text($0.rawValue) })
    }
}
