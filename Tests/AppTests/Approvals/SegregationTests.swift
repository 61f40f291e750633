import Base
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct SegregationTests {
    private func pair(_ ward: Ward, _ values: ValueMap) throws -> Int {
        try ward.world.act { try $0.create(SodRule.self, values.merging(["name": "Pair"])).id }
    }

    private func groups(_ ward: Ward) throws -> [Int] {
        try ward.world.act { env in try ["ward.group_buy", "ward.group_pay"].map { try Reference.require($0, env) } }
    }

    private func waive(_ ward: Ward, _ rule: Int, for login: String, as author: String = "sam", days: Int = 10) throws -> Int {
        let ids = try ward.ids([login, "eve"])
        return try ward.world.act(as: author) { env in
            try env.create(
                SodWaiver.self,
                [
                    "rule_id": .int(rule), "user_id": .int(ids[0]), "owner_id": .int(ids[1]), "reason": "Small site",
                    "control": "Monthly review", "date_to": .instant(env.now + days * 86_400),
                ]
            ).id
        }
    }

    @Test("nobody approves what they made, received, entered or would be paid by")
    func ownWork() throws {
        let ward = try Ward()
        try ward.policy(
            [try ward.step(["ann", "bob", "cid", "dora", "eve"])],
            ["excluded_fields": "supplier_id", "excluded_actions": "action_receive"])
        let dora = try ward.world.act { try $0.search(User.self, .where("login", .equal, "dora")).first?.partner?.id ?? 0 }
        let order = try ward.order(6_000, by: "ann", ["supplier_id": .int(dora)])
        try ward.world.act(as: "bob") { env in try env.record(WardOrder.self, order).write(["note": "entered"]) }
        try ward.world.act(as: "cid") { env in _ = try env.records(WardOrder.self, [order]).call("action_receive") }
        let request = try ward.confirm(order, as: "fred")
        #expect(try ward.waiting(request) == ["eve"])
    }

    @Test("a toxic pair of roles is refused when the second right is granted, by user or by group")
    func grants() throws {
        let ward = try Ward()
        let ids = try groups(ward)
        let rule = try pair(ward, ["group_a_id": .int(ids[0]), "group_b_id": .int(ids[1])])
        let bob = try ward.id("bob")
        try ward.world.act { env in try env.record(User.self, bob).write(["group_ids": .list([[4, .int(ids[0])]])]) }
        ward.refused("sod.toxic_grant") {
            try ward.world.act { env in try env.record(User.self, bob).write(["group_ids": .list([[4, .int(ids[1])]])]) }
        }
        ward.refused("sod.toxic_grant") {
            try ward.world.act { env in try env.record(Group.self, ids[1]).write(["user_ids": .list([[4, .int(bob)]])]) }
        }
        ward.refused("sod.toxic_grant") {
            try ward.world.act { env in try env.record(Group.self, ids[0]).write(["implied_ids": .list([[4, .int(ids[1])]])]) }
        }
        ward.refused("sod.toxic_grant") { try ward.world.makeUser("greta", groups: ["ward.group_buy", "ward.group_pay"]) }
        _ = try waive(ward, rule, for: "bob")
        try ward.world.act { env in try env.record(User.self, bob).write(["group_ids": .list([[4, .int(ids[1])]])]) }
        try ward.world.act { env in
            let method = try #require(env.registry.model("sod.rule")?.method("violations"))
            let lines = try method.body(env.records("sod.rule", [rule]), [:]).listValue
            #expect(lines?.count == 1)
        }
    }

    @Test("a waiver stops working by itself when it expires, and one's own is refused")
    func waivers() throws {
        let ward = try Ward()
        let ids = try groups(ward)
        let rule = try pair(ward, ["group_a_id": .int(ids[0]), "group_b_id": .int(ids[1])])
        ward.refused("sod.own_waiver") { _ = try waive(ward, rule, for: "sam") }
        ward.refused("sod.own_waiver") { _ = try waive(ward, rule, for: "eve") }
        ward.refused("access.denied") { _ = try waive(ward, rule, for: "bob", as: "cid") }
        let waiver = try waive(ward, rule, for: "bob")
        ward.refused("sod.waiver_fixed") {
            try ward.world.act(as: "sam") { try $0.record(SodWaiver.self, waiver).write(["date_to": .instant($0.now + 99 * 86_400)]) }
        }
        let bob = try ward.id("bob")
        try ward.world.act { env in try env.record(User.self, bob).write(["group_ids": .list([[4, .int(ids[0])], [4, .int(ids[1])]])]) }
        let order = try ward.order()
        try ward.world.act(as: "bob") { env in _ = try env.records(WardOrder.self, [order]).call("action_pay") }
        let report = try ward.world.read(as: "sam") { env in
            try env.registry.model("sod.waiver")?.method("monthly_report")?.body(env.records("sod.waiver", []), ["month": "2026-03"])
        }
        #expect(report?.listValue?.first?.mapValue?["uses"] == 1)
        #expect(report?.listValue?.first?.mapValue?["control"] == "Monthly review")
        ward.world.clock.advance(days: 11)
        ward.refused("sod.toxic_pair") {
            try ward.world.act(as: "bob") { env in _ = try env.records(WardOrder.self, [order]).call("action_pay") }
        }
    }

    @Test("a toxic pair of actions is refused when the second is taken, whatever the company")
    func actions() throws {
        let ward = try Ward()
        _ = try pair(
            ward, ["model_a": "ward.order", "action_a": "action_receive", "model_b": "ward.order", "action_b": "action_confirm"])
        let other = try ward.world.act { try $0.create(Company.self, ["name": "Other"]).id }
        let bob = try ward.id("bob")
        try ward.world.act { try $0.record(User.self, bob).write(["company_ids": .list([[4, .int(other)]])]) }
        let order = try ward.order()
        try ward.world.act(as: "bob") { env in _ = try env.records(WardOrder.self, [order]).call("action_receive") }
        ward.refused("sod.toxic_pair") {
            try ward.world.act(as: "bob", context: ["allowed_company_ids": [.int(other)]]) { env in
                _ = try env.records(WardOrder.self, [order]).call("action_confirm")
            }
        }
        let offered = try ward.world.act(as: "bob") { env in
            try env.records(WardOrder.self, [order]).records.availableActions(order).map(\.name)
        }
        #expect(!offered.contains("action_confirm"))
        #expect(try ward.confirm(order, as: "cid") == 0)
    }

    @Test("a toxic pair holds through delegation: when it is given, and when it is used")
    func delegation() throws {
        let ward = try Ward()
        let ids = try groups(ward)
        _ = try pair(ward, ["group_a_id": .int(ids[0]), "group_b_id": .int(ids[1])])
        _ = try pair(ward, ["model_a": "ward.order", "action_a": "action_receive", "model_b": "ward.order", "action_b": "approve"])
        let people = try ward.ids(["bob", "cid", "dora"])
        try ward.world.act { env in
            try env.record(User.self, people[0]).write(["group_ids": .list([[4, .int(ids[0])]])])
            try env.record(User.self, people[1]).write(["group_ids": .list([[4, .int(ids[1])]])])
        }
        ward.refused("sod.toxic_grant") {
            try ward.world.act(as: "bob") { env in
                _ = try env.create(Delegation.self, ["delegate_id": .int(people[1]), "date_to": .instant(env.now + 86_400)])
            }
        }
        try ward.policy([try ward.step(["bob", "eve"])])
        try ward.world.act(as: "bob") { env in
            _ = try env.create(Delegation.self, ["delegate_id": .int(people[2]), "date_to": .instant(env.now + 86_400)])
        }
        let order = try ward.order()
        try ward.world.act(as: "dora") { env in _ = try env.records(WardOrder.self, [order]).call("action_receive") }
        let request = try ward.confirm(order)
        ward.refused("approval.barred") { try ward.call("action_approve", request, as: "dora") }
        try ward.call("action_approve", request, as: "eve")
        #expect(try ward.isConfirmed(order))
    }

    @Test("whoever administers users does not approve")
    func administrators() throws {
        let ward = try Ward()
        try ward.world.makeUser("root", groups: ["base.group_erp_manager"])
        try ward.policy([try ward.step(["root", "bob"])])
        let request = try ward.confirm(try ward.order())
        #expect(try ward.waiting(request) == ["bob"])
    }
}
