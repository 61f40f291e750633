import Base
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct DelegationTests {
    private func delegate(_ ward: Ward, _ from: String, _ to: String, days: Int = 5) throws {
        let ids = try ward.ids([from, to])
        try ward.world.act(as: from) { env in
            _ = try env.create(
                Delegation.self,
                ["user_id": .int(ids[0]), "delegate_id": .int(ids[1]), "date_to": .instant(env.now + days * 86_400), "reason": "Away"])
        }
    }

    @Test("a delegate decides for whoever is absent, and the decision says for whom")
    func standIn() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        let order = try ward.order()
        let request = try ward.confirm(order)
        ward.refused("access.rule") { try ward.call("action_approve", request, as: "cid") }
        try delegate(ward, "bob", "cid")
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.isConfirmed(order))
        let bob = try ward.id("bob")
        try ward.world.act { env in #expect(env.record(Request.self, request).decisions.first?.delegator?.id == bob) }
    }

    @Test("a delegation ends by itself")
    func ends() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        let request = try ward.confirm(try ward.order())
        try delegate(ward, "bob", "cid", days: 1)
        ward.world.clock.advance(days: 2)
        ward.refused("approval.not_approver") { try ward.call("action_approve", request, as: "cid") }
    }

    @Test("a delegation never reaches somebody who must not decide, and never goes in a circle")
    func barredAndCircles() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        try delegate(ward, "bob", "ann")
        try delegate(ward, "ann", "cid")
        let request = try ward.confirm(try ward.order())
        #expect(try ward.status(request) == .pending)
        ward.refused("action.not_possible") { try ward.call("action_approve", request, as: "ann") }
        // By way of ann, who is barred, nothing reaches cid.
        ward.refused("approval.not_approver") { try ward.call("action_approve", request, as: "cid") }
        ward.refused("approval.delegation_cycle") { try delegate(ward, "cid", "bob") }
        ward.refused("approval.delegation_author") {
            let ids = try ward.ids(["bob", "dora"])
            try ward.world.act(as: "dora") { env in
                _ = try env.create(
                    Delegation.self, ["user_id": .int(ids[0]), "delegate_id": .int(ids[1]), "date_to": .instant(env.now + 86_400)])
            }
        }
    }

    @Test("everybody counts once, also by delegation")
    func countsOnce() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"], quorum: 2)])
        try delegate(ward, "bob", "cid")
        let order = try ward.order()
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "cid")
        ward.refused("approval.decided_already") { try ward.call("action_approve", request, as: "cid") }
        #expect(try !ward.isConfirmed(order))
        try ward.call("action_approve", request, as: "bob")
        #expect(try ward.isConfirmed(order))
    }
}
