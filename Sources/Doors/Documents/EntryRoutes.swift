import Base
import HTMLPages
import HTTPServer
import Kernel
import Referrals
import Suggestions

/// `/documents/{id}/enter`: the pages of a document beside a form in which a person writes down the referral.
struct EntryRoutes: Sendable {
    let door: DocumentDoor

    /// The largest form, in bytes.
    private static let formBytes = 256 << 10
    /// The most choices of a list.
    private static let choiceLimit = 500

    /// What the page shows of a document.
    struct Sheet: Sendable {
        let id: Int
        let name: String
        let pages: [Int]
        let pageCount: Int
        let state: Document.State
        let referral: String
        let mayEnter: Bool
        let specialties: [FormField.Choice]
        let person: String
        let today: Day
        let proposals: EntryProposals
    }

    func add(to router: inout Router) {
        router.on(.get, "/documents/{id}/enter") { [self] request in
            await shown(request) { caller, sheet in
                page(sheet, caller, sheet.proposals.answers, FormErrors()).response()
            }
        }
        router.on(.post, "/documents/{id}/enter", bodyLimit: EntryRoutes.formBytes) { [self] request in
            await shown(request) { caller, sheet in try await enter(request, caller, sheet) }
        }
    }

    private func shown(_ request: HTTPRequest, _ body: (Caller, Sheet) async throws -> HTTPResponse) async -> HTTPResponse {
        do {
            guard let caller = try await door.gate.browser(of: request) else { return SignInRoutes.redirect(from: request) }
            guard let id = request.parameters["id"].flatMap(Int.init), id > 0 else { throw Refusal.noDocument() }
            return try await body(caller, try await sheet(id, caller))
        } catch {
            let refusal = Refusal.of(error)
            let isHidden = refusal.code == "access.rule" || refusal.kind == .missing
            return door.page(for: isHidden ? Refusal.noDocument() : refusal)
        }
    }

    private func sheet(_ id: Int, _ caller: Caller) async throws -> Sheet {
        try await door.gate.read(caller) { env in
            let document = env.record(Document.self, id)
            try env.checkAccess(.read, document.records.model, [id])
            let own = env.asSuperuser("pages belong to the document that was just asked for").record(Document.self, id)
            let choices = try env.search(Specialty.self, order: "name", limit: EntryRoutes.choiceLimit)
                .map { FormField.Choice($0.code, $0.displayedName) }
            return Sheet(
                id: id, name: document.displayedName, pages: own.pages.map(\.number), pageCount: document.pageCount,
                state: document.state ?? .received, referral: own.referral?.number ?? "",
                mayEnter: try document.records.availableActions(id).contains { $0.name == "action_enter" }, specialties: choices,
                person: env.user.name, today: env.today,
                proposals: EntryProposals(
                    list: try SuggestionDesk.proposals(for: id, in: env), matches: try MatchDesk.choices(for: id, in: env)))
        }
    }

    private func enter(_ request: HTTPRequest, _ caller: Caller, _ sheet: Sheet) async throws -> HTTPResponse {
        let body = try FormBody(request)
        let form = EntryForm(sheet.specialties, matches: sheet.proposals.questions)
        let values = form.values(of: body)
        var errors = form.check(values, today: sheet.today)
        if !door.seal.isGood(body["form_mark"], purpose(sheet), visitor: caller.session, at: door.gate.database.clock.now) {
            errors.add("", "The page was open for too long, or was not yours. Check the answers and send it again.")
        }
        guard errors.isEmpty else { return page(sheet, caller, values, errors).response(422) }
        do {
            let number = try await door.gate.write(caller) { env in
                try sheet.proposals.settle(values, of: sheet.id, in: env)
                let referral = try EntryDesk.enter(sheet.id, EntryProposals.entered(values), in: env)
                return env.asSuperuser("the number of what was just made").record(Referral.self, referral).number
            }
            return done(sheet, number).response(201)
        } catch let refusal as Refusal where refusal.httpStatus == 422 || refusal.httpStatus == 409 {
            errors.add(refusal.code == "patient.birth_date" ? "birth_date" : "", refusal.sentence)
            return page(sheet, caller, values, errors).response(refusal.httpStatus)
        }
    }

    private func purpose(_ sheet: Sheet) -> String { "documents.enter/\(sheet.id)" }

    // MARK: - Pages

    private func page(_ sheet: Sheet, _ caller: Caller, _ values: [String: String], _ errors: FormErrors) -> Page {
        let mark = door.seal.mark(purpose(sheet), visitor: caller.session, at: door.gate.database.clock.now)
        var page = door.page("Enter a referral") { html in
            html.add("h1", text: "Enter the referral of this document")
            html.add("div", .style("beside")) { html in
                html.add("section", .style("sheets"), .set("aria-label", "Pages of the document"), .set("tabindex", "0")) {
                    pictures(&$0, sheet)
                }
                html.add("section", .style("answers"), .set("aria-label", "Referral")) { html in
                    errors.writeSummary(&html)
                    if sheet.mayEnter { form(&html, sheet, mark, values, errors) } else { EntryRoutes.reason(&html, sheet) }
                }
            }
        }
        page.isWide = true
        page.person = sheet.person
        return page
    }

    private func pictures(_ html: inout HTML, _ sheet: Sheet) {
        html.add("p", .style("file")) { html in
            html.write(sheet.name)
            html.write(" · ")
            html.add("a", .href("/documents/\(sheet.id)/content"), text: "Original")
        }
        for number in sheet.pages {
            html.add("figure") { html in
                html.void("img", .source("/documents/\(sheet.id)/pages/\(number).png"), .set("alt", "Page \(number)"))
                html.add("figcaption", text: "Page \(number) of \(sheet.pageCount)")
            }
        }
        if sheet.pages.isEmpty { html.add("p", text: "There are no pages to show.") }
        if sheet.pageCount > sheet.pages.count, !sheet.pages.isEmpty {
            html.add("p", .style("hint"), text: "\(sheet.pageCount - sheet.pages.count) further pages stand in the original only.")
        }
    }

    private func form(_ html: inout HTML, _ sheet: Sheet, _ mark: String, _ values: [String: String], _ errors: FormErrors) {
        html.add("form", .set("method", "post"), .action("/documents/\(sheet.id)/enter"), .flag("novalidate")) { html in
            html.void("input", .type("hidden"), .name("form_mark"), .value(mark))
            if !sheet.proposals.list.isEmpty {
                html.add(
                    "p", .style("hint"), text: "The machine has read this document. Compare each answer with the pages before you send it.")
            }
            for part in EntryForm(sheet.specialties, matches: sheet.proposals.questions).parts {
                html.add("h2", text: part.title)
                html.add("div", .style("grid")) { html in
                    for field in part.fields {
                        sheet.proposals.marked(field).write(&html, value: values[field.name] ?? "", error: errors[field.name])
                    }
                }
            }
            html.add("button", .type("submit"), .style("main-button"), text: "Make the referral")
        }
    }

    /// Why there is no form.
    private static func reason(_ html: inout HTML, _ sheet: Sheet) {
        switch sheet.state {
        case .entered where !sheet.referral.isEmpty:
            html.add("h2", text: "Entered already")
            html.add("p", text: "This document belongs to referral \(sheet.referral).")
        case .refused:
            html.add("h2", text: "The document was refused")
            html.add("p", text: "It could not be read. Ask the sender for a better copy.")
        case .received:
            html.add("h2", text: "The document is being read")
            html.add("p", text: "Open this page again in a moment.")
        default:
            html.add("h2", text: "Nothing to enter")
            html.add("p", text: "You may look at this document, or it belongs to a referral already.")
        }
    }

    private func done(_ sheet: Sheet, _ number: String) -> Page {
        var page = door.page("Referral made") { html in
            html.add("div", .style("panel")) { html in
                html.add("h1", text: "Referral made")
                html.add("p", text: "Number")
                html.add("p", .style("number"), text: number)
            }
            html.add("p", text: "The document belongs to it, and what is missing has been noted.")
            html.add("p") { $0.add("a", .href("/documents/\(sheet.id)/enter"), text: "Show the document") }
        }
        page.person = sheet.person
        return page
    }
}

extension Refusal {
    static func staleForm() -> Refusal {
        Refusal(
            "form.stale", .validation, "The page was open for too long, or came from somewhere else.",
            instruction: "Open the page again and send it once more.")
    }
}
