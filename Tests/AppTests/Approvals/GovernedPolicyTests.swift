import Base
import Governance
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct GovernedPolicyTests {
    private func written(_ ward: Ward, _ step: ValueMap, _ more: ValueMap = [:]) throws -> Int {
        try ward.world.act(as: "mia") { env in
            let values: ValueMap = [
                "name": "Orders", "model": "ward.order", "action": "action_confirm", "step_ids": .list([[0, 0, .map(step)]]),
            ]
            return try env.create(Policy.self, values.merging(more)).id
        }
    }

    @Test("a policy that an administrator writes waits as a draft; what was released goes on, and a second person releases it")
    func draft() throws {
        let ward = try Ward()
        let policy = try written(ward, try ward.step(["bob"]))
        #expect(try ward.newest(Policy.name, policy).state == .draft)
        #expect(try ward.confirm(try ward.order()) == 0)
        // The shipped pair of roles speaks first.
        ward.refused("sod.toxic_pair") {
            try ward.world.act { env in
                let group = try Reference.require("governance.group_releaser", env)
                try env.search(User.self, .where("login", .equal, "mia")).write(["group_ids": .list([[4, .int(group)]])])
            }
            try ward.release(Policy.name, policy, by: "mia")
        }
        let version = try ward.newest(Policy.name, policy).id
        try ward.world.act(as: "rex") { env in _ = try env.records(DefinitionVersion.self, [version]).call("action_release") }
        let request = try ward.confirm(try ward.order())
        #expect(try ward.waiting(request) == ["bob"])
        // Another person in the step: a draft again, and new requests still go to bob.
        let cid = try ward.id("cid")
        try ward.world.act(as: "mia") { env in
            try env.search(PolicyStep.self, .where("policy_id", .equal, .int(policy))).write(["user_ids": .list([[6, 0, .ids([cid])]])])
        }
        #expect(try ward.newest(Policy.name, policy).state == .draft)
        #expect(try ward.waiting(try ward.confirm(try ward.order())) == ["bob"])
        try ward.release(Policy.name, policy)
        #expect(try ward.waiting(try ward.confirm(try ward.order())) == ["cid"])
        #expect(try ward.waiting(request) == ["bob"], "a request keeps the version under which it was made")
    }

    @Test("where direct changes are allowed for the model, a policy holds at once")
    func direct() throws {
        let ward = try Ward()
        try ward.world.act { env in
            _ = try env.create(Parameter.self, ["key": .text(GovernedRows.directChanges), "value": "approval.policy"])
        }
        _ = try written(ward, try ward.step(["bob"]))
        #expect(try ward.waiting(try ward.confirm(try ward.order())) == ["bob"])
    }

    @Test("the request and the action that was approved stand in the trail with the version of the policy")
    func causes() throws {
        let ward = try Ward()
        let policy = try ward.policy([try ward.step(["bob"])])
        let cause = try ward.newest(Policy.name, policy).cause
        #expect(cause.hasPrefix("approval_policy:orders-above-5-000-") && cause.hasSuffix("@1"))
        let request = try ward.confirm(try ward.order())
        #expect(try ward.world.act { $0.record(Request.self, request).cause } == cause)
        try ward.call("action_approve", request, as: "bob")
        func detail(_ model: String, _ kind: String) throws -> String {
            try ward.world.database.inspectBlocking { connection in
                try connection.first(
                    "SELECT detail FROM baton_audit WHERE model = '\(model)' AND kind = '\(kind)' ORDER BY seq DESC LIMIT 1", [], .text)?
                    .textValue ?? ""
            }
        }
        #expect(try detail("approval.request", "create").contains("\"because\":\"\(cause)\""))
        #expect(try detail("ward.order", "action").contains("\"chain\":[\"\(cause)\",\"approval:\(request)\"]"))
    }

    @Test("a policy whose approver is missing is refused at its submission, with the place and the remedy")
    func missingApprover() throws {
        let ward = try Ward()
        try ward.world.act { env in _ = try env.create(Group.self, ["name": "Empty"]) }
        let group = try ward.world.act { try $0.search(Group.self, .where("name", .equal, "Empty")).first?.id ?? 0 }
        let policy = try written(ward, ["name": "Heads", "kind": "group", "group_id": .int(group)])
        do {
            try ward.release(Policy.name, policy)
            Issue.record("nothing was refused")
        } catch let refusal as Refusal {
            #expect(refusal.code == "governance.check_failed")
            #expect(refusal.message.contains("step_ids[0]: 'Heads' needs 1 to agree, and 0 may decide."))
            #expect(refusal.instruction == "Give the role to somebody, or name another one.")
        }
        let nobody = try ward.world.act(as: "mia") { env in
            try env.create(Policy.self, ["name": "Empty", "model": "ward.order", "action": "action_confirm"]).id
        }
        ward.refused("governance.check_failed") { try ward.release(Policy.name, nobody) }
    }

    @Test("categories and toxic pairs come into force by their release, and the pairs that are shipped hold from the start")
    func categoriesAndPairs() throws {
        let ward = try Ward()
        let bob = try ward.id("bob")
        let category = try ward.world.act(as: "mia") { env in
            try env.create(Category.self, ["name": "Trip", "approver_ids": .list([[0, 0, ["user_id": .int(bob)]]])]).id
        }
        let request = try ward.world.act(as: "ann") { env in
            try env.create(Request.self, ["name": "Congress", "category_id": .int(category)]).id
        }
        ward.refused("approval.category_not_released") { try ward.call("action_confirm", request, as: "ann") }
        try ward.release(Category.name, category)
        try ward.call("action_confirm", request, as: "ann")
        #expect(try ward.waiting(request) == ["bob"])
        let cause = try ward.newest(Category.name, category).cause
        #expect(try ward.world.act { $0.record(Request.self, request).cause } == cause)

        let pairs = try ward.world.act { env in try ToxicPair.inForce(env).map(\.cause) }
        #expect(pairs.count == 3 && pairs.allSatisfy { $0.hasPrefix("toxic_pair:") && $0.hasSuffix("@1") })
        let pair = try ward.world.act(as: "sam") { env in
            try env.create(
                SodRule.self,
                ["name": "P", "model_a": "ward.order", "action_a": "action_receive", "model_b": "ward.order", "action_b": "action_pay"]
            ).id
        }
        #expect(try ward.newest(SodRule.name, pair).state == .draft)
        #expect(try ward.world.act { env in try ToxicPair.inForce(env).count } == 3)
    }

    @Test("whoever stands in for an author does not release what the author wrote, while the delegation lasts")
    func standIns() throws {
        let ward = try Ward()
        let policy = try written(ward, try ward.step(["bob"]))
        let ids = try ward.ids(["mia", "rex"])
        let bob = try ward.id("bob")
        // A delegation for some requests only is none for definitions.
        let other = try ward.policy([try ward.step(["bob"])])
        try ward.world.act(as: "mia") { env in
            _ = try env.create(
                Delegation.self,
                [
                    "delegate_id": .int(bob), "date_to": .instant(env.now + 86_400), "policy_ids": .list([[6, 0, .ids([other])]]),
                ])
            _ = try env.create(Delegation.self, ["delegate_id": .int(ids[1]), "date_to": .instant(env.now + 86_400)])
        }
        let kind = DelegatesAsStandIns()
        #expect(try ward.world.act { try kind.users(standingInFor: [ids[0]], in: $0) } == [ids[1]])
        ward.refused("governance.delegate_release") { try ward.release(Policy.name, policy) }
        ward.world.clock.advance(days: 2)
        let version = try ward.newest(Policy.name, policy).id
        try ward.world.act(as: "rex") { env in _ = try env.records(DefinitionVersion.self, [version]).call("action_release") }
        #expect(try ward.newest(Policy.name, policy).state == .released)
    }

    @Test("policies that were there before governance go on as they are")
    func adoption() throws {
        let ward = try Ward()
        let policy = try ward.policy([try ward.step(["bob"])])
        try ward.world.act { env in
            // As a database of an earlier program has it.
            try env.search(DefinitionVersion.self, .where("kind", .equal, "approval_policy")).write(["state": "draft"])
            let definitions = try env.search(Definition.self, .where("kind", .equal, "approval_policy"))
            try definitions.write(["res_id": 0])
            try definitions.unlink()
        }
        #expect(try ward.confirm(try ward.order()) == 0)
        try ward.world.act { env in try GovernedRows.adopt(Governed.policy, in: env) }
        #expect(try ward.newest(Policy.name, policy).state == .released)
        #expect(try ward.waiting(try ward.confirm(try ward.order())) == ["bob"])
    }
}
