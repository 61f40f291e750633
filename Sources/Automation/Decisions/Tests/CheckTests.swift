import Decisions
import FEEL
import JSON
import Testing

@Suite struct CheckTests {
    private func table(_ rules: [(String, String)], _ change: (inout DecisionTable) -> Void = { _ in }) -> DecisionTable {
        var table = DecisionTable(key: "t")
        table.inputs = [DecisionInput("age", .integer, values: "[0..150]"), DecisionInput("payer", .string, values: "\"A\", \"B\"")]
        table.outputs = [DecisionOutput("ok", .boolean)]
        table.rules = rules.map { DecisionRule(inputs: [$0.0, $0.1], outputs: ["true"]) }
        change(&table)
        return table
    }

    @Test("a table that covers its whole numbers and values is complete and free of overlaps")
    func complete() {
        let report = table([("<= 17", "-"), ("[18..64]", "\"A\""), ("[18..64]", "\"B\""), (">= 65", "-")]).checked()
        #expect(report.problems == [])
        #expect(report.isComplete)
        #expect(report.isOverlapFree)
    }

    @Test("a gap is shown by an example")
    func gap() {
        let report = table([("< 17", "-"), ("[18..64]", "\"A\""), (">= 65", "-")]).checked()
        #expect(!report.isComplete)
        #expect(report.problems.map(\.message) == ["No rule matches age 17, payer \"A\".", "No rule matches age 18, payer \"B\"."])
        #expect(report.problems.allSatisfy { $0.code == "decision.gap" && $0.severity == .warning })
        let strict = table([("< 17", "-")]) { $0.mustBeComplete = true }.checked()
        #expect(strict.errors.first?.code == "decision.gap")
        let defaulted = table([("< 17", "-")]) { $0.outputs[0].defaultCell = "false" }.checked()
        #expect(defaulted.problems == [])
    }

    @Test("nothing is a gap too, where an input may be nothing")
    func nullGap() {
        let report = table([("-", "\"A\", \"B\"")]) { $0.inputs[1].isOptional = true }.checked()
        #expect(report.problems.map(\.message) == ["No rule matches age 0, payer null."])
    }

    @Test("an overlap names both rules and an example; whether it matters is the hit policy's")
    func overlap() {
        let rules = [("<= 20", "-"), (">= 18", "\"A\""), (">= 21", "\"B\"")]
        let report = table(rules).checked()
        #expect(!report.isOverlapFree)
        #expect(report.errors.map(\.message) == ["Rules 1 and 2 both match age 18, payer \"A\"."])
        #expect(report.errors.first?.rows == [1, 2])
        #expect(table(rules) { $0.hitPolicy = .first }.checked().errors == [])
        #expect(table(rules) { $0.hitPolicy = .any }.checked().errors == [])
        let differing = table(rules) {
            $0.hitPolicy = .any
            $0.rules[1].outputs = ["false"]
        }.checked()
        #expect(differing.errors.map(\.code) == ["decision.overlap"])
    }

    @Test("a rule that an earlier one hides is named")
    func hidden() {
        let report = table([("-", "-"), ("< 5", "\"A\"")]) { $0.hitPolicy = .first }.checked()
        #expect(report.problems.map(\.code) == ["decision.never_reached"])
        #expect(report.problems.first?.rows == [2])
    }

    @Test("rules that compare inputs with each other are said to be beyond the check")
    func asking() {
        let report = table([("> 5", "-"), ("<= 5", "-")]) {
            $0.inputs.append(DecisionInput("limit", .integer))
            $0.rules = [
                DecisionRule(inputs: ["> limit", "-", "-"], outputs: ["true"]),
                DecisionRule(inputs: ["<= limit", "-", "-"], outputs: ["true"]),
            ]
        }.checked()
        #expect(report.problems.map(\.code).contains("decision.overlaps_unknown"))
        #expect(!report.isComplete && !report.isOverlapFree)
        #expect(report.errors == [])
    }

    @Test("the table's own cases are run, and one that comes out otherwise says how")
    func cases() {
        var table = table([("<= 17", "-"), (">= 18", "-")])
        table.tests = [
            DecisionTest(name: "a child", given: ["age": .int(3), "payer": .string("A")], expected: .answer(.one(["ok": .boolean(true)]))),
            DecisionTest(name: "wrong", given: ["age": .int(30), "payer": .string("A")], expected: .answer(.one(["ok": .boolean(false)]))),
            DecisionTest(name: "no payer", given: ["age": .int(3)], expected: .refusal("decision.input_missing")),
        ]
        let report = table.checked()
        #expect(report.testsRun == 3)
        #expect(report.errors.map(\.code) == ["decision.test_failed"])
        #expect(report.errors.first?.message == "Test 2 ('wrong') expects {\"ok\":false} but the table gives {\"ok\":true}.")
    }

    @Test("the search for gaps ends at its limit and says so")
    func bounded() {
        var table = DecisionTable(key: "wide")
        var chance = SeededChance(7)
        table.inputs = (0..<12).map { DecisionInput("i\($0)", .integer) }
        table.outputs = [DecisionOutput("ok", .boolean)]
        table.hitPolicy = .first
        table.rules = (0..<400).map { _ in
            DecisionRule(inputs: (0..<12).map { _ in chance.next(4) == 0 ? "-" : "!= \(chance.next(40))" }, outputs: ["true"])
        }
        let start = ContinuousClock.now
        let report = table.checked()
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(!report.isComplete)
        #expect(report.problems.contains { $0.code == "decision.gaps_unknown" || $0.code == "decision.gap" })
    }
}

/// Chance that is the same in each run.
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func next(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}
