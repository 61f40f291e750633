import Base
import Kernel
import Referrals
import TestKit
import Testing

@testable import PortalDoor

@Suite struct StatusTests {
    /// Words that would tell something of the patient or the illness.
    private static let canaries = [
        "Zanzibarova", "Quintessa", "1970", "Oncology", "ONCO", "melanomacanary", "C43", "Acme", "M-77", "Elm Road", "0100", "athology",
        "iagnosis",
    ]

    private func sent(_ place: Place) async throws -> (number: String, token: String) {
        let visitor = Visitor(place)
        try await visitor.open("/portal/referral")
        try await visitor.fill(Visitor.answers.merging(["patient_phone": "+1 555 0100", "diagnosis_codes": ""]) { $1 })
        try await visitor.confirm()
        return try place.world.act { env in
            let referral = try env.search(Referral.self, order: "id desc", limit: 1).first
            return (referral?.number ?? "", referral?.statusToken ?? "")
        }
    }

    @Test("the status page says the stage and what is missing, and nothing of the patient or the illness")
    func noHealthData() async throws {
        let place = try await Place()
        let (number, token) = try await sent(place)
        let page = try await place.ask("GET", "/portal/status/\(token)")
        #expect(page.status == 200)
        for part in [number, "Being checked", "20 November 2026", "A supporting document", "More about the request"] {
            #expect(page.text.contains(part), "\(part) is missing")
        }
        for canary in Self.canaries { #expect(!page.text.contains(canary), "\(canary) is shown") }
        let plain = number.split(separator: "/").joined(separator: "-").lowercased()
        let byForm = try await place.ask("GET", "/portal/status?reference=\(plain)&token=\(token)")
        #expect(byForm.text.contains(number))
        await place.stop()
    }

    @Test(
        "every stage has neutral words",
        arguments: [
            Stage.received, .review, .eligibility, .authorization, .triage, .assignment, .scheduled, .notified, .completed, .closed,
        ])
    func stagesHaveWords(stage: Stage) {
        let words = StageWords(stage, isAwaitingSender: false)
        #expect(!words.title.isEmpty && words.sentence.hasSuffix("."))
        #expect(words.title != stage.rawValue)
    }

    @Test("an unknown number, a wrong code and a right number without its code give the same page")
    func unknownIsNeutral() async throws {
        let place = try await Place()
        let (number, token) = try await sent(place)
        let paths = [
            "/portal/status/XX-00000000", "/portal/status/" + String(token.reversed()),
            "/portal/status?reference=\(number)&token=wrongwrong",
            "/portal/status?reference=REF/2026/99999&token=\(token)", "/portal/status?reference=\(number)&token=",
        ]
        var pages: Set<String> = []
        for path in paths {
            let answer = try await place.ask("GET", path)
            #expect(answer.status == 200)
            pages.insert(answer.text)
        }
        #expect(pages.count == 1)
        #expect(pages.first?.contains("cannot show") == true)
        await place.stop()
    }

    @Test("guessing is slowed down")
    func guessingIsSlow() async throws {
        let place = try await Place { $0.statusBurst = 3 }
        var last = 0
        for number in 0..<4 { last = try await place.ask("GET", "/portal/status/guess-\(number)-guess").status }
        #expect(last == 429)
        await place.stop()
    }

    @Test("pages need no script, reach nowhere, and may be styled by our sheet only")
    func pagesAreStrict() async throws {
        let place = try await Place()
        for path in ["/portal", "/portal/referral", "/portal/status"] {
            let page = try await place.ask("GET", path)
            let policy = page.headers["content-security-policy"] ?? ""
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(page.headers["x-content-type-options"] == "nosniff")
            #expect(page.text.contains("<html lang=\"en\">") && !page.text.contains("style=") && !page.text.contains("://"))
            let sheet = page.text.split(separator: "rel=\"stylesheet\" href=\"").last.map { String($0.prefix { $0 != "\"" }) } ?? ""
            let css = try await place.ask("GET", sheet)
            #expect(css.status == 200 && css.headers["content-type"]?.hasPrefix("text/css") == true)
            #expect(css.headers["cache-control"]?.contains("immutable") == true)
        }
        await place.stop()
    }

    @Test("every field of the form has a label")
    func fieldsHaveLabels() async throws {
        let place = try await Place()
        let page = try await place.ask("GET", "/portal/referral").text
        let ids = page.matches(of: #/<(?:input|select|textarea)[^>]* id="([^"]+)"/#).map { String($0.1) }
        #expect(ids.count > 15)
        for id in ids { #expect(page.contains("for=\"\(id)\""), "\(id) has no label") }
        await place.stop()
    }
}
