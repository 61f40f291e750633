import DMN
import Decisions
import FEEL
import JSON
import Kernel
import Testing

@Suite struct ContentTests {
    static let content: JSON = [
        "title": "Authorization", "hit_policy": "first", "complete": true,
        "inputs": [
            ["name": "payer", "type": "string", "optional": true, "title": "Payer"],
            ["name": "urgency", "type": "string", "values": "\"routine\", \"urgent\", \"stat\""],
        ],
        "outputs": [["name": "needed", "type": "boolean", "default": false], ["name": "hours", "type": "number", "default": 1.5]],
        "rules": [
            ["id": "stat", "when": ["urgency": "\"stat\""], "then": ["needed": false, "hours": 0], "note": "emergencies need none"],
            ["when": ["payer": "\"A\""], "then": ["needed": true, "hours": "72 / 2"]], ["then": ["needed": false, "hours": nil]],
        ],
        "tests": [
            ["name": "stat", "given": ["payer": "A", "urgency": "stat"], "expect": ["needed": false]],
            ["name": "bad", "given": ["payer": "A", "urgency": "soon"], "refused": "decision.input_not_allowed"],
            ["name": "asked", "given": ["payer": "A", "urgency": "routine"], "expect": ["needed": true, "hours": 36]],
        ],
    ]

    @Test("a definition is read, checked, and written so that it reads back as the same table")
    func roundTrip() throws {
        let table = try DecisionTable(key: "authorization", content: Self.content)
        #expect(table.checked().problems == [])
        #expect(table.checked().testsRun == 3)
        #expect(try DecisionTable(key: "authorization", content: table.content) == table)
        #expect(try JSON.parse(table.content.serialized()) == table.content)
    }

    private func problems(_ content: JSON) -> [DecisionProblem] {
        do throws(DecisionProblems) {
            _ = try CompiledTable(try DecisionTable(key: "t", content: content))
            return []
        } catch { return error.list }
    }

    private func changed(_ key: String, _ value: JSON) -> JSON {
        guard case .object(var object) = Self.content else { return Self.content }
        object[key] = value
        return .object(object)
    }

    @Test("each fault of a definition is refused with its place and a remedy")
    func faults() {
        let faults: [(String, JSON, String, String)] = [
            ("hit_policy", "best", "decision.content", "'best'"), ("aggregation", "average", "decision.content", "aggregation"),
            ("rule", [], "decision.content", "'rule'"), ("inputs", [["name": "a", "type": "colour"]], "decision.content", "Input 1"),
            ("inputs", "a", "decision.content", "'inputs'"), ("outputs", [], "decision.content", "needed"),
            ("complete", "yes", "decision.content", "'complete'"),
            ("rules", [["when": ["colour": 1], "then": ["needed": true, "hours": 1]]], "decision.content", "'colour'"),
            ("rules", [["then": ["needed": true]]], "decision.content", "'hours'"), ("rules", [["if": 1]], "decision.content", "'if'"),
            (
                "rules", [["when": ["payer": "MERIDIAN"], "then": ["needed": true, "hours": 1]]], "decision.cell",
                "Rule 1, column 'payer', character 1"
            ),
            ("rules", [["when": ["payer": "5"], "then": ["needed": true, "hours": 1]]], "decision.cell_type", "Rule 1, column 'payer'"),
            ("rules", [["when": ["payer": ["a"]], "then": ["needed": true, "hours": 1]]], "decision.content", "'payer'"),
            ("rules", [["then": ["needed": "\"yes\"", "hours": 1]]], "decision.cell_type", "Rule 1, column 'needed'"),
            (
                "outputs", [["name": "needed", "type": "boolean", "default": true], ["name": "hours", "type": "number"]],
                "decision.default", "'hours'"
            ),
            (
                "inputs",
                [["name": "payer", "type": "string"], ["name": "urgency", "type": "string"], ["name": "payer", "type": "string"]],
                "decision.name", "'payer'"
            ),
            ("hit_policy", "priority", "decision.priority", "order"), ("aggregation", "sum", "decision.aggregation", "collect"),
            ("tests", [["given": ["colour": 1], "expect": nil]], "decision.content", "'colour'"),
            ("tests", [["given": [:]]], "decision.content", "Test 1"),
            ("rules", .array(Array(repeating: ["then": ["needed": true, "hours": 1]], count: 2_001)), "decision.content", "2001"),
        ]
        for (key, value, code, place) in faults {
            let found = problems(changed(key, value))
            #expect(found.contains { $0.code == code && $0.message.contains(place) && !$0.remedy.isEmpty }, "\(key) \(found)")
        }
        #expect(problems("x").first?.code == "decision.content")
        let list = DecisionProblems(key: "t", list: problems(changed("hit_policy", "best")))
        #expect(list.refusal.code == "decision.definition")
        #expect(list.refusal.message.contains("'best'"))
    }

    @Test("a table goes to DMN and CSV and comes back, keeping its tests")
    func exchange() throws {
        let table = try DecisionTable(key: "authorization", content: Self.content)
        let document = try DMNDocument(parsing: try table.dmnDocument())
        let decision = try #require(document.decisions.first)
        #expect(try DecisionTable(key: "authorization", title: decision.name, dmn: decision.table, keeping: table) == table)
        let csv = try DMNCSV.table(parsing: Array(DMNCSV.text(table.dmn).utf8))
        #expect(try DecisionTable(key: "authorization", title: table.title, dmn: csv, keeping: table) == table)
    }

    @Test("types that a document does not name follow from its cells, and unknown ones are refused")
    func inferred() throws {
        var dmn = DMNTable()
        dmn.inputs = [DMNInput(expression: "age"), DMNInput(expression: "kind", typeRef: "Any")]
        dmn.outputs = [DMNOutput(name: "")]
        dmn.rules = [DMNRule(inputs: ["< 18", "\"a\", null"], outputs: ["true"]), DMNRule(inputs: ["", "-"], outputs: [""])]
        let table = try DecisionTable(key: "t", title: "", dmn: dmn)
        #expect(table.inputs.map(\.type) == [.number, .string])
        #expect(table.inputs.map(\.isOptional) == [false, true])
        #expect(table.outputs.map(\.name) == ["result"])
        #expect(table.outputs.map(\.type) == [.boolean])
        dmn.inputs[0].typeRef = "tColour"
        #expect(throws: DecisionProblems.self) { try DecisionTable(key: "t", title: "", dmn: dmn) }
    }

    @Test("values of fields and of JSON become what the column holds, and come back")
    func values() {
        #expect(DecisionType.number.value(Value.amount(Amount("12.50") ?? .zero))?.description == "12.5")
        #expect(DecisionType.number.value(Value.double(0.1))?.description == "0.1")
        #expect(DecisionType.integer.value(Value.double(0.5)) == nil)
        #expect(DecisionType.string.value(Value.bool(false)) == .null)
        #expect(DecisionType.date.value(Value.text("2026-03-01"))?.fieldValue == .day(Day(2026, 3, 1)))
        #expect(
            DecisionType.dateTime.value(Value.instant(Instant(seconds: 86_400)))?.description == "date and time(\"1970-01-02T00:00:00Z\")")
        #expect(DecisionType.daysDuration.value(JSON.string("PT72H"))?.json == "P3D")
        #expect(DecisionType.number.value(JSON.number("0.12345678901234567890"))?.json == .number("0.1234567890123456789"))
    }
}
