import Decisions
import FEEL
import Kernel
import Testing

@Suite struct PropertyTests {
    /// Cells by type that a random table is made of, and values that are asked.
    private static let material: [(DecisionType, cells: [String], values: [FEELValue])] = [
        (
            .string,
            ["\"a\"", "\"b\", \"c\"", "not(\"a\")", "< \"b\"", "[\"a\"..\"c\")", "null", "not(null)", "[\"a\", \"d\"]", "!= \"b\""],
            ["", "a", "aa", "b", "c", "d"].map { .string($0) }
        ),
        (
            .integer,
            ["1", "< 3", ">= 2", "[1..4]", "(1..4)", "not(2, 3)", "1, [3..5]", "> 2.5", "!= 2", "> other", "[other..5]", "null", "-1"],
            (-2...7).map { .int($0) }
        ),
        (
            .number, ["0.1", "< 0.3", "]0.1..0.2]", "not(< 0)", ">= 1", "= 0.20", "0.3, > 5"],
            ["-1", "0", "0.1", "0.15", "0.2", "0.3", "1", "6"].map { .number(FEELNumber($0) ?? .zero) }
        ),
        (.boolean, ["true", "false", "not(true)", "null", "!= true"], [.boolean(true), .boolean(false)]),
        (
            .date,
            [
                "date(\"2026-01-01\")", "> date(\"2026-01-01\")", "[date(\"2026-01-01\")..date(\"2026-01-31\")]",
                "not(date(\"2026-01-02\"))",
            ],
            (20_453...20_457).compactMap { FEELDate(number: $0) }.map { .date($0) }
        ),
        (
            .dateTime,
            ["< date and time(\"2026-01-01T12:00:00\")", ">= date and time(\"2026-01-01T12:00:00Z\")", "@\"2026-01-01T13:00:00+01:00\""],
            ["2026-01-01T11:59:59Z", "2026-01-01T12:00:00", "2026-01-01T14:00:00+01:00"].compactMap { FEELDateTime($0) }.map {
                .dateTime($0)
            }
        ),
        (
            .daysDuration, ["<= duration(\"PT72H\")", "> duration(\"P3D\")"],
            [.nanoseconds(0), .nanoseconds(259_200_000_000_000), .nanoseconds(1 << 60)]
        ),
        (.yearsDuration, ["duration(\"P1Y\")", "> duration(\"P6M\")"], [.months(6), .months(7), .months(12)]),
    ]

    private static func random(_ chance: inout SeededChance, _ policy: String = "collect") -> (DecisionTable, [[FEELValue]]) {
        let columns = (0...chance.next(3)).map { _ in material[chance.next(material.count)] } + [material[1]]
        var table = DecisionTable(key: "random", hitPolicy: .collect)
        table.inputs = columns.enumerated().map { place, column in
            DecisionInput(place == columns.count - 1 ? "other" : "i\(place)", column.0, isOptional: true)
        }
        table.outputs = [DecisionOutput("row", .integer)]
        table.rules = (0..<(1 + chance.next(12))).map { row in
            let cells = columns.map { chance.next(3) == 0 ? "-" : $0.cells[chance.next($0.cells.count)] }
            return DecisionRule(inputs: cells, outputs: ["\(row + 1)"])
        }
        let asked = (0..<20).map { _ in columns.map { chance.next(6) == 0 ? FEELValue.null : $0.values[chance.next($0.values.count)] } }
        return (table, asked)
    }

    /// What each cell says by itself, one after the other; moments without an offset are UTC.
    private static func naive(_ table: DecisionTable, _ values: [FEELValue]) throws -> [Int] {
        let utc = values.map(inUTC)
        let names = table.inputs.map(\.name)
        return try table.rules.indices.filter { row in
            try table.inputs.indices.allSatisfy { place in
                let text = table.rules[row].inputs[place].replacing("12:00:00\")", with: "12:00:00Z\")")
                let cell = try FEELUnaryTests.parse(text, names: names)
                return cell.hold(for: utc[place]) { name in names.firstIndex(of: name).map { utc[$0] } }
            }
        }.map { $0 + 1 }
    }

    private static func inUTC(_ value: FEELValue) -> FEELValue {
        guard case .dateTime(let moment) = value, moment.time.offset == nil else { return value }
        return FEELDateTime(moment.description + "Z").map { .dateTime($0) } ?? value
    }

    @Test("the indexed table finds the same rules as asking each cell, on 200 random tables")
    func indexedEqualsNaive() throws {
        var chance = SeededChance(20_260_301)
        var matches = 0
        for _ in 0..<200 {
            let (table, asked) = Self.random(&chance)
            let compiled = try CompiledTable(table)
            for values in asked {
                let expected = try Self.naive(table, values)
                matches += expected.count
                #expect(try compiled.evaluate(values: values).matched == expected, "\(table.rules.map(\.inputs)) \(values)")
            }
        }
        #expect(matches > 500)
    }

    @Test(
        "a table that the check calls complete and free of overlaps matches once, whatever is asked; one with a gap or overlap is never called so"
    )
    func completeMatchesOnce() throws {
        var chance = SeededChance(11)
        var proven = 0
        for _ in 0..<800 {
            var (table, asked) = Self.random(&chance)
            table.hitPolicy = .unique
            // Random tables are seldom whole: half of them are cut so that each value of the first column has a rule.
            if chance.next(2) == 0 { table = Self.cut(table, &chance) }
            let report = table.checked()
            let counts = try asked.map { try Self.naive(table, $0).count }
            if report.isComplete { #expect(!counts.contains(0), "\(table.rules.map(\.inputs))") }
            if report.isOverlapFree { #expect(!counts.contains { $0 > 1 }, "\(table.rules.map(\.inputs))") }
            if report.isComplete, report.isOverlapFree { proven += 1 }
        }
        #expect(proven > 40)
    }

    /// Rules that halve the columns again and again, and now and then lose or repeat one.
    private static func cut(_ table: DecisionTable, _ chance: inout SeededChance) -> DecisionTable {
        var result = table
        var rows = [table.inputs.map { _ in "-" }]
        for (place, input) in table.inputs.enumerated() where input.type == .integer || input.type == .string {
            let at = chance.next(rows.count)
            let pieces = input.type == .integer ? ["< 2", "[2..4]", "not(<= 4)"] : ["\"a\", null", "not(\"a\", null)"]
            let piece = rows.remove(at: at)
            for cell in pieces {
                var row = piece
                row[place] = input.type == .integer && cell.hasPrefix("not") ? "> 4, null" : cell
                rows.append(row)
            }
        }
        if chance.next(4) == 0 { rows.remove(at: chance.next(rows.count)) }
        if chance.next(4) == 0, let row = rows.first { rows.append(row) }
        result.rules = rows.map { DecisionRule(inputs: $0, outputs: ["1"]) }
        return result
    }
}
