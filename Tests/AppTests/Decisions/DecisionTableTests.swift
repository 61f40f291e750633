import Base
import DecisionTables
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// Tables as definitions: who may write, release and ask them, and which version answers.
@Suite struct DecisionTableTests {
    private let world: World

    init() throws {
        world = try World()
        try world.makeUser("author", groups: ["decisions.group_author"])
        try world.makeUser("releaser", groups: ["governance.group_releaser"])
        try world.makeUser("user", groups: ["base.group_user"])
    }

    private static func content(_ days: Int, _ extra: JSONObject = [:]) -> JSON {
        var object: JSONObject = [
            "title": "How soon", "hit_policy": "unique", "inputs": [["name": "amount", "type": "number"]],
            "outputs": [["name": "days", "type": "integer"]],
            "rules": [
                ["when": ["amount": "< 100"], "then": ["days": JSON(days)], "note": "small"],
                ["when": ["amount": ">= 100"], "then": ["days": 1]],
            ],
            "tests": [["name": "large", "given": ["amount": 500], "expect": ["days": 1]]],
        ]
        for member in extra.members { object[member.key] = member.value }
        return .object(object)
    }

    /// A version written by the author; the definition is made when there is none.
    private func draft(_ content: JSON, sites: [Int] = []) throws -> Int {
        try world.act(as: "author") { env in
            let known = try env.search(Definition.self, .where("key", .equal, "desk.days") & .where("kind", .equal, "decision"), limit: 1)
            let id =
                try known.first?.id
                ?? env.create(Definition.self, ["kind": "decision", "key": "desk.days", "title": "Days"]).id
            return try env.create(
                DefinitionVersion.self,
                ["definition_id": .int(id), "content": .json(content), "company_ids": .list([[6, 0, .ids(sites)]])]
            ).id
        }
    }

    private func act(_ login: String, _ id: Int, _ action: String, _ arguments: ValueMap = [:]) throws {
        _ = try world.act(as: login) { env in try env.records(DefinitionVersion.self, [id]).call(action, arguments) }
    }

    private func release(_ content: JSON, sites: [Int] = []) throws -> Int {
        let id = try draft(content, sites: sites)
        try act("author", id, "action_submit")
        try act("releaser", id, "action_release")
        return id
    }

    private func call(_ login: String, _ method: String, _ arguments: ValueMap) throws -> Value {
        try world.act(as: login) { env in
            let found = try #require(env.registry.schema(TableRecord.self).method(method))
            return try found.body(try env.records(TableRecord.name, []), arguments)
        }
    }

    private func evaluate(_ login: String = "user", _ amount: Value = 5, _ more: ValueMap = [:]) throws -> JSON {
        let answer = try call(login, "evaluate", ValueMap([("key", "desk.days"), ("inputs", .map(["amount": amount]))]).merging(more))
        guard case .json(let json) = answer else { return .null }
        return json
    }

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? Refusal)?.code ?? "\(error)" }
    }

    @Test("a table is in force from its release on, answers with its version and why, and is listed")
    func release() throws {
        let id = try draft(Self.content(3))
        #expect(refusal { _ = try evaluate() } == "decision.not_in_force")
        try act("author", id, "action_submit")
        #expect(refusal { _ = try evaluate() } == "decision.not_in_force")
        try act("releaser", id, "action_release")
        let answer = try evaluate()
        #expect(answer["outputs"] == ["days": 3])
        #expect(answer["version"] == "decision:desk.days@1")
        #expect(answer["explanation"]?["matched"] == [1])
        #expect(answer["explanation"]?["text"]?.stringValue?.contains("amount 5 meets < 100") == true)
        try world.read(as: "user") { env in
            let listed = try env.search(TableRecord.self, .where("key", .equal, "desk.days"))
            let (count, cause) = (listed.first?.ruleCount, listed.first?.cause)
            #expect(listed.count == 1)
            #expect(count == 2)
            #expect(cause == "decision:desk.days@1")
        }
    }

    @Test("a new version answers at once, the past is asked by its moment, and a rollback brings the earlier one back")
    func versions() throws {
        _ = try release(Self.content(3))
        world.clock.advance(seconds: 3_600)
        let second = try release(Self.content(4))
        #expect(try evaluate()["outputs"] == ["days": 4])
        let before = world.clock.now + -1_800
        #expect(try evaluate("user", 5, ["at": .instant(before)])["outputs"] == ["days": 3])
        try act("releaser", second, "action_roll_back", ["reason": "wrong"])
        #expect(try evaluate()["outputs"] == ["days": 3])
        #expect(try evaluate()["version"] == "decision:desk.days@1")
    }

    @Test("a version for a site answers there only, and nobody asks for a site that is not theirs")
    func sites() throws {
        let other = try world.act { env in try env.create(Company.self, ["name": "South"]).id }
        try world.makeUser("south", groups: ["base.group_user"], companies: [other])
        _ = try world.act { env in
            try env.search(User.self, .where("login", .in, ["author", "releaser"])).write(["company_ids": .list([[4, .int(other)]])])
        }
        _ = try release(Self.content(3))
        _ = try release(Self.content(7), sites: [other])
        #expect(try evaluate("user")["outputs"] == ["days": 3])
        #expect(try evaluate("south")["outputs"] == ["days": 7])
        #expect(refusal { _ = try evaluate("user", 5, ["company_id": .int(other)]) } == "decision.not_in_force")
    }

    @Test("a table with a bad cell, an overlap, or a test that fails is not submitted, and the place is named")
    func refused() throws {
        let bad = try draft(Self.content(3, ["rules": [["when": ["amount": "ten"], "then": ["days": 1]]]]))
        #expect(refusal { try act("author", bad, "action_submit") } == "governance.check_failed")
        let overlap = try draft(Self.content(3, ["rules": [["when": ["amount": "< 9"], "then": ["days": 1]], ["then": ["days": 2]]]]))
        do {
            try act("author", overlap, "action_submit")
            Issue.record("an overlap was submitted")
        } catch let refusal as Refusal {
            #expect(refusal.code == "governance.check_failed")
            #expect(refusal.message.contains("Rules 1 and 2 both match amount"))
        }
        let failing = try draft(Self.content(3, ["tests": [["name": "wrong", "given": ["amount": 500], "expect": ["days": 9]]]]))
        #expect(refusal { try act("author", failing, "action_submit") } == "governance.tests_failed")
    }

    @Test("inputs are refused by name, and whoever is no user or no author is refused each way in")
    func rights() throws {
        _ = try release(Self.content(3))
        #expect(refusal { _ = try evaluate("user", "much") } == "decision.input_type")
        #expect(refusal { _ = try evaluate("user", .null) } == "decision.input_missing")
        #expect(refusal { _ = try call("user", "evaluate", ["key": "desk.days", "inputs": 5]) } == "field.bad_value")
        #expect(refusal { _ = try call("user", "evaluate", ["key": "none", "inputs": [:]]) } == "decision.not_in_force")
        #expect(refusal { _ = try call("user", "check", ["content": .json(Self.content(1))]) } == "access.denied")
        #expect(refusal { _ = try call("user", "import_csv", ["key": "a", "text": "U,output\nname,a\n"]) } == "access.denied")
        #expect(refusal { _ = try call("user", "import_dmn", ["key": "a", "text": "<a/>"]) } == "access.denied")
        #expect(
            refusal {
                try world.act(as: "author") { env in _ = try env.create(TableRecord.self, ["key": "a", "name": "a", "definition": 1]) }
            } == "access.denied")
        try world.makeUser("outside", groups: [])
        for method in ["evaluate", "run_tests", "export_dmn", "export_csv"] {
            #expect(refusal { _ = try call("outside", method, ["key": "desk.days", "inputs": .map(["amount": 1])]) } == "access.denied")
        }
    }

    @Test("a table goes out as DMN and CSV, and comes in as a draft that keeps the tests")
    func exchange() throws {
        _ = try release(Self.content(3))
        let dmn = try call("user", "export_dmn", ["key": "desk.days"])
        let csv = try call("user", "export_csv", ["key": "desk.days"])
        #expect(csv.textValue?.hasPrefix("U,input,output,annotation\r\nname,amount,days,Note\r\n") == true)
        for (method, text) in [("import_dmn", dmn), ("import_csv", csv)] {
            let changed = (text.textValue ?? "").replacing("&gt;= 100", with: "&gt;= 99").replacing(">= 100", with: ">= 99")
            guard case .json(let answer) = try call("author", method, ["key": "desk.days", "text": .text(changed)]) else { return }
            let messages = answer["problems"]?.arrayValue?.compactMap { $0["message"]?.stringValue } ?? []
            #expect(messages == ["Rules 1 and 2 both match amount 99."])
            try world.act { env in
                let version = env.record(DefinitionVersion.self, answer["version_id"]?.intValue ?? 0)
                #expect(version.state == .draft)
                #expect(version.content["tests"]?.arrayValue?.count == 1)
            }
        }
        #expect(refusal { _ = try call("author", "import_dmn", ["key": "a", "text": "<!DOCTYPE a><a/>"]) } == "dmn.doctype")
        #expect(refusal { _ = try call("author", "import_csv", ["key": "a", "text": "X"]) } == "dmn.csv")
        guard case .list(let tests) = try call("user", "run_tests", ["key": "desk.days"]) else { return }
        #expect(tests.first?.mapValue?["passed"] == true)
    }
}
