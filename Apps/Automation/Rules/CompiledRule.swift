import Base
import Kernel

/// A rule made ready to run: no table is asked to find out whether it matches.
final class CompiledRule: Sendable {
    let id: Int
    let name: String
    /// The name under which its effects stand in the trail: `rule:urgent-first@3`.
    let cause: String
    let modelName: String
    let trigger: Trigger
    let before: Condition?
    let after: Condition?
    /// Slots of the fields of which one must really have changed; empty means any.
    let watched: Set<Int>
    /// Names of the fields whose edits in a form set it off.
    let edited: Set<String>
    /// When a clock sets it off.
    let time: TimePlan
    /// How a webhook's payload names the record.
    let getter: String
    let actions: [ActionPlan]

    init(_ rule: Content, _ model: ModelSchema, _ actions: [ActionPlan]) throws {
        id = rule.id
        name = try rule.text("name")
        cause = rule.cause
        modelName = model.name
        trigger = Trigger(rawValue: try rule.text("trigger")) ?? .saved
        before = try Condition(rule.text("filter_pre_domain"), of: model, rule.env)
        after = try Condition(rule.text("filter_domain"), of: model, rule.env)
        watched = Set(try rule.fieldNames("trigger_field_ids").compactMap { model.field($0)?.slot })
        edited = Set(try rule.fieldNames("on_change_field_ids"))
        time = try TimePlan(rule, trigger)
        getter = try rule.text("record_getter")
        self.actions = actions
    }

    /// Whether a write of these fields can set it off.
    func mayFollow(_ fields: [Field]) -> Bool { watched.isEmpty || fields.contains { watched.contains($0.slot) } }
}

/// A name made fit for a cause: lower case, hyphens, at most forty characters.
enum Slug {
    static func make(_ name: String) -> String {
        var slug = ""
        for character in name.lowercased().unicodeScalars {
            if ("a"..."z").contains(character) || ("0"..."9").contains(character) {
                slug.unicodeScalars.append(character)
            } else if !slug.isEmpty, slug.last != "-" {
                slug.append("-")
            }
        }
        let short = String(slug.prefix(40))
        return short.hasSuffix("-") ? String(short.dropLast()) : short
    }
}

/// The rules of one model, sorted by what sets them off, each list in the order of their ids.
struct ModelRules: Sendable {
    var creating: [CompiledRule] = []
    var writing: [CompiledRule] = []
    var deleting: [CompiledRule] = []
    var editing: [CompiledRule] = []
    var receiving: [CompiledRule] = []
    var sending: [CompiledRule] = []

    mutating func add(_ rule: CompiledRule) {
        if rule.trigger.followsCreate { creating.append(rule) }
        if rule.trigger.followsWrite { writing.append(rule) }
        switch rule.trigger {
        case .deleted: deleting.append(rule)
        case .edited: editing.append(rule)
        case .received: receiving.append(rule)
        case .sent: sending.append(rule)
        default: break
        }
    }
}

/// A rule that is tried out, with the actions that it would run.
struct RuleTrial {
    let rule: Content
    let actions: [Content]
}

/// All rules of a database at one version.
final class CompiledRules: Sendable {
    let version: Int
    /// By the model's place in the registry; nil for a model without rules.
    let models: [ModelRules?]
    /// Rules by id, those of clocks and webhooks included.
    let byId: [Int: CompiledRule]

    /// - Parameter trial: A rule with its actions that takes the place of what was released of it.
    init(version: Int, _ env: Environment, trial: RuleTrial? = nil) throws {
        self.version = version
        let registry = env.registry
        var models = [ModelRules?](repeating: nil, count: registry.models.count)
        var byId: [Int: CompiledRule] = [:]
        let shelf = try ActionShelf(env)
        var rules = try Governed.contents(Governed.rule, env)
        if let trial { rules = (rules.filter { $0.id != trial.rule.id } + [trial.rule]).sorted { $0.id < $1.id } }
        for rule in rules where try rule.flag("active") {
            guard let model = registry.model(try rule.modelName) else { continue }
            let actions = rule.id == trial?.rule.id ? trial?.actions ?? [] : shelf.actions(of: rule.id)
            let compiled = try CompiledRule(rule, model, try actions.map { try ActionPlan($0) })
            byId[rule.id] = compiled
            models[model.index, default: ModelRules()].add(compiled)
        }
        self.models = models
        self.byId = byId
    }
}

extension Array {
    fileprivate subscript<Wrapped>(index: Int, default fallback: Wrapped) -> Wrapped where Element == Wrapped? {
        get { self[index] ?? fallback }
        set { self[index] = newValue }
    }
}
