import Engine
import Governance
import JSON
import Kernel
import Store
import TestKit
import Testing

@Suite struct InForceTests {
    @Test("a release for a later day takes effect then, by a job, and once")
    func effectiveDate() async throws {
        let house = try GovernedWorld()
        try house.release("Now")
        let later = house.world.clock.now + 86_400
        let id = try house.release("Later", ["effective_from": .instant(later)])
        #expect(try house.greeting() == "Now")
        #expect(try house.state(id) == .released)
        try await work(house)
        #expect(try house.marks().count == 1)
        house.world.clock.advance(seconds: 86_400)
        #expect(try house.greeting() == "Later")
        try await work(house)
        try await work(house)
        #expect(try house.marks().last == "installed greeting:hello@2 for greeting:hello@1")
        #expect(try house.marks().count == 2)
        #expect(try house.greeting(at: later - 1) == "Now")
    }

    @Test("a release is rolled back in one step: the version before it is in force again")
    func rollBack() throws {
        let house = try GovernedWorld()
        let first = try house.release("First")
        let second = try house.release("Second")
        house.refused("governance.not_in_force") { try house.call("action_roll_back", first, as: "rex", ["reason": "Wrong one"]) }
        house.refused("governance.no_reason") { try house.call("action_roll_back", second, as: "rex") }
        house.world.clock.advance(seconds: 60)
        #expect(try house.call("action_roll_back", second, as: "rex", ["reason": "Too terse"]).idList == [first])
        #expect(try house.greeting() == "First")
        #expect(try house.state(second) == .retired)
        #expect(try house.marks().last == "withdrawn greeting:hello@1 for greeting:hello@1")
        #expect(try house.greeting(at: house.world.clock.now - 30) == "Second")
        house.refused("governance.nothing_before") { try house.call("action_roll_back", first, as: "rex", ["reason": "More"]) }
    }

    @Test("a retired definition is in force no more, and nothing before it comes back")
    func retire() throws {
        let house = try GovernedWorld()
        try house.release("First")
        let second = try house.release("Second")
        try house.call("action_retire", second, as: "rex", ["reason": "No greetings"])
        #expect(try house.greeting() == nil)
    }

    @Test("a company's own definition goes before everybody's")
    func companies() throws {
        let house = try GovernedWorld()
        let other = try house.world.act { env in
            let id = try env.create(env.registry.requireModel("res.company"), [["name": "Other"]]).ids[0]
            for login in ["ann", "rex"] {
                try env.search(env.registry.requireModel("res.users"), .where("login", .equal, .text(login)))
                    .write(["company_ids": .list([[4, .int(id)]])])
            }
            return id
        }
        try house.release("Everybody")
        try house.release("Special", company: other)
        #expect(try house.greeting(company: 1) == "Everybody")
        #expect(try house.greeting(company: other) == "Special")
        #expect(try house.greeting() == "Everybody")
    }

    @Test("a version may begin at some sites, while the others keep the one before")
    func sites() throws {
        let house = try GovernedWorld()
        let other = try house.world.act { try $0.create($0.registry.requireModel("res.company"), [["name": "Other"]]).ids[0] }
        try house.release("Old")
        let id = try house.draft("Pilot")
        try house.world.act(as: "ann") { env in
            try env.records(DefinitionVersion.self, [id]).write(["company_ids": .list([[6, 0, .ids([1])]])])
        }
        try house.call("action_submit", id, as: "ann")
        try house.call("action_release", id, as: "rex")
        #expect(try house.greeting(company: 1) == "Pilot")
        #expect(try house.greeting(company: other) == "Old")
    }

    @Test("a site's version is released by somebody who works there")
    func foreignSite() throws {
        let house = try GovernedWorld()
        let id = try house.draft("Pilot")
        try house.world.act { env in
            let other = try env.create(env.registry.requireModel("res.company"), [["name": "Other"]]).ids[0]
            try env.records(DefinitionVersion.self, [id]).write(["company_ids": .list([[6, 0, .ids([other])]])])
        }
        try house.call("action_submit", id, as: "ann")
        house.refused("governance.sites") { try house.call("action_release", id, as: "rex") }
    }

    @Test("every step stands in the trail as a definition, and every effect names the version that caused it")
    func trail() throws {
        let house = try GovernedWorld()
        let id = try house.release("Hello")
        let lines = try house.world.database.inspectBlocking { connection in
            try connection.query(
                "SELECT kind, user_id, detail FROM baton_audit WHERE kind = 'definition' OR model = 'probe.mark' ORDER BY seq", [],
                [.text, .integer, .text])
        }
        let texts = stride(from: 0, to: lines.count, by: 3).map { (lines[$0].textValue ?? "", lines[$0 + 2].textValue ?? "") }
        let events = texts.filter { $0.0 == "definition" && $0.1.contains("greeting:hello@") }.map(\.1)
        #expect(events.count == 3)
        #expect(events.allSatisfy { $0.contains("greeting:hello@1") })
        #expect(events[0].contains("submitted") && events[1].contains("released") && events[2].contains("in force"))
        let effects = texts.filter { $0.0 != "definition" }.map(\.1)
        #expect(effects.count == 1)
        #expect(effects.allSatisfy { $0.contains("\"because\":\"greeting:hello@1\"") })
        #expect(try house.state(id) == .released)
    }

    @Test("versions differ by paths, and lists by what their elements are called")
    func differences() throws {
        let house = try GovernedWorld()
        try house.release("First")
        let next = try house.draft("Second", tests: [["name": "short", "at_most": 9]])
        let changes = try house.world.read(as: "ida") { env in
            try env.registry.requireModel("governance.version").method("diff")?.body(env.records("governance.version", [next]), [:])
        }
        #expect(changes?.listValue?.map { $0.mapValue?["path"] } == [.text("text"), .text("tests")])
        let old: JSON = ["rules": [["name": "a", "x": 1], ["name": "b", "x": 2]]]
        let new: JSON = ["rules": [["name": "b", "x": 3], ["name": "a", "x": 1], ["name": "c", "x": 4]]]
        #expect(JSONChange.between(old, new).map(\.path) == ["rules[b].x", "rules[c]", "rules order"])
    }

    @Test("a content that was changed behind the machine's back is not used")
    func tampering() throws {
        let house = try GovernedWorld()
        let id = try house.release("Hello")
        try house.world.database.systemBlocking { connection in
            _ = try connection.run("UPDATE governance_version SET content = '{\"text\":\"Evil\"}' WHERE id = ?", [.int(id)])
        }
        // A commit that touches versions makes everybody read them again.
        _ = try house.draft("Other", key: "other")
        house.refused("governance.tampered") { _ = try house.greeting() }
    }

    private func work(_ house: GovernedWorld) async throws {
        let queue = JobQueue(house.world.database)
        let jobs = try await queue.claim(GovernanceJobs.queue, owner: "test")
        for job in jobs {
            try await house.world.database.write(as: .system, superuser: true) { env in
                try JobTable(env)?.complete(job.lease, now: env.now)
                try GovernanceJobs.takeEffect(job, env)
            }
        }
    }
}

extension GovernedWorld {
    /// What greetings left behind.
    func marks() throws -> [String] { try world.act { env in try env.search(ProbeMark.self, order: "id").map(\.label) } }
}
