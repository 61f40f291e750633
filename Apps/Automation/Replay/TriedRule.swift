import Governance
import Kernel

/// A version of a rule in its place among the rules in force, ready to be tried on past events: what it sets off runs too.
struct TriedRule: Sendable {
    /// Nil for a version that is not active.
    let rule: CompiledRule?
    let rules: CompiledRules
    let modelName: String
    /// What the trail calls any version of it begins so.
    private let causePrefix: String

    /// A version of a rule. A draft brings along the open drafts of its actions, as it would be released with them.
    static func replay(rule subject: ReplaySubject, _ row: GovernedRow, _ env: Environment) throws -> any Replay {
        let content = Content(row, env, cause: subject.cause)
        return try replay(subject, content, try actions(of: content, withDrafts: subject.isDraft, env), env)
    }

    /// The actions of a rule, with their open drafts as they would be released with it.
    static func actions(of rule: Content, withDrafts: Bool, _ env: Environment) throws -> [Content] {
        var actions = try ActionShelf(env).actions(of: rule.id)
        guard withDrafts else { return actions }
        for (id, draft) in try GovernedRows.drafts(Governed.action.name, in: env).sorted(by: { $0.key < $1.key }) {
            let wanted = Content(draft, env, cause: "\(Governed.action.name):\(id)@draft")
            actions.removeAll { $0.id == id }
            if try wanted.link("base_automation_id") == rule.id { actions.append(wanted) }
        }
        return actions
    }

    /// A version of an action, in the rule in force that it belongs to.
    static func replay(action subject: ReplaySubject, _ row: GovernedRow, _ env: Environment) throws -> any Replay {
        let content = Content(row, env, cause: subject.cause)
        guard let id = try content.link("base_automation_id"), let rule = try Governed.content(Governed.rule, id, env) else {
            throw Refusal.notReplayable(subject.cause, because: "it belongs to no rule in force, so that no past event sets it off.")
        }
        let others = try ActionShelf(env).actions(of: id).filter { $0.id != content.id }
        return try replay(subject, rule, others + [content], env)
    }

    private static func replay(
        _ subject: ReplaySubject, _ rule: Content, _ actions: [Content], _ env: Environment
    ) throws -> any Replay {
        let trigger = Trigger(rawValue: try rule.text("trigger"))
        guard let trigger, trigger.followsCreate || trigger.followsWrite || trigger.followsTime else {
            throw Refusal.notReplayable(
                subject.cause, because: "the trail keeps what is made and written, and not what sets off '\(trigger?.title ?? "")'.")
        }
        let tried = try TriedRule(rule, actions, env)
        return trigger.followsTime ? TimeReplay(tried) : RuleReplay(tried)
    }

    init(_ rule: Content, _ actions: [Content], _ env: Environment) throws {
        rules = try CompiledRules(version: -1, env, trial: RuleTrial(rule: rule, actions: try ActionShelf.inOrder(actions)))
        self.rule = rules.byId[rule.id]
        causePrefix = String(rule.cause.prefix { $0 != "@" }) + "@"
        modelName = try rule.modelName
    }

    /// Whether the rule itself caused an event.
    func caused(_ event: PastEvent) -> Bool { event.cause.hasPrefix(causePrefix) }
}
