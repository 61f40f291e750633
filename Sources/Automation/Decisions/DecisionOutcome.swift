import FEEL
import JSON

/// What a table answered, and why.
public struct DecisionOutcome: Sendable, Hashable {
    /// The answer in the form that the hit policy gives it.
    public enum Answer: Sendable, Hashable {
        /// No rule matched, and there is no default.
        case nothing
        /// One value for each output.
        case one([FEELValue])
        /// The values of each rule that counts, in order; may be empty.
        case many([[FEELValue]])
    }

    /// The table that was asked.
    public let table: DecisionTable
    /// The inputs in the order of the columns.
    public let inputs: [FEELValue]
    /// The rules that matched, from 1, ascending.
    public let matched: [Int]
    /// The rules of which the answer is made, in the order of the answer.
    public let used: [Int]
    /// Whether no rule matched and the defaults answered.
    public let usedDefaults: Bool
    /// The answer.
    public let answer: Answer

    /// The value of an output: of the one answer, or of the first one of a list; `null` when there is none.
    public subscript(_ output: String) -> FEELValue {
        guard let place = table.outputs.firstIndex(where: { $0.name == output }) else { return .null }
        switch answer {
        case .nothing: return .null
        case .one(let values): return values[place]
        case .many(let list): return list.first?[place] ?? .null
        }
    }

    /// All answers by the outputs' names; one, several or none.
    public var answers: [[String: FEELValue]] {
        switch answer {
        case .nothing: []
        case .one(let values): [named(values)]
        case .many(let list): list.map(named)
        }
    }

    private func named(_ values: [FEELValue]) -> [String: FEELValue] {
        Dictionary(zip(table.outputs.map(\.name), values)) { first, _ in first }
    }

    /// The answer as JSON: an object, a list of objects, or `null`.
    public var json: JSON {
        func object(_ values: [FEELValue]) -> JSON {
            .object(JSONObject(zip(table.outputs, values).map { JSONObject.Member(key: $0.name, value: $1.json) }))
        }
        return switch answer {
        case .nothing: .null
        case .one(let values): object(values)
        case .many(let list): .array(list.map(object))
        }
    }
}

extension DecisionOutcome {
    /// Why the table answered so, in sentences: the rules that matched and what their cells asked. Holds the inputs' values.
    public var explanation: String {
        if matched.isEmpty {
            let end = usedDefaults ? "the defaults answer." : "there is no answer."
            return "No rule of '\(table.key)' matches \(described); \(end)"
        }
        var lines = matched.prefix(DecisionLimits.maxFindings).map(sentence)
        let more = matched.count - lines.count
        if more > 0 { lines.append("\(more) more rules match.") }
        if used != matched, !used.isEmpty {
            lines.append(
                "By the hit policy \(table.hitPolicy.rawValue) rule\(used.count == 1 ? "" : "s") \(numbers(used)) count\(used.count == 1 ? "s" : "")."
            )
        }
        if let aggregation = table.aggregation { lines.append("The outputs are put together by \(aggregation.rawValue).") }
        return lines.joined(separator: " ")
    }

    private func numbers(_ rows: [Int]) -> String { rows.map(String.init).joined(separator: ", ") }

    private var described: String {
        zip(table.inputs, inputs).map { "\($0.name) \($1)" }.joined(separator: ", ")
    }

    private func sentence(_ row: Int) -> String {
        let rule = table.rules[row - 1]
        let name = [rule.id, rule.note].filter { !$0.isEmpty }.joined(separator: ": ")
        let reasons = because(row).map { "\($0.input) \($0.value) meets \($0.cell)" }.joined(separator: ", ")
        return "Rule \(row)\(name.isEmpty ? "" : " (\(name))") matches: \(reasons.isEmpty ? "it asks nothing" : reasons)."
    }

    /// What a rule asked and what was given, for the cells that ask something.
    private func because(_ row: Int) -> [(input: String, value: FEELValue, cell: String)] {
        table.inputs.indices.compactMap { place in
            let cell = table.rules[row - 1].inputs[place]
            return cell.isEmpty || cell == "-" ? nil : (table.inputs[place].name, inputs[place], cell)
        }
    }

    /// The explanation for programs: the rules that matched, which of them count, and what their cells asked.
    public var explanationJSON: JSON {
        let rules = matched.prefix(DecisionLimits.maxFindings).map { row -> JSON in
            let rule = table.rules[row - 1]
            let reasons = because(row).map { JSON.object(["input": .string($0.input), "value": $0.value.json, "cell": .string($0.cell)]) }
            return [
                "row": JSON(row), "id": .string(rule.id), "note": .string(rule.note), "counts": .bool(used.contains(row)),
                "because": .array(reasons),
            ]
        }
        return [
            "table": .string(table.key), "hit_policy": .string(table.hitPolicy.rawValue), "matched": .array(matched.map { JSON($0) }),
            "default": .bool(usedDefaults), "rules": .array(rules), "text": .string(explanation),
        ]
    }
}
