import Base
import Kernel

/// What a rule's trigger implies for its conditions, filled in where nothing was given.
enum RuleDefaults {
    /// Names whose change makes the implied conditions change.
    private static let sources: Set<String> = ["model_id", "trigger", "trg_field_ref", "trg_selection_field_id", "filter_domain"]

    /// Completes the values of a rule to be made, or of one to be written.
    static func complete(_ values: inout ValueMap, _ rule: Record<AutomationRule>?, _ env: Environment) throws {
        let env = env.asSuperuser("what a trigger implies is the same for everybody")
        if rule == nil, values["trigger"] == nil { values["trigger"] = .text(Trigger.saved.rawValue) }
        guard rule == nil || values.names.contains(where: sources.contains) else { return }
        guard let id = values["model_id"]?.intValue ?? rule?.model?.id, id > 0,
            let model = env.registry.model(env.record(ModelRecord.self, id).model)
        else { return }
        let trigger = values["trigger"]?.textValue.flatMap(Trigger.init) ?? rule?.trigger
        guard let trigger else { return }
        if trigger == .webhook, values["webhook_uuid"] == nil, rule?.webhook.isEmpty ?? true {
            values["webhook_uuid"] = .text(IncomingWebhook.freshName())
        }
        let field = trigger.field(in: model)
        values["trg_field_ref_model_name"] = field?.kind.comodel.map { .text($0) } ?? .null
        let wanted = Wanted(
            target: values["trg_field_ref"]?.intValue ?? rule?.fieldTarget,
            choice: try choice(values, rule, env), domain: values["filter_domain"]?.textValue ?? rule?.domain ?? "")
        let changesTrigger = rule == nil || values.names.contains { $0 != "filter_domain" && sources.contains($0) }
        if changesTrigger { fill(&values, trigger, field, wanted) }
        guard values["trigger_field_ids"] == nil else { return }
        try watch(&values, trigger, field, model, env, isFresh: changesTrigger)
    }

    private struct Wanted {
        let target: Int?
        let choice: String?
        let domain: String
    }

    private static func choice(_ values: ValueMap, _ rule: Record<AutomationRule>?, _ env: Environment) throws -> String? {
        if let given = values["trg_selection_field_id"] {
            return given.intValue.flatMap { $0 > 0 ? env.record(FieldChoice.self, $0).stored : nil }
        }
        return rule?.choice?.stored
    }

    private static func fill(_ values: inout ValueMap, _ trigger: Trigger, _ field: Field?, _ wanted: Wanted) {
        guard let field, let (pre, post) = implied(trigger, field, wanted) else { return }
        if values["filter_domain"] == nil { values["filter_domain"] = .text(post) }
        if let pre, values["filter_pre_domain"] == nil { values["filter_pre_domain"] = .text(pre) }
    }

    /// The conditions before and after a change that a trigger stands for.
    private static func implied(_ trigger: Trigger, _ field: Field, _ wanted: Wanted) -> (pre: String?, post: String)? {
        let name = field.name
        switch trigger {
        case .stageSet: return wanted.target.map { (nil, "[('\(name)', '=', \($0))]") }
        case .tagSet: return wanted.target.map { ("[('\(name)', 'not in', [\($0)])]", "[('\(name)', 'in', [\($0)])]") }
        case .userSet: return (nil, "[('\(name)', '!=', False)]")
        case .stateSet, .prioritySet: return wanted.choice.map { (nil, "[('\(name)', '=', '\(quoted($0))')]") }
        case .archived: return (nil, "[('\(name)', '=', False)]")
        case .unarchived: return (nil, "[('\(name)', '=', True)]")
        default: return nil
        }
    }

    private static func quoted(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "'" || $1 == "\\" ? "\\\($1)" : String($1) }
    }

    /// The watched fields: the trigger's own one; for "on save" those of the condition.
    private static func watch(
        _ values: inout ValueMap, _ trigger: Trigger, _ field: Field?, _ model: ModelSchema, _ env: Environment, isFresh: Bool
    ) throws {
        var names: [String]?
        if isFresh, let field { names = [field.name] }
        if trigger == .saved, let domain = values["filter_domain"]?.textValue { names = try RuleDefaults.names(in: domain, env) }
        guard let names else { return }
        let ids = try names.filter { model.field($0) != nil }.compactMap { try env.fieldId($0, of: model.name) }
        values["trigger_field_ids"] = .list([[6, 0, .ids(ids)]])
    }

    /// The model's own fields that a domain's conditions begin with.
    static func names(in text: String, _ env: Environment) throws -> [String] {
        guard !text.isEmpty, let domain = try? DomainText(text).domain(RuleNames.names(env)) else { return [] }
        var seen: Set<String> = []
        return domain.paths.compactMap { $0.split(separator: ".").first.map(String.init) }.filter { seen.insert($0).inserted }
    }
}

/// The names that conditions of rules may use.
enum RuleNames {
    static func names(_ env: Environment) -> DomainNames { DomainNames(env) }
}

extension Domain {
    /// The paths of all conditions, in order.
    var paths: [String] {
        switch self {
        case .all, .none: []
        case .and(let parts), .or(let parts): parts.flatMap(\.paths)
        case .not(let inside): inside.paths
        case .condition(let path, _, _): [path]
        case .related(let path, _, _): [path]
        }
    }
}
