import Governance
import JSON
import Kernel
import Store
import TestKit
import Testing

@Suite struct ReleaseTests {
    @Test("a definition goes from draft through review to released, and is in force then")
    func theWholeWay() throws {
        let house = try GovernedWorld()
        let id = try house.draft("Good day")
        #expect(try house.greeting() == nil)
        try house.call("action_submit", id, as: "ann")
        #expect(try house.state(id) == .inReview)
        #expect(try house.greeting() == nil)
        try house.call("action_release", id, as: "rex")
        #expect(try house.state(id) == .released)
        #expect(try house.greeting() == "Good day")
        try house.world.read(as: "ida") { env in
            let version = env.record(DefinitionVersion.self, id)
            #expect(version.author?.login == "ann" && version.releaser?.login == "rex")
            #expect(version.submittedOn != nil && version.releasedOn != nil && version.effectiveFrom != nil)
            #expect(version.displayName == "greeting:hello@1")
            #expect(version.checksum.count == 64)
        }
    }

    @Test("nobody releases what they wrote, submitted or changed as a draft, nor for whom they stand in")
    func authorAndReleaserDiffer() throws {
        let house = try GovernedWorld()
        let own = try house.draft("By bob", key: "own", by: "bob")
        try house.call("action_submit", own, as: "bob")
        house.refused("governance.self_release") { try house.call("action_release", own, as: "bob") }

        let submitted = try house.draft("By ann", key: "submitted")
        try house.call("action_submit", submitted, as: "bob")
        house.refused("governance.self_release") { try house.call("action_release", submitted, as: "bob") }

        let changed = try house.draft("By ann", key: "changed")
        try house.world.act(as: "rex") { env in
            try env.records(DefinitionVersion.self, [changed]).write(["content": .json(["text": "By rex"])])
        }
        try house.call("action_submit", changed, as: "ann")
        house.refused("governance.self_release") { try house.call("action_release", changed, as: "rex") }
        house.refused("governance.delegate_release") { try house.call("action_release", changed, as: "deputy") }
        try house.call("action_release", changed, as: "bob")
        #expect(try house.greeting("changed") == "By rex")
    }

    @Test("only those who may release do, and only those who may write submit")
    func groups() throws {
        let house = try GovernedWorld()
        let id = try house.draft("Hello")
        house.refused("access.action") { try house.call("action_submit", id, as: "rex") }
        try house.call("action_submit", id, as: "ann")
        for login in ["ann", "ida", "joe"] {
            #expect(throws: Refusal.self) { try house.call("action_release", id, as: login) }
        }
        #expect(throws: Refusal.self) { try house.world.read(as: "joe") { try $0.search(DefinitionVersion.self).ids } }
        #expect(try house.state(id) == .inReview)
    }

    @Test("a definition with a problem is refused with the place and the remedy")
    func problems() throws {
        let house = try GovernedWorld()
        let id = try house.draft("")
        do {
            try house.call("action_submit", id, as: "ann")
            Issue.record("an empty greeting was submitted")
        } catch let refusal as Refusal {
            #expect(refusal.code == "governance.check_failed")
            #expect(refusal.message.contains("greeting:hello@1") && refusal.message.contains("at text"))
            #expect(refusal.instruction == "Write one.")
        }
        let report = try house.call("action_check", id, as: "ann").listValue?.first
        #expect(report?.asJSON["problems"]?[0]?["place"] == "text")
    }

    @Test("the tests inside a definition must pass, when it is submitted and again when it is released")
    func innerTests() throws {
        let house = try GovernedWorld()
        let bad = try house.draft("Far too long", tests: [["name": "short", "at_most": 3]])
        house.refused("governance.tests_failed") { try house.call("action_submit", bad, as: "ann") }
        let good = try house.draft("Hi", key: "short", tests: [["name": "short", "at_most": 3]])
        try house.call("action_submit", good, as: "ann")
        // What was fine at submission may fail by the time of release: here the stored tests are made stricter behind its back.
        try house.world.act { env in
            let version = env.record(DefinitionVersion.self, good)
            version.tests = [["name": "shorter", "at_most": 1]]
        }
        house.refused("governance.tampered") { try house.call("action_release", good, as: "rex") }
    }

    @Test("what was submitted is edited no more, and what the machine keeps never is")
    func frozen() throws {
        let house = try GovernedWorld()
        let id = try house.draft("Hello")
        func write(_ values: ValueMap) throws {
            try house.world.act(as: "ann") { env in try env.records(DefinitionVersion.self, [id]).write(values) }
        }
        house.refused("governance.protected_field") { try write(["state": "released"]) }
        house.refused("governance.protected_field") { try write(["author_id": 2]) }
        try house.call("action_submit", id, as: "ann")
        house.refused("governance.frozen") { try write(["content": .json(["text": "Changed"])]) }
        // The same again is no change: clients send whole forms.
        try write(["content": .json(["text": "Hello"]), "state": "in_review"])
        house.refused("governance.in_use") { try house.world.act(as: "ann") { try $0.records(DefinitionVersion.self, [id]).unlink() } }
        try house.call("action_return", id, as: "rex", ["reason": "Say more."])
        try write(["content": .json(["text": "Changed"])])
        #expect(try house.state(id) == .draft)
    }

    @Test("a kind that nobody offers, a bad key and a second definition of one key are refused")
    func badDefinitions() throws {
        let house = try GovernedWorld()
        func make(_ kind: String, _ key: String) throws {
            try house.world.act(as: "ann") { env in
                _ = try env.create(Definition.self, ["kind": .text(kind), "key": .text(key), "title": "X"])
            }
        }
        house.refused("governance.unknown_kind") { try make("spell", "x") }
        house.refused("governance.bad_key") { try make("greeting", "Not a key") }
        try make("greeting", "x")
        house.refused("governance.key_taken") { try make("greeting", "x") }
    }

    @Test("a draft that knows nothing of a later release is refused")
    func stale() throws {
        let house = try GovernedWorld()
        let old = try house.draft("Old")
        let other = try house.draft("Other")
        try house.call("action_submit", old, as: "ann")
        try house.call("action_submit", other, as: "ann")
        try house.call("action_release", other, as: "rex")
        house.refused("governance.stale") { try house.call("action_release", old, as: "rex") }
        let fresh = try #require(try house.call("action_copy", old, as: "ann").idList?.first)
        try house.call("action_submit", fresh, as: "ann")
        try house.call("action_release", fresh, as: "rex")
        #expect(try house.greeting() == "Old")
    }

    @Test("a stale form is refused before anything happens")
    func staleForm() throws {
        let house = try GovernedWorld()
        let id = try house.draft("Hello")
        #expect(throws: Refusal.self) {
            try house.world.act(as: "ann", context: ["expected_version": 99]) { env in
                try env.records(DefinitionVersion.self, [id]).call("action_submit")
            }
        }
        #expect(try house.state(id) == .draft)
    }
}
