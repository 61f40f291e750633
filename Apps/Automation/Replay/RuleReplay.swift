import Base
import Governance
import JSON
import Kernel

/// A rule with its actions, held against past events: it runs for real, on records as they were, in units of work that are undone.
struct RuleReplay: Replay {
    private let tried: TriedRule

    init(_ tried: TriedRule) { self.tried = tried }

    var models: Set<String> { [tried.modelName] }

    func concerns(_ event: PastEvent) -> Bool {
        // What the rule itself once did is not what sets it off.
        guard let rule = tried.rule, event.model == rule.modelName, !tried.caused(event) else { return false }
        return event.kind == .create ? rule.trigger.followsCreate : rule.trigger.followsWrite
    }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        guard let rule = tried.rule else { return nil }
        RuleBook.use(tried.rules, in: env.unit)
        let records = try RuleReplay.actor(event, env).records(rule.modelName, [event.id])
        guard let run = try RuleReplay.run(rule, records, event) else { return nil }
        let others = try rivals(of: rule, records, event)
        let start = env.unit.trailSoFar.count
        try run.run([event.id])
        let effects = RuleEffects(Array(env.unit.trailSoFar[start...]), of: records)
        return ReplayAnswer(effects.json, conflicts: Set(others + effects.conflicts).sorted())
    }

    /// Whoever wrote, as long as they may still log in; else the machine.
    private static func actor(_ event: PastEvent, _ env: Environment) throws -> Environment {
        if event.userId > 1, let user = try BaseDirectory().user(event.userId, in: env) { return env.with(user: user) }
        return env
    }

    /// The rule about to run, when the event sets it off.
    private static func run(_ rule: CompiledRule, _ records: Records, _ event: PastEvent) throws -> RuleRun? {
        var ids = [event.id]
        var run = RuleRun(rule, records)
        if event.kind == .create {
            guard rule.trigger.followsCreate else { return nil }
        } else {
            let fields = event.new.names.compactMap { records.model.field($0) }
            guard rule.trigger.followsWrite, rule.mayFollow(fields) else { return nil }
            let before = [event.id: try old(event, records)]
            if let condition = rule.before { ids = try condition.filter(ids, records, before: before) }
            run.before = before
        }
        return try run.matching(ids).isEmpty ? nil : run
    }

    /// What stood in the written fields, by slot, in the form that records hold.
    private static func old(_ event: PastEvent, _ records: Records) throws -> [Int: Value] {
        var values: [Int: Value] = [:]
        for entry in event.old.entries {
            guard let field = records.model.field(entry.name) else { continue }
            let value = try field.normalised(entry.value, in: records.model)
            values[field.slot] = value.isNull ? field.empty : value
        }
        return values
    }

    /// Other rules that the same event sets off and that write other values into the same fields.
    private func rivals(of rule: CompiledRule, _ records: Records, _ event: PastEvent) throws -> [String] {
        let own = rule.fixedWrites
        guard !own.isEmpty, let all = tried.rules.models[records.model.index] else { return [] }
        var found: [String] = []
        for other in (event.kind == .create ? all.creating : all.writing) where other.id != rule.id {
            let clash = other.fixedWrites.first { entry in own.contains { $0.name == entry.name && $0.value != entry.value } }
            guard let clash, try RuleReplay.run(other, records, event) != nil else { continue }
            found.append("\(other.cause) writes another value into '\(clash.name)'")
        }
        return found
    }
}

extension CompiledRule {
    /// The values that its actions write into the record itself whatever stands in it.
    fileprivate var fixedWrites: [(name: String, value: Value)] {
        actions.compactMap { action in
            guard case .write(let path, .fixed(let value)) = action.body, path.count == 1, let name = path.first else { return nil }
            return (name, value)
        }
    }
}
