import JSON
import Kernel

/// One thing that is wrong with a table, or worth a look, with its place and its remedy.
public struct DecisionProblem: Sendable, Hashable {
    /// How grave it is.
    public enum Severity: String, Sendable, Hashable { case error, warning }

    /// The stable code, for example `decision.cell`.
    public let code: String
    /// Whether the table may be used all the same.
    public let severity: Severity
    /// The rules that are concerned, numbered from 1.
    public let rows: [Int]
    /// The column that is concerned, or empty.
    public let column: String
    /// What is wrong, in a sentence with the place.
    public let message: String
    /// What to do.
    public let remedy: String

    init(
        _ code: String, severity: Severity = .error, rows: [Int] = [], column: String = "", _ message: String, remedy: String
    ) {
        self.code = code
        self.severity = severity
        self.rows = rows
        self.column = column
        self.message = message
        self.remedy = remedy
    }

    /// The problem as JSON, for callers.
    public var json: JSON {
        [
            "code": .string(code), "severity": .string(severity.rawValue), "rows": .array(rows.map { JSON($0) }), "column": .string(column),
            "message": .string(message), "remedy": .string(remedy),
        ]
    }
}

extension DecisionProblem: CustomStringConvertible {
    /// Code, sentence and remedy in one line.
    public var description: String { "\(code): \(message) \(remedy)" }
}

/// Why a table cannot be used: all that is wrong with it.
public struct DecisionProblems: Error, Sendable, Hashable {
    /// The table's key.
    public let key: String
    /// What is wrong, errors only.
    public let list: [DecisionProblem]

    /// What is wrong with the table of that key.
    public init(key: String, list: [DecisionProblem]) {
        self.key = key
        self.list = list
    }

    /// The problems as a refusal that names the first ones.
    public var refusal: Refusal {
        let shown = list.prefix(3).map { $0.message + " " + $0.remedy }.joined(separator: " ")
        let more = list.count > 3 ? " And \(list.count - 3) more." : ""
        return Refusal(
            "decision.definition", .validation, "The decision table '\(key)' cannot be used. \(shown)\(more)",
            instruction: "Correct it and check it again.",
            details: ["problems": .list(list.prefix(DecisionLimits.maxProblems).map { .json($0.json) })])
    }
}

extension Refusal {
    static func inputMissing(_ table: DecisionTable, _ input: DecisionInput) -> Refusal {
        Refusal(
            "decision.input_missing", .validation, "The decision table '\(table.key)' needs the input '\(input.name)'.",
            instruction: "Give a value of type \(input.type.rawValue).", details: ["table": .text(table.key), "input": .text(input.name)])
    }

    static func inputType(_ table: DecisionTable, _ input: DecisionInput) -> Refusal {
        Refusal(
            "decision.input_type", .validation, "The input '\(input.name)' of the decision table '\(table.key)' has another type.",
            instruction: "Give a value of type \(input.type.rawValue).", details: ["table": .text(table.key), "input": .text(input.name)])
    }

    static func inputNotAllowed(_ table: DecisionTable, _ input: DecisionInput) -> Refusal {
        Refusal(
            "decision.input_not_allowed", .validation,
            "The input '\(input.name)' of the decision table '\(table.key)' has a value that may not occur.",
            instruction: "Allowed is: \(input.values).", details: ["table": .text(table.key), "input": .text(input.name)])
    }

    static func unknownInput(_ table: DecisionTable, _ name: String) -> Refusal {
        Refusal(
            "decision.unknown_input", .validation, "The decision table '\(table.key)' has no input '\(name)'.",
            instruction: "Its inputs are: " + table.inputs.map(\.name).joined(separator: ", ") + ".",
            details: ["table": .text(table.key), "input": .text(name)])
    }

    static func severalRules(_ table: DecisionTable, _ rows: [Int]) -> Refusal {
        Refusal(
            "decision.several_rules", .conflict,
            "Rules \(rows.map(String.init).joined(separator: ", ")) of the decision table '\(table.key)' all match; its hit policy allows one.",
            instruction: "Correct the rules, or choose another hit policy.",
            details: ["table": .text(table.key), "rows": .list(rows.map { .int($0) })])
    }

    static func rulesDisagree(_ table: DecisionTable, _ rows: [Int]) -> Refusal {
        Refusal(
            "decision.rules_disagree", .conflict,
            "Rules \(rows.map(String.init).joined(separator: ", ")) of the decision table '\(table.key)' match and answer differently.",
            instruction: "Let them answer the same, or choose another hit policy.",
            details: ["table": .text(table.key), "rows": .list(rows.map { .int($0) })])
    }

    static func outputType(_ table: DecisionTable, _ row: Int, _ output: DecisionOutput) -> Refusal {
        let place = row == 0 ? "The default" : "Rule \(row)"
        return Refusal(
            "decision.output_type", .validation,
            "\(place) of the decision table '\(table.key)' gives '\(output.name)' a value that may not stand there.",
            instruction:
                "Correct the cell so that it gives a value of type \(output.type.rawValue)\(output.values.isEmpty ? "" : ", one of \(output.values)").",
            details: ["table": .text(table.key), "row": .int(row), "output": .text(output.name)])
    }

    static func cannotAggregate(_ table: DecisionTable, _ rows: [Int]) -> Refusal {
        Refusal(
            "decision.aggregation", .validation,
            "The outputs of rules \(rows.map(String.init).joined(separator: ", ")) of the decision table '\(table.key)' cannot be put together.",
            instruction: "Use smaller numbers, or collect without putting together.",
            details: ["table": .text(table.key), "rows": .list(rows.map { .int($0) })])
    }
}
