import Foundation
import JSON
import Kernel
import Operations
import Scripts

/// `baton bench scripts`: scripts a second, from the call to the answer, one after the other as a writer runs them.
enum BenchScriptsCommand {
    static let command = Command(
        path: ["bench", "scripts"], summary: "Measures scripts a second.",
        details: "Runs a trivial script, and one that reads 20 records and asks its host twice; prints one JSON object.",
        options: [CommandOption("seconds", "N", "how long to measure each; default 3")],
        isHidden: true
    ) { try run($0) }

    /// What a rule does: looks at fields, finds something, changes what it has chosen.
    private static let realistic = """
        const late = records.filter((order) => order.state === "open" && order.due < env.today);
        const rates = new Map(late.map((order) => [order.id, Math.round(order.total * 1.19 * 100) / 100]));
        const known = env("bench.limit").search([["partner_id", "in", late.map((order) => order.partner)]]);
        if (rates.size > known.length) late.write({note: `Late: ${[...rates.values()].join(", ")}`});
        return rates.size;
        """

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let seconds = try arguments.number("seconds", in: 1...600) ?? 3
        let pool = ScriptPool(executable: ProgramFile.path)
        defer { pool.stop() }
        let trivial = try measure(pool, ScriptSource(name: "trivial", text: "return 1 + 1"), ScriptInput(), seconds)
        let records = try measure(pool, ScriptSource(name: "records", text: realistic), orders(), seconds)
        let report: JSON = [
            "trivial_per_s": .double(trivial.perSecond), "trivial_p50_ms": .double(trivial.median),
            "records_per_s": .double(records.perSecond),
            "records_p50_ms": .double(records.median),
        ]
        Output.line(report.text())
        return ExitCode.done
    }

    private static func measure(
        _ pool: ScriptPool, _ source: ScriptSource, _ input: ScriptInput, _ seconds: Int
    ) throws -> (perSecond: Double, median: Double) {
        let run = ScriptRun(source, input: input, now: Instant(seconds: 1_772_442_000), seed: 1)
        for _ in 0..<50 { _ = try pool.run(run, host: BenchHost()) }
        var times: [Double] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            let start = ContinuousClock.now
            _ = try pool.run(run, host: BenchHost())
            times.append(start.duration(to: .now) / .milliseconds(1))
        }
        return (Double(times.count) / (times.reduce(0, +) / 1_000), times.sorted()[times.count / 2])
    }

    private static func orders() -> ScriptInput {
        var input = ScriptInput()
        input.model = "bench.order"
        input.ids = Array(1...20)
        func column(_ value: (Int) -> JSON) -> JSON { ["kind": "value", "values": .array((1...20).map(value))] }
        input.columns = [
            "state": column { $0 % 3 == 0 ? "done" : "open" }, "due": column { .string($0 % 2 == 0 ? "2026-02-01" : "2026-04-01") },
            "total": column { .double(Double($0) * 10.25) }, "partner": column { JSON($0 + 100) },
        ]
        input.environment = ["uid": 2, "today": "2026-03-02", "now": "2026-03-02 09:00:00"]
        return input
    }

    /// Answers at once, so that the engine is measured and not the database.
    private struct BenchHost: ScriptHost {
        func answer(_ call: String, _ arguments: JSON) throws -> JSON { call == "search" ? [1, 2] : true }
        func isChange(_ call: String) -> Bool { call == "write" }
        func note(_ line: ScriptLogLine) {}
    }
}
