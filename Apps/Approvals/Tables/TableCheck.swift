import Base
import DecisionTables
import Decisions
import Governance
import Kernel

/// Finds what is wrong with the decision table of a step, and people in its rows who are not there: before a policy that asks the table is
/// released, and before a version of a table that policies ask.
struct TableCheck {
    /// How problems are placed: in the policy, at its step, or in the table itself.
    enum Place {
        case step(String)
        case table

        var inputs: String { part("table_inputs", "inputs") }
        var outputs: String { part("table_key", "outputs") }

        /// The cell of a row, counted from one; row 0 is what answers when no row matches.
        func cell(_ row: Int, _ column: String) -> String {
            let cell = (row == 0 ? "outputs.\(column).default" : "rules[\(row)]" + (column.isEmpty ? "" : "." + column))
            return part("table_key." + cell, cell)
        }

        private func part(_ own: String, _ table: String) -> String {
            if case .step(let place) = self { return place + "." + own }
            return table
        }
    }

    private let step: PolicyRow.Step
    private let row: PolicyRow
    private let model: ModelSchema
    private let place: Place
    private let env: Environment

    init(_ step: PolicyRow.Step, of row: PolicyRow, _ model: ModelSchema, _ place: Place, _ env: Environment) {
        self.step = step
        self.row = row
        self.model = model
        self.place = place
        self.env = env
    }

    /// What is wrong with the table in force for a policy's step.
    static func problems(
        _ step: PolicyRow.Step, _ place: String, _ row: PolicyRow, _ model: ModelSchema, _ env: Environment
    ) throws -> [DefinitionProblem] {
        let compiled: CompiledTable
        do { compiled = try DecisionTables.table(step.table, in: env, company: row.company).0 } catch let refusal as Refusal {
            return [DefinitionProblem(place + ".table_key", refusal.message, remedy: refusal.instruction)]
        }
        return TableCheck(step, of: row, model, .step(place), env).problems(compiled.table)
    }

    /// What keeps the step from asking a table.
    func problems(_ table: DecisionTable) -> [DefinitionProblem] {
        let found = RecordInputs(step.inputs).problems(place.inputs, table, model, env.registry) + outputs(table)
        return found.isEmpty ? rows(table) : found
    }

    private func outputs(_ table: DecisionTable) -> [DefinitionProblem] {
        let place = place.outputs
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

    /// The rows whose people are written out, tried one by one, and what answers when none matches.
    private func rows(_ table: DecisionTable) -> [DefinitionProblem] {
        let cells = [table.outputs.map(\.defaultCell)] + table.rules.map(\.outputs)
        return cells.enumerated().flatMap { number, cells -> [DefinitionProblem] in
            var answer: [String: Value] = [:]
            for (output, cell) in zip(table.outputs, cells) { answer[output.name] = TableCheck.literal(cell) }
            guard answer["kind"] != nil, answer["who"] != nil else { return [] }
            do { try check(answer, number, table) } catch let refusal as Refusal {
                let column = refusal.details["column"]?.textValue ?? ""
                return [DefinitionProblem(place.cell(number, column), refusal.message, remedy: refusal.instruction)]
            } catch {
                return [DefinitionProblem(place.cell(number, ""), "This cannot be checked: \(error).", remedy: "Correct the row.")]
            }
            return []
        }
    }

    private func check(_ answer: [String: Value], _ number: Int, _ table: DecisionTable) throws {
        let found = try ApproverAnswer(
            answer, row: number, place: max(number - 1, 0), table: table.key, policy: row.name, base: step
        ).step(Records(model, [], env))
        switch found.kind {
        case .users:
            guard found.users.count < max(found.quorum, 1) else { return }
            throw Refusal.unknownApprover(row.name, table.key, row: number, column: "who", "it names fewer people than its quorum")
        case .group:
            let members = try Seating.members(of: found.group.map { [$0] } ?? [], at: row.company, env).count
            guard members < max(found.quorum, 1) else { return }
            throw Refusal.unknownApprover(
                row.name, table.key, row: number, column: "who", "\(members) have the role, and \(max(found.quorum, 1)) must agree")
        case .manager, .field, .table: return
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

/// Tells decision tables what the policies in force want of a version of a table that they ask.
struct ApproverDemands: TableDemands {
    func problems(_ table: DecisionTable, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem] {
        let rows = try PolicyBook.current(env).policies.values.flatMap { $0.values.joined() }.sorted { $0.id < $1.id }
        let companies = Set(place.company.map { [$0] } ?? []).union(place.sites)
        var problems: [DefinitionProblem] = []
        for row in rows where companies.isEmpty || row.company.map(companies.contains) ?? true {
            guard let model = env.registry.model(row.model) else { continue }
            for step in row.steps where step.kind == .table && step.table == table.key {
                for problem in TableCheck(step, of: row, model, .table, env).problems(table) where !problems.contains(problem) {
                    problems.append(problem)
                }
            }
        }
        return problems
    }
}

extension Refusal {
    static func table(
        _ policy: String, _ table: String, row: Int, column: String = "", _ what: String, _ remedy: String
    ) -> Refusal {
        Refusal(
            "approval.table", .userError, "\(place(policy, table, row)): \(what)", instruction: remedy,
            details: ["policy": .text(policy), "table": .text(table), "row": .int(row), "column": .text(column)])
    }

    static func unknownApprover(_ policy: String, _ table: String, row: Int, column: String, _ what: String) -> Refusal {
        Refusal(
            "approval.unknown_approver", .userError, "\(place(policy, table, row)): \(what).",
            instruction: "Have a version of the table released whose row \(row) names people who are there.",
            details: ["policy": .text(policy), "table": .text(table), "row": .int(row), "column": .text(column)])
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
