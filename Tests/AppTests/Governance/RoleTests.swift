import Base
import Exceptions
import Governance
import JSON
import Kernel
import TestKit
import Testing

@Suite struct RoleTests {
    private func draft(_ house: GovernedWorld, _ rights: JSON, group: String = "exceptions.group_user", tests: JSON = .null) throws -> Int {
        try house.world.act(as: "ann") { env in
            let known = try env.search(Definition.self, .where("key", .equal, "workers")).first
            let definition = try known ?? env.create(Definition.self, ["kind": "role", "key": "workers", "title": "Workers"])
            return try env.create(
                DefinitionVersion.self,
                [
                    "definition_id": .int(definition.id), "tests": .json(tests),
                    "content": .json(["group": .string(group), "implies": ["base.group_user"], "rights": rights]),
                ]
            ).id
        }
    }

    private func may(_ house: GovernedWorld, _ operation: AccessOperation) throws -> Bool {
        try house.world.read(as: "olga") { env in env.allows(operation, on: try env.registry.requireModel("ops.exception")) }
    }

    @Test("a role in force is what its members may do; rolled back it is what it was")
    func roles() throws {
        let house = try GovernedWorld()
        try house.world.makeUser("olga", groups: ["exceptions.group_user"])
        #expect(try may(house, .write))
        let first = try draft(house, ["ops.exception": "rw", "ops.exception.occurrence": "r"])
        try house.call("action_submit", first, as: "ann")
        try house.call("action_release", first, as: "rex")
        let second = try draft(
            house, ["ops.exception": "r"], tests: [["name": "no writing", "model": "ops.exception", "may": "r", "never": "w"]])
        try house.call("action_submit", second, as: "ann")
        #expect(try may(house, .write))
        try house.call("action_release", second, as: "rex")
        #expect(try !may(house, .write) && may(house, .read))
        try house.call("action_roll_back", second, as: "rex", ["reason": "They must write."])
        #expect(try may(house, .write))
        try house.call("action_retire", first, as: "rex", ["reason": "As shipped."])
        #expect(try may(house, .write))
    }

    @Test("a direct write of rights to a group with a role in force is a draft of the role, unless direct changes are allowed")
    func directWrites() throws {
        let house = try GovernedWorld()
        try house.world.makeUser("olga", groups: ["exceptions.group_user"])
        try house.world.makeUser("adam", groups: ["base.group_system", "governance.group_author"])
        let first = try draft(house, ["ops.exception": "rw", "ops.exception.occurrence": "r"])
        try house.call("action_submit", first, as: "ann")
        try house.call("action_release", first, as: "rex")
        func allow(_ isAllowed: Bool) throws {
            try house.world.act(as: "adam") { env in
                let group = try Reference.require("exceptions.group_user", env)
                let own = Domain.where("model_id.model", .equal, "ops.exception") & .where("group_id", .equal, .int(group))
                let right = try #require(try env.search(ModelAccess.self, own, limit: 1).first)
                try right.write(["perm_write": .bool(isAllowed)])
                #expect(right.mayWrite == isAllowed)
            }
        }
        try allow(false)
        // The client reads back what it wrote; what holds is the role.
        #expect(try may(house, .write))
        let open = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role") & .where("state", .equal, "draft")).map {
                "\($0.origin?.rawValue ?? "") \($0.content["rights"]?["ops.exception"]?.stringValue ?? "")"
            }
        }
        #expect(open == ["record r"])
        let second = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role") & .where("state", .equal, "draft")).ids[0]
        }
        try house.call("action_submit", second, as: "adam")
        try house.call("action_release", second, as: "rex")
        #expect(try !may(house, .write) && may(house, .read))
        try house.world.act { env in
            _ = try env.create(Parameter.self, ["key": "governance.direct_changes", "value": "ir.model.access"])
        }
        try allow(true)
        #expect(try may(house, .write))
        let last = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role"), order: "number desc", limit: 1).first?.origin
        }
        #expect(last == .direct)
    }

    @Test("a role of unknown groups, models or letters is refused with the place; one that fails its tests too")
    func badRoles() throws {
        let house = try GovernedWorld()
        for (rights, group, place): (JSON, String, String) in [
            (["ops.exception": "rw"], "nobody.group", "group"), (["no.model": "r"], "base.group_user", "rights.no.model"),
            (["ops.exception": "x"], "base.group_user", "rights.ops.exception"),
        ] {
            let id = try draft(house, rights, group: group)
            do {
                try house.call("action_submit", id, as: "ann")
                Issue.record("\(place) was accepted")
            } catch let refusal as Refusal {
                #expect(refusal.code == "governance.check_failed" && refusal.message.contains("at \(place):"))
            }
        }
        let id = try draft(house, ["ops.exception": "rwd"], tests: [["name": "no deleting", "model": "ops.exception", "never": "d"]])
        house.refused("governance.tests_failed") { try house.call("action_submit", id, as: "ann") }
    }
}
