import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

@testable import ServiceLevels

/// Drafts of service levels, held against what happened to contacts.
@Suite struct ClockReplayTests {
    private func level(
        _ minutes: Int, start: String = "[('comment', '=', 'waiting')]", stop: String = "[('comment', '=', 'answered')]"
    ) -> JSON {
        [
            "name": "Contact", "model": "res.partner", "start": .string(start), "stop": .string(stop), "hours": "always",
            "minutes": JSON(minutes),
        ]
    }

    /// Contacts that were answered after 10, 20, 30 and 40 minutes, one that still waits and one that nobody promised anything.
    private func world() throws -> World {
        let world = try World()
        try world.makeUser("ann", groups: ["governance.group_author", "base.group_partner_manager"])
        try world.ship("sla", "contact", level(60))
        let ids = try world.act { env in
            try (0..<5).map { try env.create(Partner.self, ["name": .text("Contact \($0)"), "comment": "waiting"]).id }
                + [try env.create(Partner.self, ["name": "Other", "comment": "hello"]).id]
        }
        for (place, id) in ids.prefix(4).enumerated() {
            world.clock.advance(seconds: 600)
            try world.act { env in try env.record(Partner.self, id).write(["comment": "answered"]) }
            _ = place
        }
        return world
    }

    private func simulate(_ world: World, _ content: JSON) async throws -> JSON {
        let run = try world.act(as: "ann") { env in
            let definition =
                try env.search(Definition.self, .where("kind", .equal, "sla") & .where("key", .equal, "contact")).first?.id ?? 0
            let draft = try env.create(DefinitionVersion.self, ["definition_id": .int(definition), "content": .json(content)])
            return try draft.asSet.call("action_simulate", ["days": 30]).idList?.first ?? 0
        }
        return try await Simulation(world.database).run(run).report
    }

    @Test("a shorter promise shows which of those that were kept would have been broken, and leaves nothing behind")
    func shorter() async throws {
        let world = try world()
        let before = try world.act { try $0.count(Clock.self, .all) }
        let report = try await simulate(world, level(25))
        // Five starts and four ends differ, for each names its minutes; two of the ends come too late.
        #expect(report["changed"] == 9)
        #expect(report["against"] == "sla:contact@1")
        let examples = report["examples"]?.arrayValue ?? []
        let broken = examples.filter { $0["after"]?["broken"] == true }
        #expect(broken.count == 2 && broken.allSatisfy { $0["before"]?["broken"] == false })
        #expect(examples.contains { $0["after"]?["clock"] == "runs" && $0["after"]?["minutes"] == 25 })
        #expect(report["conflicts"]?.arrayValue?.isEmpty == true)
        #expect(try world.act { try $0.count(Clock.self, .all) } == before)
    }

    @Test("the same content changes nothing; one that starts and stops at once is a conflict, counted")
    func conflicts() async throws {
        let world = try world()
        #expect(try await simulate(world, level(60))["changed"] == 0)
        let report = try await simulate(world, level(60, stop: "[('comment', 'in', ['waiting', 'answered'])]"))
        #expect(report["conflicts"]?[0]?["what"] == "start and stop hold at once")
        #expect(report["conflicts"]?[0]?["count"] == 5)
        let odd = try await simulate(world, level(60, start: "[('comment', '=', 'hello')]"))
        #expect(odd["examples"]?.arrayValue?.contains { $0["before"]?["clock"] == "none" && $0["after"]?["clock"] == "runs" } == true)
    }
}
