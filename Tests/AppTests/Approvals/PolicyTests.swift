import Base
import Exceptions
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct PolicyTests {
    @Test("confirming an order above 5,000 waits for approval, and below it does not")
    func aboveTheLimit() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        let small = try ward.order(5_000)
        #expect(try ward.confirm(small) == 0)
        #expect(try ward.isConfirmed(small))
        let large = try ward.order(5_001)
        let request = try ward.confirm(large)
        #expect(try !ward.isConfirmed(large))
        #expect(try ward.status(request) == .pending)
        #expect(try ward.confirm(large) == request)
        let marks = try ward.world.act(as: "ann") { env in
            try env.records(WardOrder.self, [large]).records.availableActions(large).first { $0.name == "action_confirm" }?.mark
        }
        #expect(marks?.contains("Waits for approval") == true)
        #expect(try ward.chatter("ward.order", large).contains("was asked for by ann"))
    }

    @Test("of several records those that need no approval go through at once")
    func someOfSeveral() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        let small = try ward.order(10)
        let large = try ward.order()
        try ward.world.act(as: "ann") { env in _ = try env.records(WardOrder.self, [small, large]).call("action_confirm") }
        #expect(try ward.isConfirmed(small))
        #expect(try !ward.isConfirmed(large))
    }

    @Test("when the chain has agreed the action runs once, as the requester, in the transaction of the last agreement")
    func runsAsRequester() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"]), try ward.step(["cid"], order: 20)])
        let order = try ward.order()
        let request = try ward.confirm(order)
        #expect(try ward.waiting(request) == ["bob"])
        ward.refused("approval.not_your_turn") { try ward.call("action_approve", request, as: "cid") }
        try ward.call("action_approve", request, as: "bob")
        #expect(try !ward.isConfirmed(order))
        #expect(try ward.waiting(request) == ["cid"])
        try ward.call("action_approve", request, as: "cid", ["comment": "Fine"])
        #expect(try ward.times(order) == 1)
        let by = try ward.world.act { $0.record(WardOrder.self, order).confirmedBy?.login }
        #expect(by == "ann")
        #expect(try ward.status(request) == .approved)
        ward.refused("action.not_possible") { try ward.call("action_approve", request, as: "cid") }
        let because = try ward.world.database.inspectBlocking { connection in
            try connection.first(
                "SELECT detail FROM baton_audit WHERE model = 'ward.order' AND kind = 'action' ORDER BY seq DESC LIMIT 1", [], .text)?
                .textValue
        }
        #expect(because?.contains("\"because\":\"approval:\(request)\"") == true)
    }

    @Test("steps of one order run side by side, and a quorum is enough")
    func parallelAndQuorum() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid", "dora"], quorum: 2), try ward.step(["eve"])])
        let order = try ward.order()
        let request = try ward.confirm(order)
        #expect(try ward.waiting(request) == ["bob", "cid", "dora", "eve"])
        try ward.call("action_approve", request, as: "dora")
        try ward.call("action_approve", request, as: "eve")
        #expect(try !ward.isConfirmed(order))
        ward.refused("approval.decided_already") { try ward.call("action_approve", request, as: "dora") }
        try ward.call("action_approve", request, as: "bob")
        #expect(try ward.isConfirmed(order))
    }

    @Test("the manager of the requester, the budget owner and a role at the site are found")
    func whoDecides() throws {
        let ward = try Ward()
        let site = try ward.world.act { try $0.create(Company.self, ["name": "Elsewhere"]).id }
        try ward.world.makeUser("head", groups: ["ward.group_head"])
        try ward.world.makeUser("far", groups: ["ward.group_head"], companies: [site])
        let ids = try ward.ids(["ann", "bob", "cid"])
        let group = try ward.world.act { env in
            try env.record(User.self, ids[0]).write(["manager_id": .int(ids[1])])
            return try Reference.require("ward.group_head", env)
        }
        try ward.policy([
            ["name": "Manager", "kind": "manager", "sequence": 1],
            ["name": "Budget", "kind": "field", "user_path": "budget_user_id", "sequence": 2],
            ["name": "Head", "kind": "group", "group_id": .int(group), "sequence": 3],
        ])
        let request = try ward.confirm(try ward.order(9_000, ["budget_user_id": .int(ids[2])]))
        #expect(try ward.waiting(request) == ["bob"])
        try ward.call("action_approve", request, as: "bob")
        #expect(try ward.waiting(request) == ["cid"])
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.waiting(request) == ["head"])
    }

    @Test("required documents must be there")
    func documents() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])], ["document_kinds": "quote"])
        let order = try ward.order()
        ward.refused("approval.document_missing") { try ward.confirm(order) }
        try ward.world.act(as: "ann") { env in
            _ = try env.create(
                Attachment.self,
                ["name": "q.pdf", "datas": .bytes([1]), "res_model": "ward.order", "res_id": .int(order), "evidence_kind": "quote"])
        }
        #expect(try ward.confirm(order) > 0)
    }

    @Test("a policy that could never work is refused with the place and the remedy")
    func badPolicies() throws {
        let ward = try Ward()
        let step = try ward.step(["bob"])
        ward.refused("approval.policy_action") { try ward.policy([step], ["action": "action_fly"], by: "mia") }
        ward.refused("domain.unknown_field") { try ward.policy([step], ["domain": "[('colour', '=', 1)]"], by: "mia") }
        ward.refused("approval.path") { try ward.policy([step], ["excluded_fields": "company_id"], by: "mia") }
        ward.refused("approval.step_people") { try ward.policy([try ward.step(["bob"], quorum: 2)], by: "mia") }
        // What is released at once is refused by its release.
        ward.refused("governance.check_failed") { try ward.policy([step], ["action": "action_fly"]) }
    }

    @Test("a missing approver is refused with the policy's name and what to do")
    func missingApprover() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["ann"])])
        let order = try ward.order()
        do {
            try ward.confirm(order)
            Issue.record("went through")
        } catch let refusal as Refusal {
            #expect(refusal.code == "approval.no_approver")
            #expect(refusal.message.contains("Orders above 5,000"))
            #expect(refusal.instruction.contains("Have more people named"))
        }
    }
}
