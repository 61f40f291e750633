import DecisionTables
import Governance
import JSON
import Kernel
import Referrals
import Store
import TestKit
import Testing

/// Drafts of the tables of referrals, held against the referrals of the demo hospital group.
@Suite struct TableReplayTests {
    private let world: World

    init() throws {
        world = try World(demo: true)
        try world.makeUser("author", groups: ["decisions.group_author", "referrals.group_auditor"], companies: [1, 2, 3, 4])
    }

    /// A draft in which rules stand before those in force; its id.
    private func draft(_ key: String, _ rules: [JSON], last: [JSON] = []) throws -> Int {
        try world.act(as: "author") { env in
            let domain = Domain.where("kind", .equal, "decision") & .where("key", .equal, .text("referrals." + key))
            let definition = try #require(try env.search(Definition.self, domain).first)
            let present = try #require(definition.versions.first { $0.state == .released })
            var content = try #require(present.content.objectValue)
            content["tests"] = nil
            content["rules"] = .array(rules + (content["rules"]?.arrayValue ?? []) + last)
            return try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(.object(content))]).id
        }
    }

    private func simulate(_ version: Int) async throws -> JSON {
        let asked = try world.act(as: "author") { env in
            try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": 90])
        }
        return try await Simulation(world.database).run(try #require(asked.idList?.first)).report
    }

    @Test("completeness: a photograph for dermatology would have been asked of each dermatological referral, and of no other")
    func completeness() async throws {
        let photo: JSON = [
            "when": ["specialty": "\"DERM\""],
            "then": ["code": "\"photo\"", "title": "\"Photograph\"", "field": nil, "document": "\"photo\"", "rule": "\"dermatology\""],
        ]
        let report = try await simulate(try draft("completeness", [], last: [photo]))
        let (all, derm) = try world.act { env in
            (try env.count(Referral.self, .all), try env.count(Referral.self, .where("specialty_id.code", .equal, "DERM")))
        }
        #expect(derm > 0)
        #expect(report["changed_records"]?.intValue == derm)
        #expect(report["concerned"]?.intValue ?? 0 >= all)
        let example = try #require(report["examples"]?[0])
        #expect(example["after"]?.arrayValue?.contains("photo") == true && example["before"]?.arrayValue?.contains("photo") == false)
    }

    @Test("authorization: the report counts the referrals for which the payer would have been asked, and no authorization is made")
    func authorization() async throws {
        let made = try world.act { try $0.count(Authorization.self, .all) }
        let report = try await simulate(
            try draft("authorization", [["when": ["specialty": "\"CARD\"", "urgency": "\"routine\""], "then": ["needed": true]]]))
        let expected = try world.act { env in
            try env.count(
                Referral.self, .where("specialty_id.code", .equal, "CARD") & .where("urgency", .equal, "routine"))
        }
        #expect(expected > 0 && report["changed_records"]?.intValue == expected)
        #expect(report["examples"]?[0]?["before"] == false && report["examples"]?[0]?["after"] == true)
        #expect(try world.act { try $0.count(Authorization.self, .all) } == made)
    }

    @Test("network: that a manager is asked for urgent ones too is held against the network that each had then")
    func network() async throws {
        let report = try await simulate(
            try draft("network", [["when": ["network": "\"unknown\"", "urgency": "\"stat\""], "then": ["manager": true]]]))
        // The first rule and the last one both apply: what is unique contradicts itself, and the report says where.
        #expect(report["conflicts"]?[0]?["count"]?.intValue ?? 0 > 0)
        #expect(report["changed"]?.intValue ?? 0 > 0)
    }

    @Test("routing: when only waiting counts, other services would have been chosen; the example names both")
    func routing() async throws {
        let report = try await simulate(
            try draft("routing", [["when": ["waiting_days": "> 0"], "then": ["points": "-100 * waiting_days", "reason": "\"waiting\""]]]))
        #expect(report["changed_records"]?.intValue ?? 0 > 0)
        let example = try #require(report["examples"]?[0])
        #expect(example["before"]?["service_id"] != example["after"]?["service_id"])
        #expect(example["after"]?["service"]?.stringValue?.isEmpty == false)
    }

    @Test("pathway: what would not have moved by itself is told by referral, with what was missing and undecided then")
    func pathway() async throws {
        let report = try await simulate(
            try draft(
                "pathway",
                [["note": "cardiology looks first", "when": ["stage": "\"triage\"", "specialty": "\"CARD\""], "then": ["next": nil]]]))
        let (passed, all) = try world.act { env in
            let cardiology = Domain.where("specialty_id.code", .equal, "CARD")
            let later: Value = ["assignment", "scheduled", "notified", "completed"]
            return (try env.count(Referral.self, cardiology & .where("stage", .in, later)), try env.count(Referral.self, cardiology))
        }
        let changed = report["changed_records"]?.intValue ?? 0
        #expect(passed > 0 && changed > 0 && changed <= all, "\(changed) of \(all)")
        for example in report["examples"]?.arrayValue ?? [] {
            #expect(
                example["model"] == "care.referral" && example["before"]?["stage"] == "triage" && example["after"]?["stage"] == "triage")
            #expect(example["before"]?["next"] == "assignment" && example["after"]?["next"] == .null)
        }
        // Incomplete ones would have gone on: those in which nothing is missing today are told by what was missing then.
        let hasty = try await simulate(
            try draft(
                "pathway", [["when": ["stage": "\"review\"", "identified": true, "missing": "> 0"], "then": ["next": "\"eligibility\""]]]))
        let examples = (hasty["examples"]?.arrayValue ?? []).compactMap { $0["id"]?.intValue }
        let complete = try world.act { env in
            try env.count(Referral.self, .where("id", .in, .ids(examples)) & .where("missing_count", .equal, 0))
        }
        #expect(!examples.isEmpty && complete > 0, "\(examples.count) examples, \(complete) complete by now")
    }

    @Test("timers: within how many days each piece of work would have been due, by what was to be done then")
    func timers() async throws {
        let report = try await simulate(
            try draft("timers", [["when": ["work": "\"referral.triage\"", "urgency": "\"routine\""], "then": ["days": 9]]]))
        let waiting = try world.act { env in
            try env.count(Referral.self, .where("stage", .equal, "triage") & .where("urgency", .equal, "routine"))
        }
        #expect(waiting > 0 && report["changed_records"]?.intValue ?? 0 >= waiting)
        for example in report["examples"]?.arrayValue ?? [] {
            #expect(example["before"]?["work"] == "referral.triage" && example["after"]?["days"] == 9 && example["before"]?["days"] == 2)
        }
        let payer = try await simulate(try draft("timers", [["when": ["work": "\"authorization.decision\""], "then": ["days": 1]]]))
        let submitted = try world.act { try $0.count(Authorization.self, .where("submitted_on", .notEqual, false)) }
        #expect(submitted > 0 && payer["changed"]?.intValue ?? 0 > 0)
        #expect(payer["examples"]?[0]?["after"]?["work"] == "authorization.decision")
    }

    @Test("a table that no app says how it asks is refused, with the reason")
    func unknownUse() throws {
        let version = try world.act(as: "author") { env in
            let definition = try env.create(Definition.self, ["kind": "decision", "key": "house.own", "title": "Our own"])
            let content: JSON = ["inputs": [["name": "a", "type": "number"]], "outputs": [["name": "b", "type": "number"]], "rules": []]
            return try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content)]).id
        }
        let refusal = #expect(throws: Refusal.self) {
            try world.act(as: "author") { env in
                _ = try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": 90])
            }
        }
        #expect(refusal?.code == "governance.not_replayable")
    }
}
