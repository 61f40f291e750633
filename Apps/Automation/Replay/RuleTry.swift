import Governance
import JSON
import Kernel

/// A rule as its last writer wants it, tried on one record: whether it would run there, and what it would do. Nothing of it stays.
enum RuleTry {
    /// Answers by ``UndoneAnswer``, so that the unit of work is rolled back whoever asks.
    ///
    /// Shape: `{draft, active, meets_before, meets, writes: {field: value}, does: {"create mail.activity": 1}, conflicts, refused}`.
    static func run(_ rules: Recordset<AutomationRule>, on id: Int) throws -> Never {
        let env = rules.env
        try env.checkAccess(.read, rules.records.model, rules.ids)
        guard let rule = rules.first, rules.count == 1 else { throw Refusal("rule.one", .invalid, "Try one rule at a time.") }
        let draft = try GovernedRows.drafts(Governed.rule.name, in: env.asSuperuser("a draft is tried as it would be released"))[rule.id]
        let released = try GovernedRows.inForce(Governed.rule.name, record: rule.id, in: env)
        guard let row = draft ?? released else {
            throw Refusal("rule.nothing_to_try", .conflict, "Nothing of this rule is written yet.", instruction: "Save it, then try it.")
        }
        let content = Content(row, env, cause: draft == nil ? row.cause : "\(Governed.rule.name):\(rule.id)@draft")
        let tried = try TriedRule(content, try TriedRule.actions(of: content, withDrafts: draft != nil, env), env)
        let records = Records(try env.registry.requireModel(tried.modelName), [id], env)
        try env.checkAccess(.read, records.model, [id])
        var answer: ValueMap = ["draft": .bool(draft != nil), "active": .bool(tried.rule != nil)]
        if let compiled = tried.rule { try run(compiled, tried, records, &answer) }
        throw UndoneAnswer(answer: .map(answer))
    }

    private static func run(_ rule: CompiledRule, _ tried: TriedRule, _ records: Records, _ answer: inout ValueMap) throws {
        RuleBook.use(tried.rules, in: records.env.unit)
        answer["meets_before"] = .bool(try rule.before?.filter(records.ids, records).isEmpty != true)
        let meets = try !RuleRun(rule, records).matching(records.ids).isEmpty
        answer["meets"] = .bool(meets)
        guard meets else { return }
        let start = records.env.unit.trailSoFar.count
        do { _ = try RuleRun(rule, records).run(records.ids) } catch let refusal as Refusal {
            answer["refused"] = .text(refusal.sentence)
        }
        let effects = RuleEffects(Array(records.env.unit.trailSoFar[start...]), of: records)
        answer["writes"] = .json(effects.json["writes"] ?? .null)
        answer["does"] = .json(effects.json["does"] ?? .null)
        answer["conflicts"] = .list(effects.conflicts.map { .text($0) })
    }
}
