import Base
import JSON
import Kernel
import Pages
import Referrals
import TestKit
import Testing

@testable import DocumentDoor
@testable import Suggestions

/// Corrections are measured, and a sender's form is learned from those that agree, through the whole product.
@Suite struct LearningTests {
    /// A letter of one practice, whose words for the member number no rule knows.
    private static func letter(_ family: String, _ member: String) -> [String] {
        [
            "Referral Request Form", "Practice: Lakeside Family Medicine", "Patient Name: Amara \(family)", "Date of Birth: 02/14/1970",
            "Refer to: Cardiology", "Priority: Urgent", "Reason for Referral: Chest pain on effort", "Subscr key   \(member)",
            "NPI: 1234567893",
        ]
    }

    private static let members = [("Okafor", "QX55120077"), ("Bergman", "ZR90817263"), ("Ikeda", "KT44556601"), ("Moreau", "PL77889902")]

    private func jobs(_ place: Place) -> ReadingJobs { ReadingJobs(place.world.database, PageService(executable: Place.worker)) }

    /// A letter arrives and is read; gives what was read for the member number, and by which rule.
    private func arrive(_ place: Place, _ number: Int) async throws -> (value: String, rule: String) {
        let (family, member) = Self.members[number - 1]
        #expect(try await place.upload(DocumentSamples.pdf(lines: Self.letter(family, member))).status == 201)
        try await jobs(place).read(number)
        return try place.world.act { env in
            let own = Domain.where("document_id", .equal, .int(number)) & .where("field", .equal, "member_number")
            let found = try env.search(Suggestion.self, own).first
            return (found?.proposal ?? "", found?.rule ?? "")
        }
    }

    /// A person enters the referral, with the right member number.
    private func enter(_ place: Place, _ number: Int) async throws {
        let (family, member) = Self.members[number - 1]
        let values: ValueMap = [
            "family_name": .text(family), "given_name": "Amara", "birth_date": "1970-02-14", "specialty": "CARD", "urgency": "urgent",
            "reason": "Chest pain on effort", "member_number": .text(member), "payer": "Acme Health",
        ]
        try place.world.act(as: "clerk") { env in
            for match in try env.search(DocumentMatch.self, .where("document_id", .equal, .int(number))) {
                _ = try match.asSet.records.call("action_refuse", [:])
            }
            _ = try env.records("care.document", [number]).call("action_enter_read", ["values": .map(values)])
        }
        try await jobs(place).learn(number)
    }

    private func layouts(_ place: Place) throws -> [[String]] {
        try place.world.act { env in
            try env.search(ReadingLayout.self).map { [$0.displayedName, $0.field, $0.anchor, $0.side, "\($0.agreeing)"] }
        }
    }

    @Test("after three corrections that agree the sender's form is known, and the fourth letter is read by what was learned")
    func formIsLearned() async throws {
        let place = try Place()
        for number in 1...3 {
            #expect(try await arrive(place, number).value != Self.members[number - 1].1)
            #expect(try layouts(place).isEmpty)
            try await enter(place, number)
        }
        let learned = try layouts(place)
        #expect(learned == [["lakeside family medicine: referral request form", "member_number", "subscrkey", "right", "3"]])
        let read = try await arrive(place, 4)
        #expect(read.value == "PL77889902" && read.rule.hasPrefix("learned.right"), "\(read)")
        await place.stop()
    }

    @Test("a layout that is switched off is not used, and nobody but a manager switches it")
    func layoutsAreSwitchedOff() async throws {
        let place = try Place()
        for number in 1...3 {
            _ = try await arrive(place, number)
            try await enter(place, number)
        }
        try place.world.makeUser("boss", groups: ["referrals.group_manager"])
        #expect(throws: Refusal.self) {
            try place.world.act(as: "clerk") { env in try env.search(ReadingLayout.self).first?.write(["active": false]) }
        }
        let refusal = #expect(throws: Refusal.self) {
            try place.world.act(as: "boss") { env in try env.search(ReadingLayout.self).first?.write(["anchor": "anything"]) }
        }
        #expect(refusal?.code == "record.by_action_only")
        try place.world.act(as: "boss") { env in try env.search(ReadingLayout.self).first?.write(["active": false]) }
        #expect(try await !arrive(place, 4).rule.hasPrefix("learned"))
        await place.stop()
    }

    @Test(
        "a policy switches off the layouts of a sender, or all of them",
        arguments: [
            ["used": true], ["used": true, "without": ["Lakeside Family Medicine"]], ["used": false],
        ] as [JSON])
    func policySwitchesOff(_ layouts: JSON) async throws {
        let place = try Place()
        try place.world.act { env in
            let values: ValueMap = [
                "name": "lakeside family medicine: referral request form", "sender": "lakeside family medicine",
                "form": "referral request form",
                "field": "member_number", "anchor": "subscrkey", "side": "right", "left_share": 0.1, "top_share": 0.3, "agreeing": 3,
                "company_id": 1,
            ]
            _ = try env.create(ReadingLayout.self, values)
        }
        try ReadingPolicyTests.release(["layouts": layouts], place)
        let isUsed = layouts == ["used": true]
        #expect(try await arrive(place, 1).rule.hasPrefix("learned") == isUsed)
        await place.stop()
    }

    @Test("what people made of readings is told for fields, senders and forms, and what nobody looked at counts for nothing")
    func qualityIsTold() async throws {
        let place = try Place()
        _ = try await arrive(place, 1)
        try await enter(place, 1)
        let rows = try place.world.read(as: "clerk") { env -> [ValueMap] in
            let quality = try #require(env.registry.schema(Suggestion.self).method("quality"))
            let answer = try quality.body(
                Records(env.registry.schema(Suggestion.self), [], env), ["by": ["field", "sender", "form"], "days": 30])
            return (answer.mapValue?["rows"]?.listValue ?? []).compactMap(\.mapValue)
        }
        let member = try #require(rows.first { $0["field"] == "member_number" })
        #expect(member["sender"] == "lakeside family medicine" && member["form"] == "referral request form")
        #expect((member["missed"]?.intValue ?? 0) + (member["corrected"]?.intValue ?? 0) == 1 && member["recall"] == 0.0)
        let birth = try #require(rows.first { $0["field"] == "birth_date" })
        #expect(birth["exact"] == 1 && birth["precision"] == 1.0)
        let refusal = #expect(throws: Refusal.self) {
            try place.world.read(as: "clerk") { env in
                _ = try env.registry.schema(Suggestion.self).method("quality")?.body(
                    Records(env.registry.schema(Suggestion.self), [], env), ["by": ["value"]])
            }
        }
        #expect(refusal?.code == "field.bad_value")
        await place.stop()
    }
}
