import Base
import Kernel
import Pages
import Referrals
import TestKit
import Testing

@testable import DocumentDoor
@testable import Suggestions

/// Whom a document may mean, and what a person makes of it in the entry form and by the API.
@Suite struct DocumentMatchTests {
    private func arrive(_ place: Place, _ lines: [String] = ReadingPolicyTests.letter) async throws {
        #expect(try await place.upload(DocumentSamples.pdf(lines: lines)).status == 201)
        try await ReadingJobs(place.world.database, PageService(executable: Place.worker)).read(1)
    }

    private func patient(_ place: Place, _ values: ValueMap) throws -> Int {
        let usual: ValueMap = ["family_name": "Okafor", "given_name": "Amara", "birth_date": "1970-02-14", "sex": "female"]
        return try place.world.act { env in try env.create(Patient.self, usual.merging(values)).id }
    }

    private func signIn(_ place: Place) async throws -> [String: String] {
        let mark = hidden("form_mark", in: try await place.ask("GET", "/login").text)
        let answer = try await place.form("/login", ["form_mark": mark, "login": "clerk", "password": Place.password, "next": "/"])
        return ["Cookie": answer.cookie]
    }

    private static let answers = [
        "family_name": "Okafor", "given_name": "Amara", "birth_date": "1970-02-14", "sex": "female", "specialty": "CARD",
        "urgency": "urgent", "reason": "Chest pain on effort",
    ]

    @Test(
        "typos, swapped days, nicknames and another address make a record possible and not certain, and each says why",
        arguments: [
            ("typo", ["family_name": "Okafro"], "family name"), ("swapped", ["birth_date": "1970-02-14"], "birth date"),
            ("nickname", ["given_name": "William"], "given name"), ("moved", ["zip": "55701", "street": "1 Old Road"], "birth date"),
        ] as [(String, [String: String], String)])
    func likenesses(_ name: String, _ change: [String: String], _ reason: String) async throws {
        let place = try Place()
        var lines = ReadingPolicyTests.letter.filter { !$0.hasPrefix("Phone") }
        if name == "swapped" { lines = lines.map { $0.replacing("02/14/1970", with: "02/03/1970") } }
        if name == "nickname" { lines = lines.map { $0.replacing("Amara", with: "Bill") } }
        if name == "moved" { lines.append("Address: 9 New Street, Lakeside, MN 55777") }
        var values = ValueMap()
        for (field, value) in change { values[field] = .text(value) }
        if name == "swapped" { values["birth_date"] = "1970-03-02" }
        let known = try patient(place, values)
        try await arrive(place, lines)
        try place.world.read(as: "clerk") { (env) throws in
            let match = try #require(try env.search(DocumentMatch.self, .where("subject", .equal, "patient")).first, "\(name)")
            #expect(match.patient?.id == known && match.level == .possible && match.state == .open)
            #expect((0.6..<0.9).contains(match.score), "\(name): \(match.score)")
            let notes = (match.explanation.arrayValue ?? []).map { "\($0["what"]?.stringValue ?? ""): \($0["note"]?.stringValue ?? "")" }
            #expect(notes.contains { $0.hasPrefix(reason) && !$0.hasSuffix(": same") } || name == "moved", "\(notes)")
            if name == "moved" { #expect(notes.contains("ZIP code: different; may have moved")) }
            if name == "nickname" { #expect(notes.contains("given name: one is what the other is called")) }
            if name == "swapped" { #expect(notes.contains("birth date: day and month swapped")) }
        }
        await place.stop()
    }

    @Test("a practice and a payer are found among the contacts; two of one name are possible only")
    func organisations() async throws {
        let place = try Place()
        try place.world.act { (env) throws in
            let payer = try env.create(Partner.self, ["name": "Acme Health", "is_company": true, "function": "Payer"])
            for _ in 0..<2 { try env.create(Partner.self, ["name": "Lakeside Family Medicine", "is_company": true]) }
            try env.create(Partner.self, ["name": "Acme Hardware", "is_company": true])
            _ = payer
        }
        try await arrive(place)
        try place.world.read(as: "clerk") { (env) throws in
            let found = try env.search(DocumentMatch.self).map { "\($0.subject?.rawValue ?? "") \($0.level?.rawValue ?? "")" }
            #expect(found.sorted() == ["payer certain", "practice possible", "practice possible"])
        }
        await place.stop()
    }

    @Test("the entry form asks about a record that may be meant, and links it only when a person chooses it")
    func formAsks() async throws {
        let place = try Place()
        let known = try patient(place, [:])
        try await arrive(place)
        let cookie = try await signIn(place)
        let page = try await place.ask("GET", "/documents/1/enter", cookie)
        for part in ["Patient on record", "Okafor, Amara, born 1970-02-14", "perhaps, ", "birth date same", "None of them"] {
            #expect(page.text.contains(part), "\(part) is missing")
        }
        #expect(!page.text.contains("checked"))
        var answers = Self.answers.merging(["form_mark": hidden("form_mark", in: page.text)]) { $1 }
        #expect(try await place.form("/documents/1/enter", answers, cookie).status == 422)
        answers["patient_match"] = "999"
        #expect(try await place.form("/documents/1/enter", answers, cookie).status == 422)
        answers["patient_match"] = try place.world.act { String(try $0.search(DocumentMatch.self).first?.id ?? 0) }
        #expect(try await place.form("/documents/1/enter", answers, cookie).status == 201)
        try place.world.act { (env) throws in
            #expect(try env.search(Referral.self).first?.patient?.id == known)
            #expect(try env.count(Patient.self) == 1)
            #expect(try env.search(DocumentMatch.self).first?.state == .chosen)
            #expect(try env.search(DocumentMatch.self).first?.decidedBy?.login == "clerk")
        }
        await place.stop()
    }

    @Test("a record that a person refused is not linked, even where it would be certain, and nobody is asked again")
    func refusedIsNotLinked() async throws {
        let place = try Place()
        let known = try patient(place, ["phone": "2185550142", "zip": "55701"])
        try await arrive(place)
        let cookie = try await signIn(place)
        let page = try await place.ask("GET", "/documents/1/enter", cookie)
        #expect(page.text.contains("surely, "))
        var answers = Self.answers.merging(["form_mark": hidden("form_mark", in: page.text), "phone": "218 555 0142"]) { $1 }
        answers["patient_match"] = "none"
        #expect(try await place.form("/documents/1/enter", answers, cookie).status == 201)
        try place.world.act { (env) throws in
            let referral = try #require(try env.search(Referral.self).first)
            #expect(referral.patient?.id != known && referral.matches.isEmpty)
        }
        await place.stop()
    }

    @Test("by the API a person decides the values and the record, and the referral is made of what was decided")
    func decidedByAPI() async throws {
        let place = try Place()
        let known = try patient(place, [:])
        try await arrive(place)
        let number = try place.world.act(as: "clerk") { env -> Int in
            for suggestion in try env.search(Suggestion.self) {
                let isWrong = suggestion.field == "reason"
                _ = try suggestion.asSet.records.call(
                    isWrong ? "action_correct" : "action_accept", isWrong ? ["value": "Chest pain at rest"] : [:])
            }
            let match = try #require(try env.search(DocumentMatch.self, .where("subject", .equal, "patient")).first)
            _ = try match.asSet.records.call("action_choose", [:])
            return try env.records("care.document", [1]).call("action_enter_read", ["values": ["city": "Lakeside"]]).intValue ?? 0
        }
        try place.world.act { (env) throws in
            let referral = env.record(Referral.self, number)
            #expect(referral.patient?.id == known && referral.reasonText == "Chest pain at rest" && referral.specialty?.code == "CARD")
            let states = Dictionary(try env.search(Suggestion.self).map { ($0.field, $0.state) }) { first, _ in first }
            #expect(states["reason"] == .corrected && states["city"] == .missed && states["birth_date"] == .accepted)
            #expect(try env.search(Suggestion.self).count == Set(states.keys).count)
        }
        await place.stop()
    }

    @Test("without what a referral needs nothing is made, and nobody elsewhere sees or decides a match")
    func refusals() async throws {
        let place = try Place()
        _ = try patient(place, [:])
        try await arrive(place)
        let refusal = #expect(throws: Refusal.self) {
            try place.world.act(as: "clerk") { env in _ = try env.records("care.document", [1]).call("action_enter_read", [:]) }
        }
        #expect(refusal?.code == "reading.incomplete")
        let unknown = #expect(throws: Refusal.self) {
            try place.world.act(as: "clerk") { env in
                _ = try env.records("care.document", [1]).call("action_enter_read", ["values": ["state": "closed"]])
            }
        }
        #expect(unknown?.code == "field.bad_value", "\(unknown?.code ?? "")")
        let written = #expect(throws: Refusal.self) {
            try place.world.act(as: "clerk") { env in try env.search(DocumentMatch.self).first?.write(["state": "chosen"]) }
        }
        #expect(written?.code == "record.by_action_only")
        let elsewhere = try place.world.act { env in try env.create(Company.self, ["name": "Elsewhere"]).id }
        try place.world.makeUser("far", groups: ["referrals.group_user"], companies: [elsewhere])
        #expect(try place.world.read(as: "far") { try $0.count(DocumentMatch.self) } == 0)
        #expect(throws: Refusal.self) {
            try place.world.act(as: "far") { env in _ = try env.records("care.document.match", [1]).call("action_choose", [:]) }
        }
        await place.stop()
    }
}
