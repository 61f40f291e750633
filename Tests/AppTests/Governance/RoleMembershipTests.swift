import Base
import Exceptions
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// Roles as governed definitions of who may do what: members and implied groups, and what becomes of a role that cannot be believed.
@Suite struct RoleMembershipTests {
    private func draft(_ house: GovernedWorld, _ more: JSON, group: String = "exceptions.group_user", tests: JSON = .null) throws -> Int {
        try house.world.act(as: "ann") { env in
            let known = try env.search(Definition.self, .where("key", .equal, "workers")).first
            let definition = try known ?? env.create(Definition.self, ["kind": "role", "key": "workers", "title": "Workers"])
            var content: JSONObject = [
                "group": .string(group), "implies": ["base.group_user"],
                "rights": ["ops.exception": "rw", "ops.exception.occurrence": "r"],
            ]
            for member in more.objectValue?.members ?? [] { content[member.key] = member.value }
            return try env.create(
                DefinitionVersion.self,
                ["definition_id": .int(definition.id), "tests": .json(tests), "content": .json(.object(content))]
            ).id
        }
    }

    @discardableResult
    private func release(_ house: GovernedWorld, _ more: JSON, tests: JSON = .null) throws -> Int {
        let id = try draft(house, more, tests: tests)
        try house.call("action_submit", id, as: "ann")
        try house.call("action_release", id, as: "rex")
        return id
    }

    private func isMember(_ house: GovernedWorld, _ login: String, _ group: String = "exceptions.group_user") throws -> Bool {
        try house.world.read(as: login) { $0.user.isMember(of: group) }
    }

    private func may(_ house: GovernedWorld, _ login: String, _ operation: AccessOperation = .write) throws -> Bool {
        try house.world.read(as: login) { env in env.allows(operation, on: try env.registry.requireModel("ops.exception")) }
    }

    private func house() throws -> GovernedWorld {
        let house = try GovernedWorld()
        try house.world.makeUser("olga", groups: ["base.group_user"])
        try house.world.makeUser("paul", groups: ["base.group_user"])
        try house.world.makeUser("adam", groups: ["base.group_erp_manager", "governance.group_author"])
        return house
    }

    private func drafts(_ house: GovernedWorld) throws -> [JSON] {
        try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role") & .where("state", .equal, "draft")).map(\.content)
        }
    }

    private func join(_ house: GovernedWorld, _ login: String, _ isIn: Bool = true) throws {
        let user = try house.world.user(login).id
        try house.world.act(as: "adam") { env in
            let group = try Reference.require("exceptions.group_user", env)
            try env.record(User.self, user).write(["group_ids": .list([[isIn ? 4 : 3, .int(group), 0]])])
        }
    }

    @Test("a released role says who its members are and what it implies; rolled back it is as it was, and retired its members stay")
    func members() throws {
        let house = try house()
        #expect(try !isMember(house, "olga"))
        try release(house, ["members": ["olga"]], tests: [["name": "olga is in", "members": ["olga"], "never_members": ["paul"]]])
        #expect(try isMember(house, "olga") && may(house, "olga") && !isMember(house, "paul"))
        let second = try draft(house, ["members": ["paul"], "implies": ["base.group_user", "exceptions.group_auditor"]])
        let changes = try house.world.read(as: "ida") { env in
            try env.registry.requireModel("governance.version").method("diff")?.body(env.records("governance.version", [second]), [:])
        }
        let paths = changes?.listValue?.compactMap { $0.mapValue?["path"]?.textValue }
        #expect(paths == ["implies[exceptions.group_auditor]", "members[olga]", "members[paul]", "tests"])
        try house.world.act(as: "ann") { env in try env.record(DefinitionVersion.self, second).write(["tests": false]) }
        try house.call("action_submit", second, as: "ann")
        try house.call("action_release", second, as: "rex")
        #expect(try !isMember(house, "olga") && !may(house, "olga"))
        #expect(try isMember(house, "paul") && isMember(house, "paul", "exceptions.group_auditor"))
        try house.call("action_roll_back", second, as: "rex", ["reason": "It was right before."])
        #expect(try isMember(house, "olga") && !isMember(house, "paul"))
        let first = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role") & .where("state", .equal, "released")).ids[0]
        }
        try join(house, "paul")
        try house.call("action_retire", first, as: "rex", ["reason": "No role any more."])
        #expect(try isMember(house, "olga"))
        #expect(try !isMember(house, "paul"), "what was only wished for does not hold because the role ended")
    }

    @Test("a client that puts somebody into a governed group reads back what it wrote, and nobody is in it before a second person releases")
    func directMembers() throws {
        let house = try house()
        try release(house, ["members": ["olga"]])
        try join(house, "paul")
        let shown = try house.world.read(as: "adam") { env in
            try env.search(User.self, .where("group_ids", .in, .ids([try Reference.require("exceptions.group_user", env)]))).map(\.login)
        }
        #expect(Set(shown) == ["olga", "paul"])
        #expect(try !isMember(house, "paul") && !may(house, "paul"))
        #expect(try drafts(house).map { $0["members"] } == [["olga", "paul"]])
        // From the side of the group the same draft goes on.
        let ids = try ["olga", "paul"].map { try house.world.user($0).id }
        try house.world.act(as: "adam") { env in
            let group = env.record(Group.self, try Reference.require("exceptions.group_user", env))
            try group.write(["user_ids": .list([[3, .int(ids[0]), 0]]), "implied_ids": .list([[5, 0, 0]])])
        }
        #expect(try drafts(house).map { $0["members"] } == [["paul"]])
        #expect(try drafts(house).map { $0["implies"] } == [[]])
        #expect(try isMember(house, "olga"))
        let draft = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role") & .where("state", .equal, "draft")).ids[0]
        }
        house.refused("access.denied") { try house.call("action_release", draft, as: "adam") }
        try house.call("action_submit", draft, as: "adam")
        try house.call("action_release", draft, as: "rex")
        #expect(try isMember(house, "paul") && !isMember(house, "olga"))
    }

    @Test("where direct changes of groups are allowed, a membership holds at once, and nobody's drafted rights come into force with it")
    func directAllowed() throws {
        let house = try house()
        try release(house, ["members": ["olga"]])
        try house.world.act(as: "adam") { env in
            let group = try Reference.require("exceptions.group_user", env)
            let own = Domain.where("model_id.model", .equal, "ops.exception") & .where("group_id", .equal, .int(group))
            try #require(try env.search(ModelAccess.self, own, limit: 1).first).write(["perm_unlink": true])
        }
        try house.world.act { env in _ = try env.create(Parameter.self, ["key": "governance.direct_changes", "value": "res.groups"]) }
        try join(house, "paul")
        #expect(try isMember(house, "paul") && may(house, "paul"))
        #expect(try !may(house, "paul", .unlink), "the right was only drafted")
        try join(house, "olga", false)
        #expect(try !isMember(house, "olga"))
    }

    @Test("a new user of a governed group waits for the role, and nobody gets a login by which a role knows its members")
    func logins() throws {
        let house = try house()
        try release(house, ["members": ["olga"]])
        let olga = try house.world.user("olga").id
        try house.world.act(as: "adam") { env in
            let group = try Reference.require("exceptions.group_user", env)
            try env.create(User.self, ["login": "nina", "name": "Nina", "group_ids": .list([[6, 0, .ids([group])]])])
        }
        #expect(try !isMember(house, "nina"))
        #expect(try drafts(house).map { $0["members"] } == [["olga", "nina"]])
        house.refused("governance.login_of_role") {
            try house.world.act(as: "adam") { env in try env.record(User.self, olga).write(["login": "olga2"]) }
        }
        try house.world.act { env in try env.records(User.self, [olga]).unlink() }
        house.refused("governance.login_of_role") {
            try house.world.act(as: "adam") { env in try env.create(User.self, ["login": "olga", "name": "Another"]) }
        }
    }

    @Test("a role names its members once, by logins that are there, and each group has one role")
    func badMembers() throws {
        let house = try house()
        for (content, place): (JSON, String) in [
            (["members": ["olga", "nobody"]], "members[1]"), (["members": ["olga", "olga"]], "members[1]"),
            (["members": "olga"], "members"),
            (["members": [], "implies": ["no.group"]], "implies[0]"),
        ] {
            let id = try draft(house, content)
            do {
                try house.call("action_submit", id, as: "ann")
                Issue.record("\(place) was accepted")
            } catch let refusal as Refusal {
                #expect(refusal.code == "governance.check_failed" && refusal.message.contains("at \(place):"), "\(refusal.message)")
            }
        }
        try release(house, ["members": ["olga"]])
        let other = try house.world.act(as: "ann") { env in
            let definition = try env.create(Definition.self, ["kind": "role", "key": "others", "title": "Others"])
            let content: JSON = ["group": "exceptions.group_user", "rights": ["ops.exception": "r"]]
            return try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content)]).id
        }
        house.refused("governance.check_failed") { try house.call("action_submit", other, as: "ann") }
        let silent = try draft(house, ["members": []], tests: [["name": "says nothing"]])
        house.refused("governance.tests_failed") { try house.call("action_submit", silent, as: "ann") }
    }

    @Test("a role that would bring both sides of a toxic pair into one hand is refused at its review, with the member")
    func toxic() throws {
        let house = try GovernedWorld(withApprovals: true)
        try house.world.makeUser("olga", groups: ["governance.group_auditor"])
        let pair = try house.world.act { env in
            let groups = try ["exceptions.group_user", "governance.group_auditor"].map { try Reference.require($0, env) }
            return try env.create(
                env.registry.requireModel("sod.rule"),
                [["name": "Working and auditing", "group_a_id": .int(groups[0]), "group_b_id": .int(groups[1]), "reason": "Test"]]
            ).ids[0]
        }
        #expect(pair > 0)
        let id = try draft(house, ["members": ["joe", "olga"]])
        do {
            try house.call("action_submit", id, as: "ann")
            Issue.record("a toxic pair was accepted")
        } catch let refusal as Refusal {
            #expect(refusal.message.contains("at members[1]: olga: These rights must not come into one hand"), "\(refusal.message)")
        }
        try release(house, ["members": ["joe"]])
        #expect(try isMember(house, "joe"))
    }

    @Test("a version of a role for a site holds for the people who work there first, and for nobody else")
    func sites() throws {
        let house = try house()
        let site = try house.world.act { env in try env.create(Company.self, ["name": "Site B"]).id }
        try house.world.makeUser("bea", groups: ["base.group_user"], companies: [site])
        try house.world.makeUser("both", groups: ["governance.group_releaser"], companies: [1, site])
        try release(house, ["members": ["olga", "bea"]])
        #expect(try may(house, "olga") && may(house, "bea"))
        let pilot = try draft(house, ["members": ["bea", "paul"], "rights": ["ops.exception": "r"]])
        try house.world.act { env in
            try env.record(DefinitionVersion.self, pilot).write(["company_ids": .list([[6, 0, .ids([site])]])])
        }
        try house.call("action_submit", pilot, as: "ann")
        try house.call("action_release", pilot, as: "both")
        #expect(try may(house, "olga") && isMember(house, "olga"), "who works elsewhere has the role for everybody")
        #expect(try !may(house, "bea") && may(house, "bea", .read))
        #expect(try !isMember(house, "paul"), "named for the site, and works elsewhere")
        let seated = try house.world.act { env in
            let group = try Reference.require("exceptions.group_user", env)
            return try env.search(User.self, try Memberships(env).domain(of: [group])).map(\.login)
        }
        #expect(Set(seated).isSuperset(of: ["olga", "bea"]) && !seated.contains("paul"))
        try house.call("action_roll_back", pilot, as: "both", ["reason": "The pilot is over."])
        #expect(try may(house, "bea") && may(house, "olga"))
    }

    // MARK: roles that cannot be believed

    private func exceptions(_ house: GovernedWorld) throws -> [String] {
        try house.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "governance.role_broken") & .where("state", .equal, "open")).map {
                "\($0.user?.login ?? "nobody"): \($0.displayedName)"
            }
        }
    }

    @Test(
        "a role in force that is not the one that was released gives nobody anything, instead of what the records say, and one exception with an owner says so",
        arguments: [
            "UPDATE governance_version SET content = '{\"group\":\"exceptions.group_user\",\"rights\":{\"ops.exception\":\"rwcd\"}}' WHERE id = ?",
            "UPDATE governance_version SET content = '{\"group\":\"base.group_portal\",\"rights\":{}}' WHERE id = ?",
            "UPDATE governance_version SET state = 'retired' WHERE id = ?", "DELETE FROM governance_version WHERE id = ?",
        ])
    func tampered(_ sql: String) throws {
        let house = try house()
        let id = try release(house, ["members": ["olga"]])
        try release(house, ["members": ["olga"], "rights": ["ops.exception": "rw"]])
        let newest = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("kind", .equal, "role"), order: "number desc", limit: 1).ids[0]
        }
        #expect(try may(house, "olga") && id != newest)
        try house.world.database.systemBlocking { connection in _ = try connection.run(sql, [.int(newest)]) }
        for _ in 0..<3 { try house.world.act { try RoleAlarm.verify($0) } }
        #expect(try !may(house, "olga") && !may(house, "olga", .read) && !isMember(house, "olga"))
        let raised = try exceptions(house)
        #expect(raised.count == 1 && raised.first?.hasPrefix("admin: The role of the group") == true, "\(raised)")
        // Others go on, and rights of the group are not written into a role that nobody can believe.
        #expect(try isMember(house, "ann", "governance.group_author"))
        house.refused("governance.tampered") { try join(house, "paul") }
    }

    @Test("a role that was tampered with is believed again when a good version is released, and its exception is resolved")
    func repaired() throws {
        let house = try house()
        let id = try release(house, ["members": ["olga"]])
        try house.world.database.systemBlocking { connection in
            _ = try connection.run("UPDATE governance_version SET content = '{}' WHERE id = ?", [.int(id)])
        }
        try house.world.act { try RoleAlarm.verify($0) }
        #expect(try !isMember(house, "olga"))
        try release(house, ["members": ["olga", "paul"]])
        #expect(try isMember(house, "olga") && isMember(house, "paul") && may(house, "paul"))
        #expect(try exceptions(house).isEmpty)
        house.refused("governance.tampered") {
            let newest = try house.world.act { env in
                try env.search(DefinitionVersion.self, .where("kind", .equal, "role"), order: "number desc", limit: 1).ids[0]
            }
            try house.call("action_roll_back", newest, as: "rex", ["reason": "Back to what was tampered with"])
        }
    }
}
