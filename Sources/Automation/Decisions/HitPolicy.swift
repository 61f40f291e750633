import DMN
import FEEL
import Kernel

/// Makes the answer from the rules that match.
///
/// Source: OMG DMN 1.3, 8.2.11. The outputs that DMN leaves undefined, such as the sum of nothing, are `null`; the count of nothing is 0.
struct HitPolicy {
    private let compiled: CompiledTable
    private let values: [FEELValue]

    init(_ compiled: CompiledTable, _ values: [FEELValue]) {
        self.compiled = compiled
        self.values = values
    }

    private var table: DecisionTable { compiled.table }

    /// - Parameter rows: The rules that match, from 0.
    func outcome(_ rows: [Int]) throws -> DecisionOutcome {
        guard !rows.isEmpty else { return try withoutMatch() }
        switch table.hitPolicy {
        case .unique:
            guard rows.count == 1 else { throw Refusal.severalRules(table, rows.map { $0 + 1 }) }
            return made(rows, rows, .one(try outputs(rows[0])))
        case .first: return made(rows, [rows[0]], .one(try outputs(rows[0])))
        case .any: return try any(rows)
        case .priority:
            let best = try ordered(rows)[0]
            return made(rows, [best.row], .one(best.outputs))
        case .outputOrder:
            let list = try ordered(rows)
            return made(rows, list.map(\.row), .many(list.map(\.outputs)))
        case .ruleOrder: return made(rows, rows, .many(try rows.map(outputs)))
        case .collect:
            let list = try rows.map(outputs)
            guard let aggregation = table.aggregation else { return made(rows, rows, .many(list)) }
            return made(rows, rows, .one([try together(aggregation, list.map { $0[0] }, rows)]))
        }
    }

    private func made(_ rows: [Int], _ used: [Int], _ answer: DecisionOutcome.Answer, usedDefaults: Bool = false) -> DecisionOutcome {
        DecisionOutcome(
            table: table, inputs: values, matched: rows.map { $0 + 1 }, used: used.map { $0 + 1 }, usedDefaults: usedDefaults,
            answer: answer)
    }

    private func withoutMatch() throws -> DecisionOutcome {
        if let defaults = compiled.defaults {
            let outputs = try checked(defaults, row: 0)
            return made([], [], table.answersList ? .many([outputs]) : .one(outputs), usedDefaults: true)
        }
        if table.aggregation == .count { return made([], [], .one([.int(0)])) }
        return made([], [], table.answersList ? .many([]) : .nothing)
    }

    private func any(_ rows: [Int]) throws -> DecisionOutcome {
        let first = try outputs(rows[0])
        let others = try rows.dropFirst().filter { try outputs($0) != first }
        guard others.isEmpty else { throw Refusal.rulesDisagree(table, ([rows[0]] + others).map { $0 + 1 }) }
        return made(rows, rows, .one(first))
    }

    /// The outputs of a rule, each of its type and among its allowed values.
    private func outputs(_ row: Int) throws -> [FEELValue] { try checked(compiled.outputs[row], row: row + 1) }

    private func checked(_ cells: [FEELExpression], row: Int) throws -> [FEELValue] {
        var result: [FEELValue] = []
        result.reserveCapacity(cells.count)
        for (place, cell) in cells.enumerated() {
            // What is constant was checked when the table was read.
            if let value = cell.constant {
                result.append(value)
                continue
            }
            let value = cell.value { compiled.value($0, values) }
            guard table.outputs[place].accepts(value, compiled.outputValues[place]) else {
                throw Refusal.outputType(table, row, table.outputs[place])
            }
            result.append(value)
        }
        return result
    }

    /// The rules by the importance of their outputs, the first output counting most; what is equally important stays in the rules' order.
    private func ordered(_ rows: [Int]) throws -> [(row: Int, outputs: [FEELValue])] {
        let list = try rows.map { row in
            let outputs = try outputs(row)
            return (row: row, outputs: outputs, ranks: ranks(outputs))
        }
        return list.sorted { left, right in
            for (one, other) in zip(left.ranks, right.ranks) where one != other { return one < other }
            return left.row < right.row
        }.map { ($0.row, $0.outputs) }
    }

    private func ranks(_ outputs: [FEELValue]) -> [Int] {
        outputs.enumerated().map { place, value in
            let order = compiled.priorities[place]
            return order.firstIndex { $0.isEqual(value) == true } ?? order.count
        }
    }

    private func together(_ aggregation: DMNAggregation, _ list: [FEELValue], _ rows: [Int]) throws -> FEELValue {
        if aggregation == .count { return .int(list.count) }
        let present = list.filter { !$0.isNull }
        guard var result = present.first else { return .null }
        for value in present.dropFirst() {
            switch aggregation {
            case .sum: result = FEELExpression.operation(.add, .literal(result), .literal(value)).value { _ in nil }
            case .min: if (value.order(result) ?? 0) < 0 { result = value }
            case .max: if (value.order(result) ?? 0) > 0 { result = value }
            case .count: break
            }
            if result.isNull { throw Refusal.cannotAggregate(table, rows.map { $0 + 1 }) }
        }
        return result
    }
}
