import Base
import Kernel
import Referrals
import TestKit
import Testing

@testable import DocumentDoor

@Suite struct EntryTests {
    private func signIn(_ place: Place) async throws -> String {
        let page = try await place.ask("GET", "/login")
        let mark = hidden("form_mark", in: page.text)
        let answer = try await place.form(
            "/login", ["form_mark": mark, "login": "clerk", "password": Place.password, "next": "/documents/1/enter"])
        #expect(answer.status == 303, "\(answer.text)")
        #expect(answer.headers["location"] == "/documents/1/enter")
        #expect(answer.headers["set-cookie"]?.contains("HttpOnly") == true)
        return answer.cookie
    }

    private static let answers = [
        "family_name": "Okafor", "given_name": "Amara", "birth_date": "14 Feb 1970", "sex": "female", "phone": "+1 555 0100",
        "payer": "Acme Health", "member_number": "M-77", "specialty": "CARD", "urgency": "urgent", "reason": "Chest pain on effort",
        "referrer_name": "Lena Bauer", "referrer_npi": "1234567893", "diagnosis_codes": "I20.9",
    ]

    @Test("whoever is signed in finds the documents that wait, and the way out")
    func desk() async throws {
        let place = try Place()
        #expect(try await place.upload(DocumentSamples.pdf(), name: "waiting.pdf").status == 201)
        let cookie = try await signIn(place)
        let desk = try await place.ask("GET", "/login", ["Cookie": cookie]).text
        #expect(desk.contains("/documents/1/enter") && desk.contains("waiting.pdf") && desk.contains("Sign out"))
        #expect(!(try await place.ask("GET", "/login").text).contains("waiting"))
        let out = try await place.form("/logout", [:], ["Cookie": cookie])
        #expect(out.status == 303)
        #expect(try await place.ask("GET", "/login", ["Cookie": cookie]).text.contains("Password"))
        await place.stop()
    }

    @Test("nobody signed in is sent to the sign-in page, which leads back")
    func signingInLeadsBack() async throws {
        let place = try Place()
        let answer = try await place.ask("GET", "/documents/1/enter")
        #expect(answer.status == 303)
        #expect(answer.headers["location"] == "/login?next=%2Fdocuments%2F1%2Fenter")
        let page = try await place.ask("GET", "/login?next=https%3A%2F%2Fevil.example%2F")
        #expect(hidden("next", in: page.text) == "/")
        #expect(hidden("next", in: try await place.ask("GET", "/login?next=%2F%2Fevil.example").text) == "/")
        await place.stop()
    }

    @Test("a wrong password is told beside the field, and the login is kept")
    func wrongPasswordsAreTold() async throws {
        let place = try Place()
        let mark = hidden("form_mark", in: try await place.ask("GET", "/login").text)
        let answer = try await place.form("/login", ["form_mark": mark, "login": "clerk", "password": "wrong"])
        #expect(answer.status == 422)
        #expect(answer.text.contains("value=\"clerk\"") && answer.text.contains("role=\"alert\""))
        #expect(!answer.text.contains("value=\"wrong\""))
        let foreign = try await place.form(
            "/login", ["form_mark": mark, "login": "clerk", "password": Place.password], ["Origin": "https://evil.example"])
        #expect(foreign.status == 422 && foreign.cookie.isEmpty)
        await place.stop()
    }

    @Test("what a person reads on the pages becomes a referral")
    func aDocumentIsEntered() async throws {
        let place = try Place()
        _ = try await place.upload(DocumentSamples.pdf(pages: 2))
        let cookie = ["Cookie": try await signIn(place)]
        let page = try await place.ask("GET", "/documents/1/enter", cookie)
        #expect(page.status == 200)
        #expect(page.text.contains("src=\"/documents/1/pages/2.png\""))
        #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        #expect(try await place.ask("GET", "/documents/1/pages/2.png", cookie).status == 200)
        let mark = hidden("form_mark", in: page.text)
        let answer = try await place.form("/documents/1/enter", Self.answers.merging(["form_mark": mark]) { $1 }, cookie)
        #expect(answer.status == 201, "\(answer.text)")
        let found = try place.world.act { env -> [String] in
            guard let referral = try env.search(Referral.self).first else { return [] }
            var texts: [String] = []
            texts.append(referral.patient?.displayedName ?? "")
            texts.append(referral.patient?.birthDate?.description ?? "")
            texts.append(referral.specialty?.code ?? "")
            texts.append(referral.urgency?.rawValue ?? "")
            texts.append(referral.payer?.displayedName ?? "")
            texts.append(referral.coverage?.memberNumber ?? "")
            texts.append(referral.referrer?.reference ?? "")
            texts.append(referral.channel?.rawValue ?? "")
            texts.append(env.record(Document.self, 1).state?.rawValue ?? "")
            return texts + [referral.number]
        }
        #expect(
            found.dropLast() == [
                "Okafor, Amara", "1970-02-14", "CARD", "urgent", "Acme Health", "M-77", "1234567893", "document", "entered",
            ])
        #expect(answer.text.contains(found.last ?? "?"))
        let second = try await place.form("/documents/1/enter", Self.answers.merging(["form_mark": mark]) { $1 }, cookie)
        #expect(second.status == 409, "\(second.text)")
        #expect(try place.world.act { try $0.count(Referral.self) } == 1)
        await place.stop()
    }

    @Test("errors stand beside their fields and nothing typed is lost")
    func errorsKeepValues() async throws {
        let place = try Place()
        _ = try await place.upload(DocumentSamples.pdf())
        let cookie = ["Cookie": try await signIn(place)]
        let mark = hidden("form_mark", in: try await place.ask("GET", "/documents/1/enter", cookie).text)
        let bad = [
            "birth_date": "2199-01-01", "referrer_npi": "1234567890", "family_name": "", "reason": "<b>\"x\"</b>", "form_mark": mark,
        ]
        let answer = try await place.form("/documents/1/enter", Self.answers.merging(bad) { $1 }, cookie)
        #expect(answer.status == 422)
        for part in [
            "href=\"#birth_date\"", "id=\"birth_date-error\"", "value=\"2199-01-01\"", "The birth date must not be in the future",
            "Enter the family name", "last digit does not fit", "&lt;b&gt;&quot;x&quot;&lt;/b&gt;", "value=\"M-77\"",
        ] { #expect(answer.text.contains(part), "\(part) is missing") }
        #expect(try place.world.act { try $0.count(Referral.self) } == 0)
        await place.stop()
    }

    @Test("a form without our mark, with another's mark, or from another site is not carried out")
    func foreignFormsAreRefused() async throws {
        let place = try Place()
        _ = try await place.upload(DocumentSamples.pdf())
        let cookie = ["Cookie": try await signIn(place)]
        let mark = hidden("form_mark", in: try await place.ask("GET", "/documents/1/enter", cookie).text)
        #expect(try await place.form("/documents/1/enter", Self.answers, cookie).status == 422)
        let other = ["Cookie": try await signIn(place)]
        #expect(try await place.form("/documents/1/enter", Self.answers.merging(["form_mark": mark]) { $1 }, other).status == 422)
        let foreign = cookie.merging(["Origin": "https://evil.example"]) { $1 }
        #expect(try await place.form("/documents/1/enter", Self.answers.merging(["form_mark": mark]) { $1 }, foreign).status == 403)
        #expect(try await place.upload(DocumentSamples.pdf("z"), foreign.merging(["Authorization": ""]) { $1 }).status >= 400)
        #expect(try place.world.act { try $0.count(Referral.self) } == 0)
        await place.stop()
    }

    @Test("signing out ends the session")
    func signingOutEnds() async throws {
        let place = try Place()
        let cookie = ["Cookie": try await signIn(place)]
        #expect(try await place.ask("GET", "/documents/9/enter", cookie).status == 404)
        #expect(try await place.form("/logout", [:], cookie).status == 303)
        #expect(try await place.ask("GET", "/documents/9/enter", cookie).status == 303)
        await place.stop()
    }
}
