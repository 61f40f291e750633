import Base
import Kernel
import Referrals
import TestKit
import Testing

@testable import PortalDoor

@Suite struct ReferralTests {
    @Test("a referral goes from the form over the check page to a reference number")
    func aReferralIsSent() async throws {
        let place = try await Place()
        let visitor = Visitor(place)
        #expect(try await visitor.open("/portal").text.contains("href=\"/portal/referral\""))
        #expect(try await visitor.open("/portal/referral").status == 200)
        let check = try await visitor.fill(files: [("ecg.pdf", DocumentSamples.pdf(pages: 2)), ("scan.png", DocumentSamples.png())])
        #expect(check.status == 200, "\(check.text)")
        for part in ["Check your answers", "14 February 1970", "Oncology", "Urgent", "ecg.pdf · 2 pages", "#family_name"] {
            #expect(check.text.contains(part), "\(part) is missing")
        }
        #expect(try place.world.act { try $0.count(Intake.self) } == 0, "nothing is stored before the answers are confirmed")
        let sent = try await visitor.confirm()
        #expect(sent.status == 200 && sent.text.contains("Referral sent"), "\(sent.text)")
        let found = try place.world.act { env -> [String] in
            guard let referral = try env.search(Referral.self).first else { return [] }
            var texts = [referral.patient?.displayedName ?? "", referral.specialty?.code ?? "", referral.channel?.rawValue ?? ""]
            texts.append(referral.practice?.displayedName ?? "")
            texts.append(referral.referrer?.reference ?? "")
            texts.append(referral.payer?.displayedName ?? "")
            texts.append(String(referral.documents.count))
            texts.append(referral.intake?.state?.rawValue ?? "")
            texts.append(try env.search(User.self, .where("login", .equal, "portal")).first.map { String($0.id) } ?? "")
            texts.append(String(try referral.value("create_uid").intValue ?? 0))
            return texts + [referral.number, referral.statusToken]
        }
        try #require(found.count == 12)
        #expect(
            Array(found[..<8]) == [
                "Zanzibarova, Quintessa", "ONCO", "portal", "Mill Lane Practice", "1234567893", "Acme Health", "2", "processed",
            ])
        #expect(found[8] == found[9], "the portal's user made it")
        #expect(sent.text.contains(found[10]) && sent.text.contains("/portal/status/\(found[11])"))
        let original = try place.world.act { try $0.search(Intake.self).map { String(decoding: $0.content, as: UTF8.self) } }
        #expect(original.count == 1 && original[0].contains("melanomacanary"))
        await place.stop()
    }

    @Test("sending twice makes one referral, and the page with the number can be opened again")
    func sendingTwice() async throws {
        let place = try await Place()
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        try await visitor.fill()
        let mark = hidden("form_mark", in: visitor.page)
        try await visitor.confirm()
        let again = try await visitor.confirm(mark: mark)
        #expect(again.text.contains("Referral sent"))
        #expect(try await visitor.open("/portal/referral/sent").text.contains("Referral sent"))
        #expect(try place.world.act { try $0.count(Referral.self) } == 1)
        #expect(!(try await visitor.open("/portal/referral").text.contains("Zanzibarova")), "the next form is empty")
        await place.stop()
    }

    @Test("errors lead to their fields, and nothing typed or added is lost")
    func errorsKeepAnswers() async throws {
        let place = try await Place()
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        let bad = ["birth_date": "2199-01-01", "referrer_npi": "1234567890", "family_name": "", "specialty": "NONE"]
        let answer = try await visitor.fill(
            Visitor.answers.merging(bad) { $1 }, files: [("good.pdf", DocumentSamples.pdf()), ("bad.pdf", Array("MZ nothing".utf8))])
        #expect(answer.status == 422)
        let parts = [
            "href=\"#birth_date\"", "The birth date must not be in the future", "id=\"birth_date-error\"", "Enter the family name",
            "last digit does not fit", "Choose the specialty from the list", "value=\"2199-01-01\"", "value=\"Quintessa\"",
            "good.pdf · 1 page",
            "“bad.pdf” was not taken", "<title>Error: Referral", "aria-invalid=\"true\"", "melanomacanary</textarea>",
        ]
        for part in parts { #expect(answer.text.contains(part), "\(part) is missing") }
        let check = try await visitor.fill()
        #expect(check.text.contains("Check your answers") && check.text.contains("good.pdf"), "the document stays")
        try await visitor.open("/portal/referral")
        let removed = try await visitor.fill(Visitor.answers.merging(["remove_0": "yes"]) { $1 })
        #expect(!removed.text.contains("good.pdf"))
        await place.stop()
    }

    @Test("too many, too large and hostile documents are told beside the field")
    func filesHaveLimits() async throws {
        let place = try await Place {
            $0.fileCount = 1
            $0.fileBytes = 4_000
        }
        let cases: [([(String, [UInt8])], String)] = [
            ([("a.png", DocumentSamples.png(shade: 1)), ("b.png", DocumentSamples.png(shade: 2))], "at most 1 documents"),
            ([("large.pdf", DocumentSamples.pdf(pages: 30))], "is too large"),
            ([("locked.pdf", DocumentSamples.encryptedPDF())], "Remove the password"),
            ([("bomb.png", DocumentSamples.png(declared: 2_000_000_000))], "lower resolution"),
        ]
        for (files, message) in cases {
            let visitor = Visitor(place)
            try await visitor.open("/portal/referral")
            let answer = try await visitor.fill(files: files)
            #expect(answer.status == 422 && answer.text.contains(message), "\(message): \(answer.text)")
            #expect(answer.text.contains("href=\"#documents\""))
        }
        await place.stop()
    }

    @Test("what somebody types is shown and not run")
    func markupStaysText() async throws {
        let place = try await Place()
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        let hostile = "\"><script>alert(1)</script><img src=x onerror='a()'>"
        let answers = Visitor.answers.merging(["family_name": hostile, "reason": "</textarea>" + hostile, "practice_name": hostile]) { $1 }
        let check = try await visitor.fill(answers)
        #expect(check.text.contains("&lt;script&gt;alert(1)"))
        #expect(!check.text.contains("<script") && !check.text.contains("<img"))
        let form = try await visitor.open("/portal/referral")
        #expect(!form.text.contains("<script") && !form.text.contains("<img") && form.text.contains("&lt;/textarea&gt;"))
        await place.stop()
    }

    @Test("a form without our mark, with another visitor's, or filled by a program is refused")
    func foreignFormsAreRefused() async throws {
        let place = try await Place()
        let (first, second) = (Visitor(place), Visitor(place))
        try await first.open("/portal/referral")
        try await second.open("/portal/referral")
        #expect(try await first.fill(mark: "").status == 422)
        #expect(try await first.fill(mark: hidden("form_mark", in: second.page)).status == 422)
        try await first.open("/portal/referral")
        #expect(try await first.fill(Visitor.answers.merging(["website": "http://spam.example"]) { $1 }).status == 422)
        try await first.open("/portal/referral")
        place.world.clock.advance(seconds: 5 * 3_600)
        let late = try await first.fill()
        #expect(late.status == 422 && late.text.contains("open for too long") && late.text.contains("Quintessa"))
        #expect(try await second.open("/portal/referral/check").text.contains("<form"), "without a draft the form comes first")
        #expect(try place.world.act { try $0.count(Intake.self) } == 0)
        await place.stop()
    }

    @Test("an address that sends too much is asked to wait")
    func ratesAreLimited() async throws {
        let place = try await Place { $0.formBurst = 2 }
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        for _ in 0..<2 { #expect(try await visitor.fill(mark: "x").status == 422) }
        let late = try await visitor.fill(mark: "x")
        #expect(late.status == 429 && late.headers["retry-after"] != nil)
        place.world.clock.advance(seconds: 60)
        #expect(try await visitor.fill(mark: "x").status == 422)
        await place.stop()
    }

    @Test("what was stored when the process ended is carried out at the next start, once")
    func aCrashIsMadeGood() async throws {
        let place = try await Place()
        var draft = PortalDraft()
        draft.values = Visitor.answers
        let content = draft.original(Array(Visitor.answers.keys))
        try place.world.act { env in
            let arrival = IntakeDesk.Arrival(
                channel: .portal, sender: "portal:1234567893", controlId: "d1", name: "x", mediaType: "application/json", content: content)
            _ = try IntakeDesk.store(arrival, in: env)
        }
        for _ in 0..<2 { try await place.door.open() }
        let found = try place.world.act { try $0.search(Referral.self).map { $0.patient?.displayedName ?? "" } }
        #expect(found == ["Zanzibarova, Quintessa"])
        await place.stop()
    }

    @Test("a site that is not the portal's is not taken, and a chosen one is")
    func sitesAreChosen() async throws {
        let place = try await Place()
        let site = try place.world.act { env in
            let site = try env.create(Company.self, ["name": "North Hospital"]).id
            try env.search(User.self, .where("login", .equal, "portal")).write(["company_ids": .list([[4, .int(site)]])])
            return site
        }
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        #expect(visitor.page.contains("North Hospital"))
        #expect(try await visitor.fill(Visitor.answers.merging(["site": "999"]) { $1 }).status == 422)
        try await visitor.fill(Visitor.answers.merging(["site": String(site)]) { $1 })
        try await visitor.confirm()
        #expect(try place.world.act { try $0.search(Referral.self).map { $0.company?.id } } == [site])
        await place.stop()
    }
}
