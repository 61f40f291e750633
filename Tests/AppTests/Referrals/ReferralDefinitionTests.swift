import Base
import DecisionTables
import Governance
import JSON
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

/// The paths of referrals run from definitions: what is shipped holds until a tenant's version is released, and goes when that comes.
@Suite struct ReferralDefinitionTests {
    private let clinic: Clinic

    init() throws {
        clinic = try Clinic()
        try clinic.world.makeUser("author", groups: ["decisions.group_author"])
        try clinic.world.makeUser("releaser", groups: ["governance.group_releaser"])
    }

    /// Releases a version in which one part of the table in force is another one; gives its id.
    @discardableResult
    private func release(_ key: String, sites: [Int] = [], _ change: @Sendable @escaping (inout JSONObject) -> Void) throws -> Int {
        let world = clinic.world
        let id = try world.act(as: "author") { env in
            let domain = Domain.where("kind", .equal, "decision") & .where("key", .equal, .text("referrals." + key))
            let definition = try #require(try env.search(Definition.self, domain).first)
            let present = try #require(definition.versions.first { $0.state == .released })
            var content = try #require(present.content.objectValue)
            content["tests"] = nil
            change(&content)
            return try env.create(
                DefinitionVersion.self,
                [
                    "definition_id": .int(definition.id), "content": .json(.object(content)), "company_ids": .list([[6, 0, .ids(sites)]]),
                ]
            ).id
        }
        _ = try world.act(as: "author") { env in try env.records(DefinitionVersion.self, [id]).call("action_submit") }
        _ = try world.act(as: "releaser") { env in try env.records(DefinitionVersion.self, [id]).call("action_release") }
        return id
    }

    private func deadline(_ id: Int) throws -> Day? {
        try clinic.world.act { env in
            try env.search(Activity.self, .where("res_model", .equal, "care.referral") & .where("res_id", .equal, .int(id))).first?.deadline
        }
    }

    @Test("every table that referrals run by is shipped, in force at the first start, and passes its tests")
    func shipped() throws {
        try clinic.world.act { env in
            let keys = try env.search(TableRecord.self, .where("key", .exactLike, "referrals.%")).map(\.key)
            #expect(
                keys == ["authorization", "completeness", "network", "pathway", "promise", "routing", "timers"].map { "referrals." + $0 })
            let versions = try env.search(DefinitionVersion.self, .where("key", .exactLike, "referrals.%"))
            #expect(versions.allSatisfy { $0.state == .released && $0.origin == .shipped })
            for version in versions {
                let tests = version.report["tests"]?.arrayValue ?? []
                #expect(!tests.isEmpty, "\(version.key)")
            }
        }
    }

    @Test("a released pathway changes the path without a restart, one step takes it back, and each move names its version")
    func releasedPathway() throws {
        func arrive(_ mrn: String, urgency: Urgency = .routine) throws -> Int {
            var data = clinic.data("CARD", urgency: urgency, mrn: mrn)
            data.files = [ReferralData.File(name: "e.pdf", kind: "ecg", mediaType: "application/pdf", bytes: Array(mrn.utf8))]
            return try clinic.arrive(data, verified: true)
        }
        let first = try arrive("MRN1")
        #expect(try clinic.stage(first) == .assignment)
        let version = try release("pathway") { content in
            let look: JSON = [
                "when": ["stage": "\"triage\"", "specialty": "\"CARD\"", "urgency": "\"routine\""], "then": ["next": nil],
                "note": "a cardiologist looks at routine referrals first",
            ]
            content["rules"] = .array([look] + (content["rules"]?.arrayValue ?? []))
        }
        let second = try arrive("MRN2")
        #expect(try clinic.stage(second) == .triage)
        #expect(try clinic.stage(arrive("MRN3", urgency: .urgent)) == .assignment)
        _ = try clinic.world.act(as: "releaser") { env in
            try env.records(DefinitionVersion.self, [version]).call("action_roll_back", ["reason": "too slow"])
        }
        try clinic.world.act { env in try Pathway.advance(env.record(Referral.self, second)) }
        #expect(try clinic.stage(second) == .assignment)
        let moved = try ["1", "2"].map { number in
            try clinic.world.database.systemBlocking { connection in
                try connection.query(
                    "SELECT DISTINCT ids FROM baton_audit WHERE model = ? AND json_extract(detail, '$.because') = ? ORDER BY ids",
                    [.text(Referral.name), .text("decision:referrals.pathway@" + number)], [.text]
                ).compactMap(\.textValue)
            }
        }
        #expect(moved[0].contains("[\(first)]"))
        #expect(moved[1].contains("[\(second)]") && !moved[1].contains("[\(first)]"))
    }

    @Test("a missing authorization holds a referral where the released table wants one, and no longer after the rollback")
    func authorization() throws {
        #expect(try clinic.stage(clinic.arrive(clinic.data("DERM"), verified: true)) == .triage)
        let version = try release("authorization") { content in
            let wanted: JSON = ["when": ["specialty": "\"DERM\""], "then": ["needed": true]]
            content["rules"] = .array([wanted] + (content["rules"]?.arrayValue ?? []))
        }
        let id = try clinic.arrive(clinic.data("DERM", mrn: "MRN2"), verified: true)
        #expect(try clinic.stage(id) == .authorization)
        _ = try clinic.world.act(as: "releaser") { env in
            try env.records(DefinitionVersion.self, [version]).call("action_roll_back", ["reason": "too strict"])
        }
        try clinic.call("coord", id, "action_advance")
        #expect(try clinic.stage(id) == .triage)
    }

    @Test("urgent is accelerated by the timers in force, for one site by its own")
    func timers() throws {
        let today = try clinic.world.act { $0.today }
        #expect(try deadline(clinic.arrive(clinic.data("CARD", urgency: .urgent))) == today)
        try release("timers", sites: [1]) { content in
            let urgent: JSON = ["when": ["work": "\"referral.missing\"", "urgency": "\"urgent\""], "then": ["days": 4]]
            content["rules"] = .array([urgent] + (content["rules"]?.arrayValue ?? []))
        }
        #expect(try deadline(clinic.arrive(clinic.data("CARD", urgency: .urgent, mrn: "MRN2"))) == today + 4)
        #expect(try deadline(clinic.arrive(clinic.data("CARD", urgency: .stat, mrn: "MRN3"))) == today)
    }

    @Test("who waits for a manager is the table's to say, and nothing is booked or told before")
    func network() throws {
        let id = try clinic.atBooking()
        #expect(try clinic.actions("coord", id).contains("action_book"))
        try release("network") { content in
            content["rules"] = [["then": ["manager": true], "note": "all wait for a manager"]]
        }
        #expect(!(try clinic.actions("coord", id).contains("action_book")))
        #expect(clinic.refusal { try clinic.call("coord", id, "action_book") } == "action.not_possible")
        #expect(try clinic.actions("boss", id).contains("action_approve_network"))
        let told = try clinic.world.act { env in
            try env.count(OutgoingMail.self, .all)
        }
        #expect(told == 0)
        try clinic.call("boss", id, "action_approve_network")
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.stage(id) == .scheduled)
    }

    @Test("completeness and routing follow the released tables")
    func completenessAndRouting() throws {
        try release("completeness") { content in
            let photo: JSON = [
                "when": ["specialty": "\"DERM\""],
                "then": ["code": "\"photo\"", "title": "\"Photograph\"", "field": nil, "document": "\"photo\"", "rule": "\"dermatology\""],
            ]
            content["rules"] = .array((content["rules"]?.arrayValue ?? []) + [photo])
        }
        let id = try clinic.arrive(clinic.data("DERM"), verified: true)
        #expect(try clinic.stage(id) == .review)
        try clinic.world.act { env in
            #expect(env.record(Referral.self, id).requirements.filter { $0.state == .missing }.map(\.code) == ["photo"])
        }
        try release("routing") { content in
            content["rules"] = [
                ["when": ["waiting_days": "> 0"], "then": ["points": "100 - waiting_days", "reason": "\"only {waiting_days} days\""]]
            ]
        }
        let booked = try clinic.atBooking(mrn: "MRN2")
        try clinic.world.act { env in
            let best = try #require(env.record(Referral.self, booked).routing.arrayValue?.first)
            #expect(best["score"]?.doubleValue == Double(95))
            #expect(best["reasons"]?[0]?["what"] == "only 5 days")
        }
    }

    @Test("a table that is retired leaves the shipped one in its place, so that no referral is lost")
    func retired() throws {
        try clinic.world.act { env in
            let versions = try env.search(DefinitionVersion.self, .where("key", .equal, "referrals.completeness"))
            _ = try versions.call("action_retire", ["reason": "test"])
        }
        let id = try clinic.arrive(clinic.data("CARD"), verified: true)
        try clinic.world.act { env in
            #expect(env.record(Referral.self, id).requirements.filter { $0.state == .missing }.map(\.code) == ["ecg"])
        }
    }
}
