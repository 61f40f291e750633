import Governance
import JSON
import Kernel

/// A rule of a clock, held against the past: for each stretch of time in which a record stood still, whether it would have come due in it, and
/// what the rule would have done to the record as it stood.
///
/// A record that the rule in force had at work is looked at as it stood before that, so that a draft is not told that everything is done
/// already. When a record was last changed is known from the changes that are looked at; a rule by `write_date` does not see earlier ones.
struct TimeReplay: Replay {
    private let tried: TriedRule

    init(_ tried: TriedRule) { self.tried = tried }

    var models: Set<String> { [tried.modelName] }

    var looksAtRest: Bool { true }

    func rests(in model: ModelSchema) -> Domain { tried.rule.map { .where($0.time.field, .notEqual, false) } ?? Domain.none }

    func concerns(_ event: PastEvent) -> Bool { tried.rule != nil && event.model == tried.modelName && event.moment < event.until }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        guard let rule = tried.rule else { return nil }
        let records = try env.records(event.model, [event.id])
        if tried.caused(event) { try records.recall(event.old) }
        guard try isActive(records), let date = try date(of: event, rule, records) else { return nil }
        let window = try TimeWindow(rule.time, from: event.moment, until: event.until, records.model)
        guard let moment = try window.moment(of: date, env) else { return nil }
        RuleBook.use(tried.rules, in: env.unit)
        let run = RuleRun(rule, records)
        guard try !run.matching([event.id]).isEmpty else { return nil }
        let start = env.unit.trailSoFar.count
        try run.run([event.id])
        let effects = RuleEffects(Array(env.unit.trailSoFar[start...]), of: records)
        var outcome = effects.json.objectValue ?? JSONObject()
        outcome["due"] = .string(moment.description)
        return ReplayAnswer(.object(outcome), conflicts: effects.conflicts)
    }

    /// The check of a clock finds no archived records.
    private func isActive(_ records: Records) throws -> Bool {
        guard let field = records.model.field("active"), let id = records.ids.first else { return true }
        return try !records.value(id, field).isFalsy
    }

    private func date(of event: PastEvent, _ rule: CompiledRule, _ records: Records) throws -> Value? {
        let value: Value
        if rule.time.field == "write_date" {
            // The record's own is that of this rehearsal, once something was put back.
            guard event.kind == .stood else { return .instant(event.moment) }
            guard event.since.entries.isEmpty else { return nil }
        }
        value = try records.value(event.id, rule.time.field)
        return value.isFalsy ? nil : value
    }
}
