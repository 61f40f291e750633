import FEEL
import Kernel

/// A table whose cells are read and whose columns are indexed, ready to be asked many times.
public struct CompiledTable: Sendable {
    /// The table as it was written.
    public let table: DecisionTable
    /// The cells of the inputs, a list for each rule.
    let inputs: [[FEELUnaryTests]]
    /// The cells of the outputs, a list for each rule.
    let outputs: [[FEELExpression]]
    /// The defaults by output; nil when there is none.
    let defaults: [FEELExpression]?
    /// The allowed values of inputs and outputs.
    let inputValues: [FEELUnaryTests]
    let outputValues: [FEELUnaryTests]
    /// The allowed values of each output in their order of importance.
    let priorities: [[FEELValue]]
    let columns: [ColumnIndex]
    /// The columns whose cells name other inputs, by rule.
    let asking: [Int: [Int]]
    /// The segments of each column that a value can fall into.
    let usable: [[Int]]

    /// Reads and indexes a table.
    ///
    /// - Throws: All that is wrong with it.
    public init(_ table: DecisionTable) throws(DecisionProblems) {
        var reader = TableReader(table)
        let cells = reader.read()
        guard reader.problems.isEmpty else { throw DecisionProblems(key: table.key, list: reader.problems) }
        self.init(table, cells)
    }

    private init(_ table: DecisionTable, _ cells: TableCells) {
        self.table = table
        inputs = cells.inputs
        outputs = cells.outputs
        defaults = cells.defaults
        inputValues = cells.inputValues
        outputValues = cells.outputValues
        priorities = cells.outputValues.map(\.constants)
        columns = table.inputs.indices.map { place in
            ColumnIndex(
                cells: cells.inputs.map { $0[place] }, values: cells.inputValues[place], isOptional: table.inputs[place].isOptional,
                type: table.inputs[place].type)
        }
        var asking: [Int: [Int]] = [:]
        for (row, list) in cells.inputs.enumerated() {
            let places = list.indices.filter { !list[$0].names.isEmpty }
            if !places.isEmpty { asking[row] = places }
        }
        self.asking = asking
        usable = zip(table.inputs, columns).map { input, column in
            let samples = Samples(type: input.type, column: column)
            return column.allowed.numbers.filter { samples.value(in: $0) != nil }
        }
    }

    /// The segments of each column that a value can fall into, as sets.
    var usableSegments: [RowSet] {
        zip(columns, usable).map { column, numbers in
            var set = RowSet(count: column.segmentCount)
            for number in numbers { set.insert(number) }
            return set
        }
    }

    /// Answers for inputs by name.
    ///
    /// - Throws: `decision.unknown_input`, and what `evaluate(_:)` for values in order throws.
    public func evaluate(_ inputs: [String: FEELValue]) throws -> DecisionOutcome {
        for name in inputs.keys.sorted() where !table.inputs.contains(where: { $0.name == name }) {
            throw Refusal.unknownInput(table, name)
        }
        return try evaluate(values: table.inputs.map { inputs[$0.name] ?? .null })
    }

    /// Answers for inputs by name, given as fields hold them.
    ///
    /// - Throws: As for values of FEEL; what means nothing in its column is of another type.
    public func evaluate(fields: ValueMap) throws -> DecisionOutcome {
        for name in fields.names where !table.inputs.contains(where: { $0.name == name }) { throw Refusal.unknownInput(table, name) }
        return try evaluate(
            values: table.inputs.map { input in
                guard let given = fields[input.name] else { return .null }
                guard let value = input.type.value(given) else { throw Refusal.inputType(table, input) }
                return value
            })
    }

    /// Answers for the inputs' values in the order of the columns.
    ///
    /// - Throws: `decision.input_missing`, `decision.input_type`, `decision.input_not_allowed`, `decision.several_rules`,
    ///   `decision.rules_disagree`, `decision.output_type`, `decision.aggregation`.
    public func evaluate(values given: [FEELValue]) throws -> DecisionOutcome {
        let (values, segments) = try checked(given)
        return try HitPolicy(self, values).outcome(matches(values, segments))
    }

    /// The inputs with their segments, when they may be asked.
    private func checked(_ given: [FEELValue]) throws -> ([FEELValue], [Int]) {
        precondition(given.count == table.inputs.count, "a value for each column")
        var values = given
        var segments: [Int] = []
        segments.reserveCapacity(given.count)
        for (place, input) in table.inputs.enumerated() {
            let value = given[place].inUTC
            values[place] = value
            if value.isNull {
                guard input.isOptional else { throw Refusal.inputMissing(table, input) }
            } else if !input.type.accepts(value) {
                throw Refusal.inputType(table, input)
            }
            let segment = columns[place].segment(of: value)
            guard columns[place].allowed.contains(segment) else { throw Refusal.inputNotAllowed(table, input) }
            segments.append(segment)
        }
        return (values, segments)
    }

    /// The rules that match, ascending from 0.
    private func matches(_ values: [FEELValue], _ segments: [Int]) -> [Int] {
        guard let first = columns.first else { return Array(inputs.indices) }
        var set = first.rows[segments[0]]
        for place in 1..<max(columns.count, 1) { set.formIntersection(columns[place].rows[segments[place]]) }
        let rows = set.numbers
        return asking.isEmpty ? rows : rows.filter { holds($0, values) }
    }

    /// Whether the cells of a rule that name other inputs hold.
    private func holds(_ row: Int, _ values: [FEELValue]) -> Bool {
        guard let places = asking[row] else { return true }
        return places.allSatisfy { inputs[row][$0].hold(for: values[$0], in: { name in self.value(name, values) }) }
    }

    /// The value of an input by its name.
    func value(_ name: String, _ values: [FEELValue]) -> FEELValue? {
        table.inputs.firstIndex { $0.name == name }.map { values[$0] }
    }
}
