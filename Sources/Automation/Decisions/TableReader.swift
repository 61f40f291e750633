import DMN
import FEEL

/// A table's cells, read.
struct TableCells {
    var inputs: [[FEELUnaryTests]] = []
    var outputs: [[FEELExpression]] = []
    var defaults: [FEELExpression]?
    var inputValues: [FEELUnaryTests] = []
    var outputValues: [FEELUnaryTests] = []
}

/// Reads the cells of a table and collects what is wrong with them.
struct TableReader {
    private let table: DecisionTable
    private let names: [String]
    private(set) var problems: [DecisionProblem] = []

    init(_ table: DecisionTable) {
        self.table = table
        names = table.inputs.map(\.name)
    }

    mutating func read() -> TableCells {
        var cells = TableCells()
        checkShape()
        guard problems.isEmpty else { return cells }
        cells.inputValues = table.inputs.map { values($0.values, $0.name, $0.type) }
        cells.outputValues = table.outputs.map { values($0.values, $0.name, $0.type) }
        for (row, rule) in table.rules.enumerated() {
            cells.inputs.append(table.inputs.indices.map { input(rule.inputs[$0], table.inputs[$0], row + 1) })
            cells.outputs.append(table.outputs.indices.map { output(rule.outputs[$0], $0, row + 1, cells) })
            if problems.count >= DecisionLimits.maxProblems { return cells }
        }
        cells.defaults = defaults(cells)
        checkPolicy(cells)
        return cells
    }

    private mutating func add(_ problem: DecisionProblem) { problems.append(problem) }

    // MARK: Shape

    private mutating func checkShape() {
        let limits = [
            ("inputs", table.inputs.count, DecisionLimits.maxInputs), ("outputs", table.outputs.count, DecisionLimits.maxOutputs),
            ("rules", table.rules.count, DecisionLimits.maxRules), ("tests", table.tests.count, DecisionLimits.maxTests),
        ]
        for (name, count, most) in limits where count > most {
            add(
                DecisionProblem(
                    "decision.too_large", "The table has \(count) \(name); at most \(most) are allowed.", remedy: "Split the table."))
        }
        if table.outputs.isEmpty {
            add(DecisionProblem("decision.no_output", "The table has no output.", remedy: "Add one under 'outputs'."))
        }
        checkNames(table.inputs.map(\.name), "input")
        checkNames(table.outputs.map(\.name), "output")
        for (row, rule) in table.rules.enumerated()
        where rule.inputs.count != table.inputs.count || rule.outputs.count != table.outputs.count {
            add(
                DecisionProblem(
                    "decision.cells", rows: [row + 1], "Rule \(row + 1) has not one cell for each column.",
                    remedy: "Give the missing cells."))
        }
    }

    private mutating func checkNames(_ names: [String], _ what: String) {
        var seen: Set<String> = []
        for name in names {
            if !TableReader.isName(name) {
                add(
                    DecisionProblem(
                        "decision.name", column: name, "'\(name.prefix(80))' cannot be the name of an \(what).",
                        remedy: "Use letters, digits and underscores, words separated by one space or point, and no word of FEEL."))
            } else if !seen.insert(name).inserted {
                add(
                    DecisionProblem(
                        "decision.name", column: name, "Two \(what)s are called '\(name)'.", remedy: "Give each a name of its own."))
            }
        }
    }

    private static let reserved: Set<String> = ["not", "true", "false", "null"]

    /// Whether FEEL can read the text as a name: words of letters, digits and underscores.
    static func isName(_ name: String) -> Bool {
        guard name.utf8.count <= 100, !name.isEmpty else { return false }
        let words = name.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "." }
        return words.enumerated().allSatisfy { place, word in
            guard let first = word.unicodeScalars.first, place > 0 || !reserved.contains(String(word)) else { return false }
            guard !first.isASCII || first.properties.isAlphabetic || first == "_" || (place > 0 && ("0"..."9").contains(first)) else {
                return false
            }
            return word.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    ? scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
                    : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            }
        }
    }

    // MARK: Cells

    private mutating func values(_ text: String, _ column: String, _ type: DecisionType) -> FEELUnaryTests {
        guard let cell = tests(text, "The values of '\(column)'", 0, column, names: []) else { return .any }
        check(cell, type, "The values of '\(column)'", 0, column)
        return cell.inUTC
    }

    private mutating func input(_ text: String, _ input: DecisionInput, _ row: Int) -> FEELUnaryTests {
        let place = "Rule \(row), column '\(input.name)'"
        guard let cell = tests(text, place, row, input.name, names: names) else { return .any }
        check(cell, input.type, place, row, input.name)
        return cell.inUTC
    }

    private mutating func tests(_ text: String, _ place: String, _ row: Int, _ column: String, names: [String]) -> FEELUnaryTests? {
        do throws(FEELError) {
            return try FEELUnaryTests.parse(text, names: names)
        } catch {
            add(cellProblem(error, place, row, column))
            return nil
        }
    }

    private func cellProblem(_ error: FEELError, _ place: String, _ row: Int, _ column: String) -> DecisionProblem {
        DecisionProblem(
            "decision.cell", rows: row == 0 ? [] : [row], column: column, "\(place), character \(error.position): \(error.what)",
            remedy: "Correct the cell.")
    }

    private mutating func check(_ cell: FEELUnaryTests, _ type: DecisionType, _ place: String, _ row: Int, _ column: String) {
        for test in cell.tests {
            switch test {
            case .compare(let comparison, let operand):
                let isOrdering = comparison != .equal && comparison != .notEqual
                if isOrdering, type == .boolean {
                    add(typeProblem("\(place): truth values have no order.", row, column, "Write true, false or -."))
                } else {
                    check(operand, type, place, row, column, mayBeNull: !isOrdering, mayBeList: comparison == .equal)
                }
            case .range(let range):
                for end in [range.low, range.high] { check(end, type, place, row, column, mayBeNull: false, mayBeList: false) }
            }
        }
    }

    private mutating func check(
        _ operand: FEELExpression, _ type: DecisionType, _ place: String, _ row: Int, _ column: String, mayBeNull: Bool, mayBeList: Bool
    ) {
        let isKnown: Bool
        switch operand {
        case .literal(.null): isKnown = mayBeNull
        case .literal(.list(let elements)): isKnown = mayBeList && elements.allSatisfy { $0.isNull || $0.kind == type.kind }
        case .literal(let value): isKnown = value.kind == type.kind
        case .name(let name): isKnown = table.inputs.first { $0.name == name }?.type.kind == type.kind
        default: isKnown = true
        }
        guard !isKnown else { return }
        add(
            typeProblem(
                "\(place): a value of another type than \(type.rawValue) stands there.", row, column, "Write a value like \(type.example).")
        )
    }

    private func typeProblem(_ message: String, _ row: Int, _ column: String, _ remedy: String) -> DecisionProblem {
        DecisionProblem("decision.cell_type", rows: row == 0 ? [] : [row], column: column, message, remedy: remedy)
    }

    private mutating func output(_ text: String, _ place: Int, _ row: Int, _ cells: TableCells) -> FEELExpression {
        let output = table.outputs[place]
        let name = row == 0 ? "The default of '\(output.name)'" : "Rule \(row), column '\(output.name)'"
        let expression: FEELExpression
        do throws(FEELError) {
            expression = try FEELExpression.parse(text, names: names)
        } catch {
            add(cellProblem(error, name, row, output.name))
            return .literal(.null)
        }
        if let value = expression.constant, !output.accepts(value.inUTC, cells.outputValues[place]) {
            let allowed = output.values.isEmpty ? "" : ", one of \(output.values)"
            add(
                typeProblem(
                    "\(name): the value may not stand there.", row, output.name,
                    "Write a value like \(output.type.example)\(allowed), or null."))
        }
        return expression.inUTC
    }

    private mutating func defaults(_ cells: TableCells) -> [FEELExpression]? {
        let given = table.outputs.filter { !$0.defaultCell.isEmpty }
        guard !given.isEmpty else { return nil }
        guard given.count == table.outputs.count else {
            let missing = table.outputs.first { $0.defaultCell.isEmpty }?.name ?? ""
            add(
                DecisionProblem(
                    "decision.default", column: missing, "Some outputs have a default, '\(missing)' has none.",
                    remedy: "Give each output a default, or none."))
            return nil
        }
        return table.outputs.indices.map { output(table.outputs[$0].defaultCell, $0, 0, cells) }
    }

    // MARK: Hit policy

    private mutating func checkPolicy(_ cells: TableCells) {
        if table.hitPolicy == .priority || table.hitPolicy == .outputOrder, table.outputs.allSatisfy(\.values.isEmpty) {
            add(
                DecisionProblem(
                    "decision.priority", "The hit policy needs the order of the outputs' values, and no output has 'values'.",
                    remedy: "List the values of an output, the most important one first."))
        }
        guard let aggregation = table.aggregation else { return }
        if table.hitPolicy != .collect {
            add(
                DecisionProblem(
                    "decision.aggregation", "Only 'collect' puts outputs together.", remedy: "Choose 'collect', or leave it out."))
        }
        if table.outputs.count != 1 {
            add(DecisionProblem("decision.aggregation", "Only one output can be put together.", remedy: "Keep one output."))
        }
        guard let type = table.outputs.first?.type else { return }
        let isSummable = [.number, .integer, .daysDuration, .yearsDuration].contains(type)
        if aggregation == .sum && !isSummable || (aggregation == .min || aggregation == .max) && type == .boolean {
            add(
                DecisionProblem(
                    "decision.aggregation", column: table.outputs[0].name, "Values of type \(type.rawValue) cannot be put together so.",
                    remedy: "Choose another aggregation or another type."))
        }
    }
}

extension DecisionOutput {
    /// Whether the value may be an answer; nothing always may.
    func accepts(_ value: FEELValue, _ values: FEELUnaryTests) -> Bool {
        value.isNull || (type.accepts(value) && values.hold(for: value))
    }
}

extension DecisionType {
    /// A value of the type as FEEL writes it.
    var example: String {
        switch self {
        case .string: "\"text\""
        case .number: "12.5"
        case .integer: "12"
        case .boolean: "true"
        case .date: "date(\"2026-03-01\")"
        case .time: "time(\"08:30:00\")"
        case .dateTime: "date and time(\"2026-03-01T08:30:00Z\")"
        case .daysDuration: "duration(\"P1DT2H\")"
        case .yearsDuration: "duration(\"P1Y6M\")"
        }
    }
}

extension FEELExpression {
    /// The expression with an offset of zero where a time had none.
    var inUTC: FEELExpression {
        switch self {
        case .literal(let value): .literal(value.inUTC)
        case .name: self
        case .negation(let inner): .negation(inner.inUTC)
        case .operation(let operation, let left, let right): .operation(operation, left.inUTC, right.inUTC)
        case .list(let elements): .list(elements.map(\.inUTC))
        }
    }
}

extension FEELUnaryTests {
    /// The cell with an offset of zero where a time had none.
    var inUTC: FEELUnaryTests {
        FEELUnaryTests(
            tests.map { test in
                switch test {
                case .compare(let comparison, let operand): .compare(comparison, operand.inUTC)
                case .range(let range):
                    .range(
                        FEELRange(
                            low: range.low.inUTC, includesLow: range.includesLow, high: range.high.inUTC, includesHigh: range.includesHigh))
                }
            }, isNegated: isNegated)
    }
}
