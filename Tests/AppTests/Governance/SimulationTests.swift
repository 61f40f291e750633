import Base
import Governance
import JSON
import Kernel
import Store
import TestKit
import Testing

/// Greets partners whose name is longer than the content says; and leaves a mark, which must not stay.
struct GateKind: ReplayableKind {
    let name = "gate"
    let title = "Gate"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] { [] }
    func replay(_ subject: ReplaySubject, in env: Environment) throws -> any Replay {
        guard subject.content["from"]?.intValue != 13 else { throw Refusal.notReplayable(subject.cause, because: "13 is not counted.") }
        return GateReplay(from: subject.content["from"]?.intValue ?? 0)
    }
}

struct GateReplay: Replay {
    let from: Int
    let models: Set<String> = ["res.partner"]

    func concerns(_ event: PastEvent) -> Bool { event.new["name"] != nil }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        // The record stands as it stood then, whatever became of it.
        let name = try env.records(event.model, [event.id]).value("name").textValue ?? ""
        if name == "Broken" { throw Refusal("gate.broken", .invalid, "Broken.") }
        try env.create(ProbeMark.self, ["name": "simulated"])
        return ReplayAnswer(.bool(name.count >= from), conflicts: name == "Both" ? ["two gates at once"] : [])
    }
}

@Suite struct SimulationTests {
    private func house() throws -> GovernedWorld {
        let house = try GovernedWorld(extra: { $0.offer(GateKind()) })
        for (content, isReleased) in [(3, true), (6, false)] {
            let id = try house.world.act(as: "ann") { env in
                let known = try env.search(Definition.self, .where("key", .equal, "gate")).first
                let definition = try known ?? env.create(Definition.self, ["kind": "gate", "key": "gate", "title": "Gate"])
                return try env.create(
                    DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(["from": JSON(content)])]
                ).id
            }
            guard isReleased else { continue }
            try house.call("action_submit", id, as: "ann")
            try house.call("action_release", id, as: "rex")
        }
        return house
    }

    /// Runs the simulation of a draft as a job would.
    private func simulate(_ house: GovernedWorld, days: Int = 30, as login: String = "ann") async throws -> JSON {
        let draft = try house.world.act {
            try $0.search(DefinitionVersion.self, .where("state", .equal, "draft") & .where("kind", .equal, "gate")).ids[0]
        }
        let run = try #require(try house.call("action_simulate", draft, as: login, ["days": .int(days)]).idList?.first)
        return try await Simulation(house.world.database).run(run).report
    }

    @Test("a draft is held against past events: counts, examples, conflicts, failures and cost, and nothing stays")
    func report() async throws {
        let house = try house()
        try house.world.act { env in
            for name in ["Al", "Anna", "Alexandra", "Both", "Broken"] { try env.create(Partner.self, ["name": .text(name)]) }
        }
        let before = try trail(house)
        let report = try await simulate(house)
        #expect(report["against"] == "gate:gate@1")
        #expect(report["events"]?.intValue ?? 0 >= 5)
        // Anna and Both pass the gate in force, and would not pass the draft.
        let shown = report["examples"]?.arrayValue ?? []
        #expect(report["changed"]?.intValue ?? 0 >= 2)
        #expect(shown.contains { $0["before"] == true && $0["after"] == false && $0["model"] == "res.partner" })
        #expect(report["conflicts"]?[0]?["what"] == "two gates at once")
        #expect(report["failures"]?[0]?["what"] == "gate.broken")
        #expect(report["microseconds"]?["draft"]?.intValue != nil)
        #expect(report["complete"] == true)
        #expect(report["writer_milliseconds"]?["longest"]?.intValue != nil)
        #expect(try house.marks().isEmpty)
        // Only that it was asked for stands in the trail.
        #expect(try trail(house) - before <= 3)
    }

    @Test("a record is asked about as it stood at each event, not as it stands today")
    func asItStood() async throws {
        let house = try house()
        let id = try house.world.act { env in try env.create(Partner.self, ["name": "Anna"]).id }
        for name in ["Alexandra", "Al"] { try house.world.act { env in try env.record(Partner.self, id).write(["name": .text(name)]) } }
        let examples = try await simulate(house)["examples"]?.arrayValue ?? []
        // Only as Anna would the draft have answered differently.
        #expect(examples.filter { $0["id"]?.intValue == id }.count == 1)
        #expect(try house.world.act { try $0.record(Partner.self, id).value("name") } == "Al")
    }

    @Test("only the last days count")
    func days() async throws {
        let house = try house()
        try house.world.act { env in try env.create(Partner.self, ["name": "Anna"]).id }
        house.world.clock.advance(days: 10)
        #expect(try await simulate(house, days: 5)["events"] == 0)
        #expect(try await simulate(house, days: 15)["changed"]?.intValue ?? 0 >= 1)
    }

    @Test("examples that whoever asked may not read are left out, and still counted")
    func masking() async throws {
        let house = try house()
        try house.world.act { env in
            let other = try env.create(Company.self, ["name": "Other"])
            try env.create(Partner.self, ["name": "Anna", "company_id": .int(other.id)])
        }
        let hidden = try house.world.act { try $0.search(Partner.self, .where("name", .equal, "Anna")).ids[0] }
        let report = try await simulate(house)
        #expect(report["changed"]?.intValue ?? 0 >= 1)
        #expect(report["examples"]?.arrayValue?.contains { $0["id"]?.intValue == hidden } == false)
    }

    @Test("kinds that cannot be replayed, days out of range and strangers are refused; a report is its asker's")
    func refusals() async throws {
        let house = try house()
        let greeting = try house.draft("Hello")
        house.refused("governance.not_replayable") { try house.call("action_simulate", greeting, as: "ann") }
        let draft = try house.world.act {
            try $0.search(DefinitionVersion.self, .where("state", .equal, "draft") & .where("kind", .equal, "gate")).ids[0]
        }
        house.refused("governance.bad_days") { try house.call("action_simulate", draft, as: "ann", ["days": 1_000]) }
        #expect(throws: Refusal.self) { try house.call("action_simulate", draft, as: "ida") }
        try house.call("action_simulate", draft, as: "ann")
        #expect(try house.world.read(as: "ann") { try $0.search(SimulationRun.self).count } == 1)
        for _ in 1..<Simulation.waitingLimit { try house.call("action_simulate", draft, as: "ann") }
        house.refused("governance.too_many_simulations") { try house.call("action_simulate", draft, as: "ann") }
        #expect(try house.world.read(as: "rex") { try $0.search(SimulationRun.self).count } == 0)
    }

    private func trail(_ house: GovernedWorld) throws -> Int {
        try house.world.database.inspectBlocking { try $0.first("SELECT count(*) FROM baton_audit", [], .integer)?.intValue ?? 0 }
    }
}
