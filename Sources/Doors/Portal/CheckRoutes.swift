import HTMLPages
import HTTPServer
import Kernel

/// `/portal/referral/check`: all answers once more, and sending them; `/portal/referral/sent`: the reference number.
struct CheckRoutes: Sendable {
    let door: PortalDoor

    static let path = "/portal/referral/check"
    static let sentPath = "/portal/referral/sent"
    private static let purpose = "portal.check"
    /// The largest form, in bytes.
    private static let formBytes = 16 << 10

    func add(to router: inout Router) {
        router.on(.get, CheckRoutes.path) { [self] request in await door.answered(nil, request) { try await show(request) } }
        router.on(.post, CheckRoutes.path, bodyLimit: CheckRoutes.formBytes) { [self] request in
            await door.answered(door.forms, request) { try await send(request) }
        }
        router.on(.get, CheckRoutes.sentPath) { [self] request in await door.answered(nil, request) { try await sent(request) } }
    }

    private static func to(_ path: String) -> HTTPResponse { HTTPResponse(status: 303, headers: ["Location": path]) }

    private func draft(_ request: HTTPRequest) async throws -> (id: String, draft: PortalDraft)? {
        let id = door.draftId(request)
        return try await door.drafts.draft(id).map { (id, $0) }
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let (id, draft) = try await draft(request) else { return CheckRoutes.to(ReferralRoutes.path) }
        if draft.result != nil { return CheckRoutes.to(CheckRoutes.sentPath) }
        guard draft.isComplete else { return CheckRoutes.to(ReferralRoutes.path) }
        return page(PortalForm(try await door.choices()), id, draft, FormErrors()).response()
    }

    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let (id, draft) = try await draft(request) else { return CheckRoutes.to(ReferralRoutes.path) }
        if draft.result != nil { return CheckRoutes.to(CheckRoutes.sentPath) }
        guard draft.isComplete else { return CheckRoutes.to(ReferralRoutes.path) }
        let body = try FormBody(request)
        let choices = try await door.choices()
        let form = PortalForm(choices)
        var errors = form.check(draft.values, today: choices.today)
        let isOurs = door.seal.isGood(body["form_mark"], CheckRoutes.purpose, visitor: id, at: door.database.clock.now)
        if !isOurs || !CallerGate.isFromOwnPage(request) {
            errors.add("", "The page was open for too long. Check the answers and send them.")
        }
        guard errors.isEmpty else { return page(form, id, draft, errors).response(422) }
        // A second click while the first is at work waits for its result on the next page.
        guard try await door.drafts.begin(id) else { return CheckRoutes.to(CheckRoutes.sentPath) }
        do {
            let result = try await Submission(door: door).send(draft, id, form.fields.map(\.name))
            try await door.drafts.end(id, result)
            return CheckRoutes.to(CheckRoutes.sentPath)
        } catch {
            try? await door.drafts.end(id, nil)
            guard let refusal = error as? Refusal, refusal.httpStatus == 422 else { throw error }
            errors.add(refusal.code == "patient.birth_date" ? "birth_date" : "", refusal.sentence)
            return page(form, id, draft, errors).response(422)
        }
    }

    private func sent(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let (_, draft) = try await draft(request) else { return CheckRoutes.to("/portal") }
        guard let result = draft.result else { return CheckRoutes.to(CheckRoutes.path) }
        let status = "/portal/status/\(result.token)"
        return door.page("Referral sent") { html in
            html.add("div", .style("panel")) { html in
                html.add("h1", text: "Referral sent")
                html.add("p", text: "Your reference number")
                html.add("p", .style("number"), text: result.number)
            }
            html.add("h2", text: "What happens next")
            html.add("p", text: "We look at the referral on the next working day, and call your practice if something is missing.")
            html.add("p") { html in
                html.add("a", .href(status), text: "See how far it has come")
                html.write(". Keep this link, or note the number and this code:")
            }
            html.add("p", .style("code"), text: result.token)
            html.add("p") { $0.add("a", .href(ReferralRoutes.path), text: "Refer another patient") }
        }.response()
    }

    private func page(_ form: PortalForm, _ id: String, _ draft: PortalDraft, _ errors: FormErrors) -> Page {
        let mark = door.seal.mark(CheckRoutes.purpose, visitor: id, at: door.database.clock.now)
        return door.page(errors.isEmpty ? "Check your answers" : "Error: Check your answers") { html in
            errors.writeSummary(&html)
            html.add("h1", text: "Check your answers")
            for part in form.parts {
                html.add("h2", text: part.title)
                html.add("dl", .style("answers-list")) { html in
                    for field in part.fields { CheckRoutes.row(&html, field.label, form.shown(field, draft.values), anchor: field.name) }
                }
            }
            html.add("h2", text: "Documents")
            html.add("dl", .style("answers-list")) { html in
                let files = draft.files.map(FileCheck.words).joined(separator: "\n")
                CheckRoutes.row(&html, "Documents", files, anchor: "documents")
            }
            html.add("p", text: "By sending this you confirm that the patient knows of the referral.")
            html.add("form", .set("method", "post"), .action(CheckRoutes.path)) { html in
                html.void("input", .type("hidden"), .name("form_mark"), .value(mark))
                html.add("button", .type("submit"), .style("main-button"), text: "Send the referral")
            }
        }
    }

    private static func row(_ html: inout HTML, _ label: String, _ value: String, anchor: String) {
        html.add("div", .id(anchor)) { html in
            html.add("dt", text: label)
            html.add("dd", value.isEmpty ? .style("none") : nil, text: value.isEmpty ? "Not given" : value)
            html.add("dd") { html in
                html.add("a", .href("\(ReferralRoutes.path)#\(anchor)")) { html in
                    html.write("Change")
                    html.add("span", .style("hidden"), text: " \(label)")
                }
            }
        }
    }
}
