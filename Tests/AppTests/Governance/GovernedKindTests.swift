import Base
import JSON
import Kernel
import TestKit
import Testing

@testable import Governance

/// Every kind of governed definition, as the registry names them, on the same way: draft, review, release, difference, roll-back.
@Suite struct GovernedKindTests {
    /// Kinds of the program; those of these tests' own apps have names of their own.
    private static func kinds() throws -> [String] {
        try Registry(apps: World.apps).offered(as: (any DefinitionKind).self).map(\.name)
    }

    @Test("every kind of the program has a case here")
    func complete() throws {
        let known = Set(KindCase.all.map(\.kind))
        for kind in try Self.kinds() { #expect(known.contains(kind), "add a case for '\(kind)' to KindCase.all") }
        #expect(known.count == KindCase.all.count)
    }

    /// People who write: eve may also release, which does not help her with her own.
    private func house(_ item: KindCase) throws -> GovernedWorld {
        let house = try GovernedWorld(withApprovals: item.isOfApprovals)
        let more = item.isOfApprovals ? ["approvals.group_manager", "approvals.group_sod"] : []
        try house.world.makeUser("eve", groups: ["base.group_system", "governance.group_author", "governance.group_releaser"] + more)
        return house
    }

    private func release(_ house: GovernedWorld, _ id: Int, _ arguments: ValueMap = [:]) throws {
        try house.call("action_submit", id, as: "eve")
        try house.call("action_release", id, as: "rex", arguments)
    }

    private func cause(_ house: GovernedWorld, _ id: Int) throws -> String {
        try house.world.act { env in env.record(DefinitionVersion.self, id).cause }
    }

    @Test("nobody releases what they wrote; what is released takes effect, and not before", arguments: KindCase.all)
    func twoPeople(_ item: KindCase) throws {
        let house = try house(item)
        let before = try item.effect(house)
        let id = try item.draft(house, 2, "eve")
        #expect(try item.effect(house) == before)
        try house.call("action_submit", id, as: "eve")
        house.refused(item.isOfApprovals ? "sod.toxic_pair" : "governance.self_release") { try house.call("action_release", id, as: "eve") }
        #expect(try item.effect(house) == before)
        try house.call("action_release", id, as: "rex")
        #expect(try item.effect(house) == "2")
    }

    @Test("a version whose inner tests fail is not submitted, and the refusal names the test", arguments: KindCase.all)
    func innerTests(_ item: KindCase) throws {
        let house = try house(item)
        let id = try item.draft(house, 2, "eve")
        _ = try house.world.act(as: "eve") { env in
            try env.record(DefinitionVersion.self, id).write(["tests": .json(item.failing)])
        }
        house.refused("governance.tests_failed") { try house.call("action_submit", id, as: "eve") }
        #expect(try item.effect(house) != "2")
    }

    @Test("a version waits for its day, shows what differs, and is taken back in one step; the trail names each", arguments: KindCase.all)
    func dayAndRollback(_ item: KindCase) throws {
        let house = try house(item)
        let first = try item.draft(house, 1, "eve")
        try release(house, first)
        #expect(try item.effect(house) == "1")
        let second = try item.draft(house, 2, "eve")
        let changes = try house.world.act(as: "eve") { env in
            try env.registry.requireModel(DefinitionVersion.name).method("diff")?.body(
                try env.records(DefinitionVersion.name, [second]), [:]
            ).listValue ?? []
        }
        #expect(!changes.isEmpty)
        let day = try house.world.act { $0.now + 86_400 }
        try release(house, second, ["effective_from": .instant(day)])
        #expect(try item.effect(house) == "1")
        house.world.clock.advance(seconds: 86_401)
        try house.world.act { env in try Releasing.takeEffect(env.record(DefinitionVersion.self, second)) }
        #expect(try item.effect(house) == "2")
        try item.act?(house)
        try house.call("action_roll_back", second, as: "rex", ["reason": "Not so."])
        #expect(try item.effect(house) == "1")
        let told = try house.world.database.systemBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit", [], [.text]).compactMap(\.textValue)
        }
        for id in [first, second] {
            let name = try cause(house, id)
            #expect(told.contains { $0.contains("\"\(name)\"") }, "\(name)")
        }
        if item.act != nil { #expect(try told.contains { $0.contains("\"because\":\"\(try cause(house, second))\"") }) }
    }

    @Test("a version for a site is in force there and nowhere else", arguments: KindCase.all)
    func sites(_ item: KindCase) throws {
        let house = try house(item)
        let site = try house.world.act { env in try env.create(Company.self, ["name": "Site B"]).id }
        try house.world.makeUser(
            "both", groups: ["governance.group_releaser"], companies: [1, site])
        let id = try item.draft(house, 1, "eve")
        let key = try house.world.act { env in
            try env.record(DefinitionVersion.self, id).write(["company_ids": .list([[6, 0, .ids([site])]])])
            return env.record(DefinitionVersion.self, id).key
        }
        try house.call("action_submit", id, as: "eve")
        try house.call("action_release", id, as: "both")
        let found = try house.world.act { env in
            try [site, 1].map { try Definitions.inForce(item.kind, key, company: $0, in: env)?.id }
        }
        #expect(found == [id, nil])
    }
}
