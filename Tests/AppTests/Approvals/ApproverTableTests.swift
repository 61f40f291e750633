import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct ApproverTableTests {
    /// One table for everybody: side by side first, then the manager, the budget owner and the role at the site.
    private func orders(_ policy: String) -> JSON {
        [
            "hit_policy": .string(policy),
            "inputs": [["name": "total", "type": "number"], ["name": "site", "type": "string"]],
            "outputs": [
                ["name": "sequence", "type": "integer", "values": "1, 2, 3, 4"], ["name": "kind", "type": "string"],
                ["name": "who", "type": "string"], ["name": "quorum", "type": "integer"], ["name": "deadline", "type": "integer"],
            ],
            "rules": [
                row(">= 5000", 4, "group", "ward.group_head"), row(">= 5000", 1, "users", "bob, cid, dora", quorum: 2),
                row("-", 1, "users", "eve", deadline: 4), row(">= 20000", 2, "manager", ""), row(">= 20000", 3, "field", "budget_user_id"),
            ],
        ]
    }

    private func row(_ total: String, _ sequence: Int, _ kind: String, _ who: String, quorum: Int = 1, deadline: Int = 0) -> JSON {
        [
            "when": ["total": .string(total)],
            "then": [
                "sequence": JSON(sequence), "kind": .string("\"\(kind)\""), "who": .string("\"\(who)\""), "quorum": JSON(quorum),
                "deadline": JSON(deadline),
            ],
        ]
    }

    /// The same table with a row that never matches, and this one.
    private func replaced(_ rule: JSON) -> JSON {
        var content = orders("rule_order").objectValue ?? [:]
        content["rules"] = [row(">= 1000000", 1, "users", "fred"), rule]
        return .object(content)
    }

    private func policy(_ ward: Ward, _ key: String = "ward.chains") throws -> Int {
        try ward.policy([
            [
                "name": "By table", "kind": "table", "table_key": .text(key),
                "table_inputs": .json(["total": "amount", "site": "company_id.name"]),
            ]
        ])
    }

    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.world.makeUser("head", groups: ["ward.group_head"])
        try ward.world.makeUser("boss", groups: ["base.group_user"])
        let ids = try ward.ids(["ann", "boss"])
        try ward.world.act { env in try env.record(User.self, ids[0]).write(["manager_id": .int(ids[1])]) }
        return ward
    }

    @Test(
        "side by side, quorum, manager, budget owner and role at the site come from one table, in order, whatever it collects by",
        arguments: ["collect", "rule_order", "output_order"])
    func everything(_ hitPolicy: String) throws {
        let ward = try ward()
        try ward.table("ward.chains", orders(hitPolicy))
        _ = try policy(ward)
        let fred = try ward.id("fred")
        let order = try ward.order(25_000, ["budget_user_id": .int(fred)])
        let request = try ward.confirm(order)
        #expect(try ward.waiting(request) == ["bob", "cid", "dora", "eve"])
        for login in ["bob", "eve"] { try ward.call("action_approve", request, as: login) }
        #expect(try ward.waiting(request) == ["cid", "dora"], "two of three")
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.waiting(request) == ["boss"])
        try ward.call("action_approve", request, as: "boss")
        #expect(try ward.waiting(request) == ["fred"])
        try ward.call("action_approve", request, as: "fred")
        #expect(try ward.waiting(request) == ["head"])
        try ward.call("action_approve", request, as: "head")
        #expect(try ward.isConfirmed(order))
        // Below 20,000 neither manager nor budget owner.
        let small = try ward.confirm(try ward.order(6_000))
        let seats = try ward.world.act { env in env.record(Request.self, small).approvers.map { "\($0.sequence) \($0.user?.login ?? "")" } }
        #expect(Set(seats) == ["10 bob", "10 cid", "10 dora", "10 eve", "20 head"])
    }

    @Test("the request keeps which version named whom, with inputs and rows; later requests go by a later version")
    func version() throws {
        let ward = try ward()
        try ward.table("ward.chains", orders("rule_order"))
        _ = try policy(ward)
        let first = try ward.confirm(try ward.order(6_000))
        let source = try ward.world.act { $0.record(Request.self, first).sources[0] }
        #expect(source?["version"] == "decision:ward.chains@1")
        #expect(source?["inputs"]?["total"]?.doubleValue == 6_000)
        #expect(source?["rows"] == [1, 2, 3])
        let origins = try ward.world.act { env in Set(env.record(Request.self, first).approvers.map(\.origin)) }
        #expect(origins == ["row 1 of decision:ward.chains@1", "row 2 of decision:ward.chains@1", "row 3 of decision:ward.chains@1"])
        var changed = orders("rule_order").objectValue ?? [:]
        changed["rules"] = [row("-", 1, "users", "fred")]
        try ward.table("ward.chains", .object(changed))
        #expect(try ward.waiting(try ward.confirm(try ward.order(6_000))) == ["fred"])
        #expect(try ward.waiting(first) == ["bob", "cid", "dora", "eve"])
        // What is decided about changes: the chain begins again, by the table in force now.
        let record = try ward.world.act { $0.record(Request.self, first).record }
        try ward.world.act(as: "ann") { env in try env.record(WardOrder.self, record).write(["amount": 7_000.0]) }
        #expect(try ward.waiting(first) == ["fred"])
        #expect(try ward.world.act { $0.record(Request.self, first).sources[0]?["version"] } == "decision:ward.chains@2")
    }

    @Test("a table that names nobody is refused with table, row and remedy")
    func refusals() throws {
        let ward = try ward()
        func confirmed() throws -> Refusal {
            do { try ward.confirm(try ward.order(6_000)) } catch let refusal as Refusal { return refusal }
            Issue.record("nothing was refused")
            return Refusal("none", .invalid, "", instruction: "")
        }
        func refusal(_ rule: JSON) throws -> Refusal {
            try ward.table("ward.chains", replaced(rule))
            return try confirmed()
        }
        try ward.table("ward.chains", orders("rule_order"))
        _ = try policy(ward)
        let empty = try refusal(row("< 10", 1, "users", "bob"))
        #expect(empty.code == "approval.no_approver")
        #expect(empty.message.hasPrefix("No row of decision:ward.chains@2 says who decides for 'Orders above 5,000' with total 6000"))
        // Whoever was there when the table was released may be gone when somebody asks.
        try ward.world.makeUser("temp", groups: ["base.group_user"])
        try ward.table("ward.chains", replaced(row("-", 1, "users", "temp")))
        let temp = try ward.id("temp")
        try ward.world.act { env in try env.record(User.self, temp).write(["active": false]) }
        let stranger = try confirmed()
        #expect(stranger.code == "approval.unknown_approver")
        #expect(stranger.message == "'Orders above 5,000' asks decision:ward.chains@3, row 2: there is no active user 'temp'.")
        #expect(stranger.instruction.contains("row 2") && stranger.details["row"] == 2 && stranger.details["column"] == "who")
        // Whoever asks does not decide.
        let own = try refusal(row("-", 1, "users", "ann"))
        #expect(own.code == "approval.no_approver" && own.message.contains("(row 2 of decision:ward.chains@4)"))
    }

    @Test(
        "a version of a table that policies ask is refused at its review and at its release when it names somebody who is not there, by row and cell"
    )
    func unknownPeople() throws {
        let ward = try ward()
        try ward.table("ward.chains", orders("rule_order"))
        _ = try policy(ward)
        func submitted(_ content: JSON) throws -> (message: String, id: Int) {
            let id = try ward.world.act(as: "mia") { env in
                let table = try #require(try env.search(Definition.self, .where("key", .equal, "ward.chains")).first)
                return try env.create(DefinitionVersion.self, ["definition_id": .int(table.id), "content": .json(content)]).id
            }
            do {
                try ward.world.act(as: "mia") { env in _ = try env.records(DefinitionVersion.self, [id]).call("action_submit") }
            } catch let refusal as Refusal {
                #expect(refusal.code == "governance.check_failed" && !refusal.instruction.isEmpty)
                return (refusal.message, id)
            }
            return ("", id)
        }
        for (bad, place): (JSON, String) in [
            (
                row("-", 1, "users", "bob, nobody"),
                "rules[2].who: 'Orders above 5,000' asks ward.chains, row 2: there is no active user 'nobody'"
            ),
            (row("-", 1, "group", "ward.group_nil"), "rules[2].who"), (row("-", 1, "field", "company_id"), "rules[2].who"),
            (row("-", 1, "oracle", "bob"), "rules[2].kind"), (row("-", 1, "users", "bob", quorum: 2), "rules[2].who"),
            (row("-", 1, "group", "ward.group_pay"), "0 have the role, and 1 must agree"),
        ] { #expect(try submitted(replaced(bad)).message.contains(place), "\(place)") }
        var content = replaced(row("-", 1, "users", "bob")).objectValue ?? [:]
        content["outputs"] = .array(
            (content["outputs"]?.arrayValue ?? []).map { output in
                var output = output.objectValue ?? [:]
                let cells = ["sequence": "1", "kind": "\"users\"", "who": "\"ghost\"", "quorum": "1", "deadline": "0"]
                output["default"] = .string(cells[output["name"]?.stringValue ?? ""] ?? "")
                return .object(output)
            })
        #expect(try submitted(.object(content)).message.contains("outputs.who.default"))
        // Somebody who was there at the review, and is not any more at the release.
        try ward.world.makeUser("temp", groups: ["base.group_user"])
        let temp = try ward.id("temp")
        let (message, id) = try submitted(replaced(row("-", 1, "users", "temp")))
        #expect(message.isEmpty)
        try ward.world.act { env in try env.record(User.self, temp).write(["active": false]) }
        ward.refused("governance.check_failed") {
            try ward.world.act(as: "rex") { env in _ = try env.records(DefinitionVersion.self, [id]).call("action_release") }
        }
    }

    @Test("a policy whose table cannot work is refused before its release, with the place")
    func checked() throws {
        let ward = try ward()
        func problem(_ inputs: JSON, _ content: JSON? = nil) throws -> String {
            if let content { try ward.table("ward.chains", content) }
            let row: ValueMap = ["name": "T", "kind": "table", "table_key": "ward.chains", "table_inputs": .json(inputs)]
            let id = try ward.world.act(as: "mia") { env in
                try env.create(
                    Policy.self,
                    ["name": "P", "model": "ward.order", "action": "action_confirm", "step_ids": .list([[0, 0, .map(row)]])]
                ).id
            }
            do { try ward.release(Policy.name, id) } catch let refusal as Refusal { return refusal.message }
            return ""
        }
        let paths: JSON = ["total": "amount", "site": "company_id.name"]
        #expect(try problem(paths).contains("step_ids[0].table_key: No decision table 'ward.chains' is in force here."))
        let good = orders("rule_order")
        #expect(try problem(["total": "note", "site": "company_id.name"], good).contains("table_inputs.total: 'note' is no number"))
        #expect(try problem(["total": "amount", "site": "company_id"]).contains("does not lead to one plain value"))
        #expect(try problem(["total": "amount", "site": "note", "weather": "note"]).contains("has no input 'weather'"))
        var bad = good.objectValue ?? [:]
        bad["rules"] = [row("-", 1, "users", "nobody")]
        #expect(
            try problem(paths, .object(bad)).contains(
                "table_key.rules[1].who: 'P' asks ward.chains, row 1: there is no active user 'nobody'."))
        bad["outputs"] = [["name": "kind", "type": "string"]]
        bad["rules"] = [["when": [:], "then": ["kind": "\"manager\""]]]
        #expect(try problem(paths, .object(bad)).contains("has no output 'who'"))
        var again = good.objectValue ?? [:]
        again["title"] = "Once more"
        #expect(try problem(paths, .object(again)).isEmpty)
    }
}
