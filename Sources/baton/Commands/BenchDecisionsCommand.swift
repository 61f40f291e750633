import Decisions
import FEEL
import JSON
import Kernel
import Operations

/// `baton bench decisions`: evaluations a second of decision tables of 10, 100 and 1,000 rows, on one thread; for `make bench`.
enum BenchDecisionsCommand {
    static let command = Command(
        path: ["bench", "decisions"], summary: "Measures evaluations a second of decision tables.",
        details: "Prints one JSON object. For Benchmarks/run.",
        options: [CommandOption("seconds", "N", "how long to measure each size; default 3")],
        isHidden: true
    ) { try run($0) }

    private static let sizes = [10, 100, 1_000]
    /// How many different questions are asked in turn.
    private static let questions = 1_024

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let seconds = try arguments.number("seconds", in: 1...600) ?? 3
        var members: [JSONObject.Member] = []
        for rows in sizes {
            let table = table(rows)
            let start = ContinuousClock.now
            let compiled: CompiledTable
            do throws(DecisionProblems) { compiled = try CompiledTable(table) } catch { throw error.refusal }
            members.append(.init(key: "compile_ms_\(rows)_rows", value: .double(elapsed(start) * 1_000)))
            members.append(.init(key: "evaluations_per_s_\(rows)_rows", value: .double(try measure(compiled, rows, seconds))))
        }
        Output.line(JSON.object(JSONObject(members)).text())
        return ExitCode.done
    }

    private static func measure(_ compiled: CompiledTable, _ rows: Int, _ seconds: Int) throws -> Double {
        let asked = (0..<questions).map { number in question((number &* 7_919) % (rows * 2)) }
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        var count = 0
        var answered = 0
        while ContinuousClock.now < end {
            for values in asked { if case .one = try compiled.evaluate(values: values).answer { answered += 1 } }
            count += questions
        }
        precondition(answered > count / 3, "half of the questions have an answer")
        return Double(count) / elapsed(start)
    }

    private static func elapsed(_ start: ContinuousClock.Instant) -> Double {
        let took = start.duration(to: .now)
        return Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    }

    /// Four inputs: a text of a tenth as many values as there are rows, a range of amounts, an urgency or any, a truth value or any.
    private static func table(_ rows: Int) -> DecisionTable {
        var table = DecisionTable(key: "bench", hitPolicy: .first)
        table.inputs = [
            DecisionInput("payer", .string), DecisionInput("amount", .number), DecisionInput("urgency", .string),
            DecisionInput("known", .boolean),
        ]
        table.outputs = [DecisionOutput("approver", .string), DecisionOutput("days", .integer)]
        table.rules = (0..<rows).map { row in
            let low = row / 10 * 20
            return DecisionRule(
                inputs: [
                    "\"payer \(row % 10)\", \"group \(row / 10)\"", "[\(low)..\(low + 20))", row % 3 == 0 ? "\"urgent\", \"stat\"" : "-",
                    row % 4 == 0 ? "true" : "-",
                ], outputs: ["\"approver \(row)\"", "\(row % 7)"])
        }
        return table
    }

    private static func question(_ number: Int) -> [FEELValue] {
        [
            .string("payer \(number % 10)"), .int(number / 2 * 2), .string(number % 2 == 0 ? "urgent" : "routine"),
            .boolean(number % 4 != 1),
        ]
    }
}
