import HTMLPages
import HTTPServer
import Kernel
import Pages

/// `/portal/referral`: the form.
struct ReferralRoutes: Sendable {
    let door: PortalDoor

    static let path = "/portal/referral"
    static let purpose = "portal.referral"
    /// A field that people do not see; programs fill it in.
    static let trap = "website"
    /// Room for the answers beside the documents.
    private static let answerBytes = 256 << 10

    func add(to router: inout Router) {
        router.on(.get, ReferralRoutes.path) { [self] request in await door.answered(nil, request) { try await open(request) } }
        let limit = door.configuration.filesBytes + ReferralRoutes.answerBytes
        router.on(.post, ReferralRoutes.path, bodyLimit: limit) { [self] request in
            await door.answered(door.forms, request) { try await take(request) }
        }
    }

    private func open(_ request: HTTPRequest) async throws -> HTTPResponse {
        var id = door.draftId(request)
        var draft = try await door.drafts.draft(id) ?? PortalDraft()
        if draft.result != nil {
            (id, draft) = (DraftStore.newId(), PortalDraft())
        }
        let form = PortalForm(try await door.choices())
        return door.remembering(id, request, page(form, id, draft, FormErrors()).response())
    }

    private func take(_ request: HTTPRequest) async throws -> HTTPResponse {
        let now = door.database.clock.now
        let id = door.draftId(request)
        var draft = try await door.drafts.draft(id) ?? PortalDraft()
        if draft.result != nil { return HTTPResponse(status: 303, headers: ["Location": CheckRoutes.sentPath]) }
        let choices = try await door.choices()
        let form = PortalForm(choices)
        let body = try FormBody(request)
        draft.values = form.values(of: body)
        var errors = form.check(draft.values, today: choices.today)
        let isOurs = door.seal.isGood(body["form_mark"], ReferralRoutes.purpose, visitor: id, at: now) && CallerGate.isFromOwnPage(request)
        if isOurs {
            draft.files = draft.files.enumerated().filter { body["remove_\($0.offset)"].isEmpty }.map(\.element)
            for message in await FileCheck(door: door, id: id).add(body.files, to: &draft) { errors.add("documents", message) }
            if form.isBirthDateToCome(draft.values, today: choices.today) {
                let answers = draft.original(form.fields.map(\.name))
                await PortalRefusals(door: door).keep("Answers in the portal", "application/json", answers, .birthDate(), draft: id)
            }
        } else {
            errors.add("", "The page was open for too long. Check the answers and continue.")
        }
        if !body[ReferralRoutes.trap].isEmpty { errors.add(ReferralRoutes.trap, "Leave the field “Website” empty") }
        draft.isComplete = errors.isEmpty
        // Without our mark nothing is kept, not even in memory.
        if isOurs { try await door.drafts.keep(draft, id) }
        guard errors.isEmpty else { return door.remembering(id, request, page(form, id, draft, errors).response(422)) }
        return door.remembering(id, request, HTTPResponse(status: 303, headers: ["Location": CheckRoutes.path]))
    }

    private func page(_ form: PortalForm, _ id: String, _ draft: PortalDraft, _ errors: FormErrors) -> Page {
        let mark = door.seal.mark(ReferralRoutes.purpose, visitor: id, at: door.database.clock.now)
        return door.page(errors.isEmpty ? "Referral" : "Error: Referral") { html in
            errors.writeSummary(&html)
            html.add("h1", text: "Refer a patient")
            html.add("p", .style("hint"), text: "Answer all questions that are not marked “optional”.")
            html.add(
                "form", .set("method", "post"), .action(ReferralRoutes.path), .set("enctype", "multipart/form-data"), .flag("novalidate")
            ) { html in
                html.void("input", .type("hidden"), .name("form_mark"), .value(mark))
                for part in form.parts {
                    html.add("h2", text: part.title)
                    for field in part.fields { field.write(&html, value: draft.values[field.name] ?? "", error: errors[field.name]) }
                }
                html.add("h2", text: "Documents")
                documents(&html, draft, errors["documents"])
                trap(&html)
                html.add("button", .type("submit"), .style("main-button"), text: "Continue")
            }
        }
    }

    private func documents(_ html: inout HTML, _ draft: PortalDraft, _ error: String?) {
        let limits = door.configuration
        if !draft.files.isEmpty {
            html.add("ul", .style("files")) { html in
                for (place, file) in draft.files.enumerated() {
                    html.add("li") { html in
                        html.add("span", text: FileCheck.words(file))
                        html.add("span", .style("radio-like")) { html in
                            html.void("input", .type("checkbox"), .id("remove_\(place)"), .name("remove_\(place)"), .value("yes"))
                            html.add("label", .set("for", "remove_\(place)")) { html in
                                html.write("Remove")
                                html.add("span", .style("hidden"), text: " \(file.name)")
                            }
                        }
                    }
                }
            }
        }
        html.add("div", .style(error == nil ? "field" : "field wrong")) { html in
            html.add("label", .set("for", "documents")) { html in
                html.write(draft.files.isEmpty ? "Add documents" : "Add more documents")
                html.add("span", .style("optional"), text: " (optional)")
            }
            html.add(
                "p", .style("hint"), .id("documents-hint"),
                text: "PDF, TIFF, PNG or JPEG; at most \(limits.fileCount) documents of \(limits.fileBytes >> 20) MB each")
            if let error {
                html.add("p", .style("error"), .id("documents-error")) { html in
                    html.add("span", .style("hidden"), text: "Error: ")
                    html.write(error)
                }
            }
            html.void(
                "input", .type("file"), .id("documents"), .name("documents"), .flag("multiple"),
                .set("accept", "application/pdf,image/tiff,image/png,image/jpeg,.pdf,.tif,.tiff,.png,.jpg,.jpeg"),
                .set("aria-describedby", error == nil ? "documents-hint" : "documents-hint documents-error"))
        }
    }

    private func trap(_ html: inout HTML) {
        html.add("div", .style("trap"), .set("aria-hidden", "true")) { html in
            html.add("label", .set("for", ReferralRoutes.trap), text: "Website (leave empty)")
            html.void(
                "input", .type("text"), .id(ReferralRoutes.trap), .name(ReferralRoutes.trap), .value(""), .set("tabindex", "-1"),
                .set("autocomplete", "off"))
        }
    }
}

/// Looks at documents before they are taken into a draft.
struct FileCheck: Sendable {
    let door: PortalDoor
    /// The id of the visitor's draft.
    let id: String

    /// Adds what can be taken, and says what cannot and why.
    func add(_ files: [FormBody.File], to draft: inout PortalDraft) async -> [String] {
        let limits = door.configuration
        var messages: [String] = []
        for file in files where file.field == "documents" {
            let name = "“\(file.name)”"
            if draft.files.count >= limits.fileCount {
                messages.append("You can add at most \(limits.fileCount) documents. Remove one, or send the rest later.")
                break
            }
            if draft.files.contains(where: { $0.bytes == file.bytes }) { continue }
            if file.bytes.count > limits.fileBytes || draft.fileBytes + file.bytes.count > limits.filesBytes {
                messages.append("\(name) is too large. Scan it at a lower resolution: at most \(limits.fileBytes >> 20) MB each.")
                continue
            }
            do throws(DocumentRefusal) {
                let facts = try await door.pages.inspect(file.bytes)
                draft.files.append(.init(name: file.name, mediaType: facts.kind.mediaType, pages: facts.pageCount, bytes: file.bytes))
            } catch {
                messages.append("\(name) was not taken. \(error.sentence) \(error.instruction) (\(error.code.rawValue))")
                // What may be taken a minute later is not held against anybody.
                if error.isTemporary { continue }
                let type = DocumentKind(magicOf: file.bytes)?.mediaType ?? "application/octet-stream"
                let refusal = Refusal(error.code.rawValue, .validation, error.sentence, instruction: error.instruction)
                await PortalRefusals(door: door).keep(file.name, type, file.bytes, refusal, draft: id)
            }
        }
        return messages
    }

    /// A document in words: its name, pages and size.
    static func words(_ file: PortalDraft.File) -> String {
        let size = file.bytes.count >= 1 << 20 ? "\(file.bytes.count >> 20) MB" : "\(max(1, file.bytes.count >> 10)) KB"
        return "\(file.name) · \(file.pages == 1 ? "1 page" : "\(file.pages) pages") · \(size)"
    }
}
