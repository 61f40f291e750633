import Base
import JSON
import Kernel
import Pages
import Referrals
import Suggestions
import TestKit
import Testing

@testable import DocumentDoor

/// The entry form in JSON, as the web client's viewer uses it.
@Suite struct SheetTests {
    private static let letter = [
        "Referral Request Form", "Patient Name: Amara Okafor", "Date of Birth: 02/14/1970", "Sex: Female", "Phone: (218) 555-0142",
        "Refer to: Cardiology", "Priority: Urgent", "Reason for Referral: Chest pain on effort", "NPI: 1234567893",
    ]

    private static let clerk = ["Authorization": Place.clerk]

    private func arrived(_ place: Place, _ pages: [[String]]) async throws {
        #expect(try await place.upload(DocumentSamples.pdf(pages: pages)).status == 201)
        try await ReadingJobs(place.world.database, PageService(executable: Place.worker)).read(1)
    }

    private func send(_ place: Place, _ body: JSON, _ headers: [String: String] = clerk) async throws -> Place.Answer {
        try await place.ask(
            "POST", "/documents/1/sheet", headers.merging(["Content-Type": "application/json"]) { $1 }, body: body.serialized())
    }

    private func states(_ place: Place) throws -> [String: [String]] {
        try place.world.act { env in
            Dictionary(
                uniqueKeysWithValues: try env.search(Suggestion.self).map { ($0.field, [$0.state?.rawValue ?? "", $0.outcome]) })
        }
    }

    private func decide(_ place: Place, _ field: String, _ action: String, _ arguments: ValueMap = [:]) throws {
        try place.world.act(as: "clerk") { env in
            let one = try #require(try env.search(Suggestion.self, .where("field", .equal, .text(field)), limit: 1).first)
            _ = try env.records(Suggestion.self, [one.id]).call(action, arguments)
        }
    }

    private static func values(_ changes: [String: String] = [:]) -> JSON {
        let all = [
            "family_name": "Okafor", "given_name": "Amara", "birth_date": "1970-02-14", "sex": "female", "phone": "2185550142",
            "specialty": "CARD", "urgency": "urgent", "reason": "Chest pain on effort", "referrer_npi": "1234567893",
        ].merging(changes) { $1 }
        return .object(JSONObject(all.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }))
    }

    @Test("the sheet holds pages, questions, parts, and every value that was read with its place, rule and confidence")
    func sheet() async throws {
        let place = try Place()
        try await arrived(place, [Self.letter])
        let answer = try await place.ask("GET", "/documents/1/sheet", Self.clerk)
        #expect(answer.status == 200 && answer.headers["cache-control"]?.contains("no-store") == true)
        let sheet = answer.json
        #expect(sheet["may_enter"] == true && sheet["reading"] == "done" && sheet["pages"]?.arrayValue?.count == 1)
        #expect((sheet["pages"]?[0]?["width"]?.intValue ?? 0) > 100)
        let fields = (sheet["form"]?.arrayValue ?? []).flatMap { $0["fields"]?.arrayValue ?? [] }
        #expect(fields.first?["name"] == "family_name" && fields.contains { $0["kind"] == "choice" && $0["name"] == "specialty" })
        let born = try #require(sheet["suggestions"]?.arrayValue?.first { $0["field"] == "birth_date" })
        #expect(born["value"] == "1970-02-14" && born["page"] == 1 && born["box"]?.arrayValue?.count == 4 && born["state"] == "proposed")
        #expect(born["rule"]?.stringValue?.hasPrefix("label.right") == true && born["part"] == sheet["parts"]?[0]?["id"])
        await place.stop()
    }

    @Test("an answer is checked by itself as the entry form checks it, and nothing is made by that")
    func trial() async throws {
        let place = try Place()
        try await arrived(place, [Self.letter])
        let body: JSON = ["values": Self.values(["birth_date": "2199-01-01", "family_name": ""]), "trial": true, "fields": ["birth_date"]]
        let answer = try await send(place, body)
        #expect(answer.status == 200 && answer.json["errors"]?.arrayValue?.count == 1)
        #expect(answer.json["errors"]?[0]?["message"]?.stringValue?.contains("future") == true)
        let whole = try await send(place, ["values": Self.values(["birth_date": "2199-01-01", "family_name": ""])])
        #expect(whole.status == 422 && whole.json["code"] == "form.wrong" && whole.json["errors"]?.arrayValue?.count == 2)
        #expect(try place.world.act { try $0.count(Referral.self) } == 0)
        await place.stop()
    }

    @Test("what a person decided before stands, the rest is settled by what was sent, and a second referral is not made")
    func referral() async throws {
        let place = try Place()
        try await arrived(place, [Self.letter])
        try decide(place, "phone", "action_absent")
        try decide(place, "reason", "action_correct", ["value": "Chest pain"])
        try decide(place, "sex", "action_accept")
        // Decided, and decided again: the server-rendered form shows what stands now.
        try decide(place, "family_name", "action_reject")
        try decide(place, "family_name", "action_reopen")
        let answer = try await send(place, ["values": Self.values(["phone": "", "reason": "Chest pain", "city": "Lakeside"])])
        #expect(answer.status == 201 && answer.json["number"]?.stringValue?.hasPrefix("REF/") == true, "\(answer.text)")
        let found = try states(place)
        #expect(found["phone"] == ["absent", ""] && found["reason"] == ["corrected", "Chest pain"] && found["sex"]?[0] == "accepted")
        #expect(found["family_name"] == ["accepted", "Okafor"] && found["city"] == ["missed", "Lakeside"])
        #expect(try await send(place, ["values": Self.values()]).status == 409)
        #expect(throws: Refusal.self) { try decide(place, "sex", "action_reopen") }
        let later = try await place.ask("GET", "/documents/1/sheet", Self.clerk).json
        #expect(later["may_enter"] == false && later["referral"]?["number"] == answer.json["number"])
        await place.stop()
    }

    @Test("a sheet is for whoever may read its document: nobody, a stranger, another site and another page's script are refused")
    func refused() async throws {
        let place = try Place()
        try await arrived(place, [Self.letter])
        let elsewhere = try place.world.act { env in try env.create(Company.self, ["name": "Elsewhere"]).id }
        let far = try place.world.makeUser("far", groups: ["referrals.group_user"], companies: [elsewhere])
        let stranger = try place.world.act { env in try env.search(User.self, .where("login", .equal, "stranger"), limit: 1).ids }
        try place.world.act { env in
            for id in [far] + stranger { try env.record(User.self, id).write(["password": .text(Place.password)]) }
        }
        func basic(_ login: String) -> [String: String] { ["Authorization": Place.basic(login)] }
        #expect(try await place.ask("GET", "/documents/1/sheet").status == 401)
        #expect(try await send(place, ["values": Self.values()], [:]).status == 401)
        #expect(try await place.ask("GET", "/documents/1/sheet", basic("far")).status == 404)
        #expect(try await send(place, ["values": Self.values()], basic("far")).status == 404)
        #expect(try await place.ask("GET", "/documents/1/sheet", basic("stranger")).status == 403)
        #expect(try await send(place, ["values": "none"]).json["code"] == "form.bad_body")
        let foreign = ["Cookie": try await place.session("clerk"), "Origin": "https://evil.example"]
        #expect(try await send(place, ["values": Self.values()], foreign).status == 403)
        #expect(try place.world.act { try $0.count(Referral.self) } == 0)
        await place.stop()
    }

    @Test("a person tells parts apart, joins them again and says what they are; the packet of one patient is sure then")
    func parts() async throws {
        let place = try Place()
        try await arrived(place, [Self.letter, ["Office Note", "Nothing here names anybody."]])
        func parts() throws -> [[String]] {
            try place.world.act { env in
                try env.search(DocumentPart.self).map {
                    ["\($0.number)", $0.kind, String(decoding: $0.pages.serialized(), as: UTF8.self), "\($0.patientNumber)"]
                }
            }
        }
        func call(_ number: Int, _ name: String, _ arguments: ValueMap = [:], as login: String = "clerk") throws {
            try place.world.act(as: login) { env in
                let one = try #require(try env.search(DocumentPart.self, .where("number", .equal, .int(number)), limit: 1).first)
                _ = try env.records(DocumentPart.self, [one.id]).call(name, arguments)
            }
        }
        while try parts().count > 1 { try call(2, "action_join") }
        #expect(try parts().map { $0[2] } == ["[1,2]"])
        try call(1, "action_split", ["page": 2])
        try call(2, "action_classify", ["kind": "note", "patient_number": 1])
        try call(1, "action_classify", ["patient_number": 1])
        #expect(try parts() == [["1", "referral", "[1]", "1"], ["2", "note", "[2]", "1"]])
        #expect(try place.world.act { try $0.record(Document.self, 1).value("reading_state") } == "done")
        #expect(throws: Refusal.self) { try call(1, "action_split", ["page": 1]) }
        #expect(throws: Refusal.self) { try call(1, "action_classify", ["kind": "poem"]) }
        #expect(throws: Refusal.self) { try call(1, "action_classify", ["kind": "note"], as: "stranger") }
        let refusal = #expect(throws: Refusal.self) {
            try place.world.act(as: "clerk") { env in try env.search(DocumentPart.self, limit: 1).first?.write(["kind": "note"]) }
        }
        #expect(refusal?.code == "record.by_action_only")
        await place.stop()
    }
}
