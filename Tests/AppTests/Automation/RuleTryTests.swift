import Automation
import Base
import Governance
import Kernel
import TestKit
import Testing

/// Rules tried on one record before anybody releases them.
@Suite struct RuleTryTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
        try desk.world.makeUser("eve", groups: ["base.group_system", "desk.group_user", "governance.group_author"])
    }

    private func attempt(_ rule: Int, on record: Int, as login: String = "eve") throws -> ValueMap {
        do {
            try desk.world.act(as: login) { env in
                let model = try env.registry.requireModel(AutomationRule.name)
                let method = try #require(model.method("try_on"))
                _ = try method.body(Records(model, [rule], env), ["record_id": .int(record)])
            }
        } catch let undone as UndoneAnswer { return undone.answer.mapValue ?? [:] }
        return [:]
    }

    private func made() throws -> Int {
        try desk.world.act(as: "eve") { env in
            let model = try Desk.modelId("desk.ticket", env)
            return try env.create(
                AutomationRule.self,
                [
                    "name": "Look", "model_id": .int(model), "trigger": "on_create_or_write", "filter_domain": "[('priority', '=', '2')]",
                    "action_server_ids": .list([[0, 0, .map(Desk.set("mark", "seen", ["model_id": .int(model)]))]]),
                ]
            ).id
        }
    }

    @Test("a draft says whether it would run on a record and what it would do there, and nothing of it stays")
    func draft() throws {
        let (urgent, low) = (try desk.ticket(["priority": "2"]), try desk.ticket())
        let rule = try made()
        let would = try attempt(rule, on: urgent)
        #expect(would["draft"] == true && would["active"] == true && would["meets"] == true)
        #expect(would["writes"]?.asJSON["mark"] == "seen")
        #expect(try desk.mark(urgent) == "")
        let not = try attempt(rule, on: low)
        #expect(not["meets"] == false && not["writes"] == nil)
    }

    @Test("nobody tries a rule that they may not read, nor on a record that they may not read")
    func refused() throws {
        let rule = try made()
        let ticket = try desk.ticket()
        let refusal = #expect(throws: Refusal.self) { try attempt(rule, on: ticket, as: "ann") }
        #expect(refusal?.code == "access.denied")
        #expect(throws: Refusal.self) { try attempt(rule, on: 999_999) }
    }
}
