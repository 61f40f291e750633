import Base
import DecisionTables
import Decisions
import Governance
import Kernel

/// Finds what is wrong with the decision table of a step, and people in its rows who are not there, before a policy is released.
enum TableCheck {
    static func problems(
        _ step: PolicyRow.Step, _ place: String, _ row: PolicyRow, _ model: ModelSchema, _ env: Environment
    ) throws -> [DefinitionProblem] {
        let compiled: CompiledTable
        do { compiled = try DecisionTables.table(step.table, in: env, company: row.company).0 } catch let refusal as Refusal {
            return [DefinitionProblem(place + ".table_key", refusal.message, remedy: refusal.instruction)]
        }
        let table = compiled.table
        let found =
            RecordInputs(step.inputs).problems(place + ".table_inputs", table, model, env.registry) + outputs(place + ".table_key", table)
        return try found.isEmpty ? rows(step, place + ".table_key", row, table, model, env) : found
    }

    private static func outputs(_ place: String, _ table: DecisionTable) -> [DefinitionProblem] {
        var problems: [DefinitionProblem] = []
        if table.aggregation != nil {
            problems.append(
                DefinitionProblem(place, "'\(table.key)' answers one value for all rows.", remedy: "Collect without an aggregation."))
        }
        for name in ApproverTable.neededOutputs where !table.outputs.contains(where: { $0.name == name }) {
            problems.append(DefinitionProblem(place, "'\(table.key)' has no output '\(name)'.", remedy: "Add it as a string."))
        }
        for output in table.outputs {
            guard let types = ApproverTable.outputs[output.name], !types.contains(output.type) else { continue }
            problems.append(
                DefinitionProblem(
                    place, "The output '\(output.name)' of '\(table.key)' is a \(output.type.rawValue).",
                    remedy: "Make it \(types[0].rawValue)."))
        }
        return problems
    }

    /// The rows whose people are written out, tried one by one.
    private static func rows(
        _ step: PolicyRow.Step, _ place: String, _ row: PolicyRow, _ table: DecisionTable, _ model: ModelSchema, _ env: Environment
    ) throws -> [DefinitionProblem] {
        let record = Records(model, [], env)
        return table.rules.enumerated().flatMap { index, rule -> [DefinitionProblem] in
            var answer: [String: Value] = [:]
            for (output, cell) in zip(table.outputs, rule.outputs) { answer[output.name] = literal(cell) }
            guard answer["kind"] != nil, answer["who"] != nil else { return [] }
            return DefinitionProblem.found("\(place).rules[\(index + 1)]") {
                let found = try ApproverAnswer(
                    answer, row: index + 1, place: index, table: table.key, policy: row.name, base: step
                ).step(record)
                guard found.kind == .users, found.users.count < max(found.quorum, 1) else { return }
                throw Refusal.unknownApprover(row.name, table.key, row: index + 1, "it names fewer people than its quorum")
            }
        }
    }

    /// A text or a number that is written out in a cell.
    private static func literal(_ cell: String) -> Value? {
        let text = cell.filter { $0 != "\n" }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            let inner = text.dropFirst().dropLast()
            return inner.contains("\"") || inner.contains("\\") ? nil : .text(String(inner))
        }
        return Int(text).map { .int($0) }
    }
}

extension Refusal {
    static func table(_ policy: String, _ table: String, row: Int, _ what: String, _ remedy: String) -> Refusal {
        Refusal(
            "approval.table", .userError, "\(place(policy, table, row)): \(what)", instruction: remedy,
            details: ["policy": .text(policy), "table": .text(table), "row": .int(row)])
    }

    static func unknownApprover(_ policy: String, _ table: String, row: Int, _ what: String) -> Refusal {
        Refusal(
            "approval.unknown_approver", .userError, "\(place(policy, table, row)): \(what).",
            instruction: "Have a version of the table released whose row \(row) names people who are there.",
            details: ["policy": .text(policy), "table": .text(table), "row": .int(row)])
    }

    static func emptyChain(_ policy: String, _ table: String, _ inputs: ValueMap) -> Refusal {
        let given = inputs.entries.map { "\($0.name) \($0.value.asJSON.text())" }.joined(separator: ", ")
        return Refusal(
            "approval.no_approver", .userError, "No row of \(table) says who decides for '\(policy)' with \(given).",
            instruction: "Have a version of the table released that has a row for this.",
            details: ["policy": .text(policy), "table": .text(table), "row": 0])
    }

    static func tooManySteps() -> Refusal {
        Refusal(
            "approval.too_many_steps", .limit, "A policy has at most \(PolicyCheck.stepLimit) steps.", instruction: "Join some of them.")
    }

    private static func place(_ policy: String, _ table: String, _ row: Int) -> String {
        "'\(policy)' asks \(table)" + (row > 0 ? ", row \(row)" : "")
    }
}
