import Governance
import JSON
import Kernel

/// Tests inside versions of rules: `{name, given: {field: value}, before: {field: value}, runs: true}`.
///
/// A record with the given values, and everything else unset, is asked whether it meets the rule's conditions; `before` is what a write found.
enum RuleTesting {
    static func run(_ test: JSON, _ row: GovernedRow, _ env: Environment) throws -> TestOutcome? {
        guard let wanted = test["runs"]?.boolValue else { return nil }
        let name = test["name"]?.stringValue ?? "test"
        let rule = try CompiledRule(Content(row, env), env.registry.requireModel(Content(row, env).modelName), [])
        let given = test["given"]?.objectValue ?? JSONObject()
        var runs = try meets(rule.after, rule, given, env)
        if let before = test["before"]?.objectValue { runs = try runs && meets(rule.before, rule, before, env) }
        return TestOutcome(name, passed: runs == wanted, runs ? "the rule runs" : "the rule does not run")
    }

    private static func meets(_ condition: Condition?, _ rule: CompiledRule, _ given: JSONObject, _ env: Environment) throws -> Bool {
        guard let condition else { return true }
        let model = try env.registry.requireModel(rule.modelName)
        var values: [Int: Value] = [:]
        for field in model.fields { values[field.slot] = field.empty }
        for member in given.members {
            let field = try model.requireField(member.key)
            values[field.slot] = GovernedRow.value(member.value, field)
        }
        return try !condition.filter([0], Records(model, [0], env), before: [0: values]).isEmpty
    }
}
