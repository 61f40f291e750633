import DMN
import Decisions
import FEEL
import JSON
import Kernel
import Testing

@Suite struct HitPolicyTests {
    /// A table over one number, whose rules overlap: 1 to 10 low, 5 to 15 high, 8 low again.
    private func table(_ policy: DMNHitPolicy, _ aggregation: DMNAggregation? = nil) throws -> CompiledTable {
        var table = DecisionTable(key: "discount", hitPolicy: policy, aggregation: aggregation)
        table.inputs = [DecisionInput("amount", .number)]
        table.outputs = [DecisionOutput("level", .string, values: "\"high\", \"low\"")]
        table.rules = [
            DecisionRule(inputs: ["[1..10]"], outputs: ["\"low\""]), DecisionRule(inputs: ["[5..15]"], outputs: ["\"high\""]),
            DecisionRule(inputs: ["8"], outputs: ["\"low\""]),
        ]
        if aggregation != nil {
            table.outputs = [DecisionOutput("points", .number)]
            for (row, points) in ["1.1", "2.2", "5"].enumerated() { table.rules[row].outputs = [points] }
        }
        return try CompiledTable(table)
    }

    private func ask(_ policy: DMNHitPolicy, _ amount: String) throws -> DecisionOutcome { try ask(policy, nil, amount) }

    private func ask(_ policy: DMNHitPolicy, _ aggregation: DMNAggregation?, _ amount: String) throws -> DecisionOutcome {
        try table(policy, aggregation).evaluate(["amount": .number(FEELNumber(amount) ?? .zero)])
    }

    private func code(_ body: () throws -> DecisionOutcome) -> String? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? Refusal)?.code }
    }

    @Test("unique answers by the one rule, nothing without one, and refuses two")
    func unique() throws {
        #expect(try ask(.unique, "2").json == ["level": "low"])
        #expect(try ask(.unique, "20").json == .null)
        #expect(code { try ask(.unique, "6") } == "decision.several_rules")
    }

    @Test("any answers when all agree, and refuses when they do not")
    func any() throws {
        #expect(try ask(.any, "2").json == ["level": "low"])
        #expect(try ask(.any, "12").json == ["level": "high"])
        #expect(code { try ask(.any, "6") } == "decision.rules_disagree")
        var table = try table(.any).table
        table.rules[1].outputs = ["\"low\""]
        let outcome = try CompiledTable(table).evaluate(["amount": .int(8)])
        #expect(outcome.json == ["level": "low"])
        #expect(outcome.matched == [1, 2, 3])
    }

    @Test("priority answers by the most important output, whatever the rules' order")
    func priority() throws {
        let outcome = try ask(.priority, "8")
        #expect(outcome.json == ["level": "high"])
        #expect(outcome.matched == [1, 2, 3])
        #expect(outcome.used == [2])
    }

    @Test("first answers by the first rule that matches")
    func first() throws {
        let outcome = try ask(.first, "8")
        #expect(outcome.json == ["level": "low"])
        #expect(outcome.used == [1])
        #expect(try ask(.first, "0").json == .null)
    }

    @Test("rule order answers all in the rules' order, output order by importance, collect any way; none is an empty list")
    func lists() throws {
        #expect(try ask(.ruleOrder, "8").json == [["level": "low"], ["level": "high"], ["level": "low"]])
        #expect(try ask(.outputOrder, "8").json == [["level": "high"], ["level": "low"], ["level": "low"]])
        #expect(try ask(.outputOrder, "8").used == [2, 1, 3])
        #expect(try ask(.collect, "6").json == [["level": "low"], ["level": "high"]])
        for policy in [DMNHitPolicy.ruleOrder, .outputOrder, .collect] { #expect(try ask(policy, "0").json == []) }
    }

    @Test("collected outputs are summed, counted, and the least or the greatest taken, exactly")
    func aggregations() throws {
        #expect(try ask(.collect, .sum, "8")["points"].description == "8.3")
        #expect(try ask(.collect, .min, "8")["points"].description == "1.1")
        #expect(try ask(.collect, .max, "8")["points"].description == "5")
        #expect(try ask(.collect, .count, "8")["points"] == .int(3))
        #expect(try ask(.collect, .count, "0")["points"] == .int(0))
        #expect(try ask(.collect, .sum, "0").json == .null)
    }

    @Test("defaults answer when no rule matches, in the form of the policy")
    func defaults() throws {
        for policy in DMNHitPolicy.allCases {
            var table = try table(policy).table
            table.outputs[0].defaultCell = "\"low\""
            let outcome = try CompiledTable(table).evaluate(["amount": .int(99)])
            #expect(outcome.usedDefaults)
            #expect(outcome.json == (table.answersList ? [["level": "low"]] : ["level": "low"]))
        }
    }

    @Test("an output may be computed from the inputs; a result of another type names table, rule and column")
    func computed() throws {
        var table = DecisionTable(key: "fee", hitPolicy: .first)
        table.inputs = [DecisionInput("amount", .number), DecisionInput("limit", .number, isOptional: true)]
        table.outputs = [DecisionOutput("fee", .integer)]
        table.rules = [DecisionRule(inputs: ["> limit", "-"], outputs: ["amount * 2"]), DecisionRule(inputs: ["-", "-"], outputs: ["0"])]
        let compiled = try CompiledTable(table)
        #expect(try compiled.evaluate(["amount": .int(5), "limit": .int(4)])["fee"] == .int(10))
        #expect(try compiled.evaluate(["amount": .int(5), "limit": .int(6)])["fee"] == .int(0))
        #expect(try compiled.evaluate(["amount": .int(5)])["fee"] == .int(0))
        let half = FEELNumber("5.25") ?? .zero
        do {
            _ = try compiled.evaluate(["amount": .number(half), "limit": .int(1)])
            Issue.record("a fraction is no integer")
        } catch let refusal as Refusal {
            #expect(refusal.code == "decision.output_type")
            #expect(refusal.details["row"] == 1)
            #expect(refusal.message.contains("'fee'"))
        }
    }

    @Test("inputs that are missing, of another type, not allowed or unknown are refused with table and column")
    func inputs() throws {
        var table = try table(.first).table
        table.inputs[0].values = "[0..100]"
        let compiled = try CompiledTable(table)
        #expect(code { try compiled.evaluate([:]) } == "decision.input_missing")
        #expect(code { try compiled.evaluate(["amount": .string("a lot")]) } == "decision.input_type")
        #expect(code { try compiled.evaluate(["amount": .int(101)]) } == "decision.input_not_allowed")
        #expect(code { try compiled.evaluate(["amount": .int(1), "colour": .null]) } == "decision.unknown_input")
    }

    @Test("an explanation names the rules that matched, what their cells asked and which of them count")
    func explanation() throws {
        let outcome = try ask(.priority, "8")
        #expect(outcome.explanation.contains("Rule 2 matches: amount 8 meets [5..15]."))
        #expect(outcome.explanation.contains("By the hit policy PRIORITY rule 2 counts."))
        #expect(outcome.explanationJSON["rules"]?[1]?["counts"] == true)
        #expect(outcome.explanationJSON["rules"]?[0]?["because"]?[0]?["cell"] == "[1..10]")
        #expect(try ask(.first, "0").explanation == "No rule of 'discount' matches amount 0; there is no answer.")
    }
}
