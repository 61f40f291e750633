import Crypto
import HTMLPages
import HTTPServer
import Kernel
import Referrals

/// `/portal/status`: how far a referral has come, in words that say nothing of the patient or the illness.
struct StatusRoutes: Sendable {
    let door: PortalDoor

    /// What the page shows.
    struct Standing: Sendable {
        let number: String
        let words: StageWords
        let received: Day?
        let since: Day?
        let missing: [String]
    }

    /// The longest token that is looked for, in bytes.
    private static let tokenBytes = 64

    func add(to router: inout Router) {
        router.on(.get, "/portal/status") { [self] request in
            let query = request.query
            let (reference, token) = (query["reference"] ?? "", query["token"] ?? "")
            if reference.isEmpty, token.isEmpty { return form("", unknown: false) }
            return await door.answered(door.looks, request) { try await answer(token, reference: reference) }
        }
        router.on(.get, "/portal/status/{token}") { [self] request in
            await door.answered(door.looks, request) { try await answer(request.parameters["token"] ?? "", reference: nil) }
        }
    }

    /// A wrong number and a wrong code give the same page.
    private func answer(_ token: String, reference: String?) async throws -> HTTPResponse {
        guard let standing = try await find(token, reference: reference) else { return form(reference ?? "", unknown: true) }
        return page(standing).response()
    }

    private func find(_ token: String, reference: String?) async throws -> Standing? {
        guard (8...StatusRoutes.tokenBytes).contains(token.utf8.count) else { return nil }
        let user = try await door.user()
        return try await door.database.read(as: user) { env in
            let own = env.asSuperuser("the code shows that the practice sent it; only its stage is shown")
            guard let referral = try own.search(Referral.self, .where("status_token", .equal, .text(token)), limit: 1).first else {
                return nil
            }
            guard ConstantTime.equal(referral.statusToken, token) else { return nil }
            if let reference, StatusRoutes.plain(reference) != StatusRoutes.plain(referral.number) { return nil }
            let missing = referral.requirements.filter { $0.state == .missing }.map { MissingWords.of($0.code) }
            var words: [String] = []
            for word in missing where !words.contains(word) { words.append(word) }
            let isOpen = !(referral.stage?.isFinal ?? true)
            return Standing(
                number: referral.number, words: StageWords(referral.stage ?? .received, isAwaitingSender: referral.isAwaitingSender),
                received: referral.received?.day, since: referral.stageSince?.day, missing: isOpen ? words : [])
        }
    }

    /// Letters and digits only: people type numbers with and without the strokes.
    private static func plain(_ reference: String) -> String { reference.uppercased().filter { $0.isLetter || $0.isNumber } }

    private func form(_ reference: String, unknown: Bool) -> HTTPResponse {
        door.page("Status of a referral") { html in
            html.add("h1", text: "See how far a referral has come")
            if unknown {
                html.add("div", .style("summary"), .set("role", "alert")) { html in
                    html.add("h2", text: "We cannot show this referral")
                    html.add("p", text: "Check the reference number and the code on the page that you got after sending, or call us.")
                }
            }
            html.add("form", .set("method", "get"), .action("/portal/status")) { html in
                FormField(
                    "reference", "Reference number", hint: "For example, REF/2026/00001", kind: .line(type: "text", wide: false), limit: 40
                )
                .write(&html, value: "", error: nil)
                FormField("token", "Code", hint: "It stands below the reference number", kind: .line(type: "text", wide: false), limit: 64)
                    .write(&html, value: "", error: nil)
                html.add("button", .type("submit"), .style("main-button"), text: "Show the status")
            }
        }.response()
    }

    private func page(_ standing: Standing) -> Page {
        door.page("Status of a referral") { html in
            html.add("h1", text: "Referral \(standing.number)")
            html.add("div", .style("stage")) { html in
                html.add("p", .style("name"), text: standing.words.title)
                html.add("p", text: standing.words.sentence)
            }
            html.add("dl", .style("answers-list")) { html in
                StatusRoutes.row(&html, "Received", standing.received.map(TypedDate.words) ?? "")
                StatusRoutes.row(&html, "In this stage since", standing.since.map(TypedDate.words) ?? "")
            }
            if !standing.missing.isEmpty {
                html.add("h2", text: "What is missing")
                html.add("ul") { html in for word in standing.missing { html.add("li", text: word) } }
                html.add("p", text: "Please send it to us with the reference number.")
            }
            html.add("p", .style("hint"), text: "To protect the patient, this page shows nothing about the patient or the request.")
        }
    }

    private static func row(_ html: inout HTML, _ label: String, _ value: String) {
        html.add("div") { html in
            html.add("dt", text: label)
            html.add("dd", text: value)
        }
    }
}

/// A stage in the words of somebody outside.
struct StageWords: Sendable {
    let title: String
    let sentence: String

    init(_ stage: Stage, isAwaitingSender: Bool) {
        switch stage {
        case .received: (title, sentence) = ("Received", "The referral has arrived. We will look at it soon.")
        case .review where isAwaitingSender:
            (title, sentence) = ("Waiting for you", "We have asked your practice for something that is missing.")
        case .review: (title, sentence) = ("Being checked", "We are making sure that everything is there.")
        case .eligibility: (title, sentence) = ("Being checked", "We are confirming the coverage.")
        case .authorization: (title, sentence) = ("Waiting for the payer", "We have asked the payer for approval.")
        case .triage: (title, sentence) = ("Being reviewed", "One of our clinicians is looking at the referral.")
        case .assignment: (title, sentence) = ("Accepted", "The referral was accepted. We are arranging an appointment.")
        case .scheduled: (title, sentence) = ("Appointment arranged", "There is an appointment. The patient will hear from us.")
        case .notified: (title, sentence) = ("Appointment arranged", "There is an appointment, and the patient knows of it.")
        case .completed: (title, sentence) = ("Completed", "The visit has taken place, and the report was sent to you.")
        case .closed: (title, sentence) = ("Closed", "The referral was closed. Please call us if you have questions.")
        }
    }
}

/// What is missing in neutral words: what is asked for can tell what somebody suffers from.
enum MissingWords {
    static func of(_ code: String) -> String {
        switch code {
        case "patient": "Details that identify the patient"
        case "contact": "How to reach the patient"
        case "coverage": "Details of the coverage"
        case "referrer": "Details of the referring practice"
        case "specialty", "reason", "diagnosis", "procedure", "clarification": "More about the request"
        default: "A supporting document"
        }
    }
}
