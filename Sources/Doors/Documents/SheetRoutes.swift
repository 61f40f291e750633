import Base
import HTMLPages
import HTTPServer
import JSON
import Kernel
import Referrals
import Suggestions

/// `/documents/{id}/sheet`: a document with what was read from it and the questions of the entry form, for a program that shows them; and
/// the answers that a person gives there. It is the entry form in JSON: the same questions, checks and action.
struct SheetRoutes: Sendable {
    let door: DocumentDoor

    /// The largest body, in bytes.
    private static let bodyBytes = 256 << 10
    /// The most suggestions, parts and choices.
    private static let limit = 500

    func add(to router: inout Router) {
        router.on(.get, "/documents/{id}/sheet") { [self] request in
            await answered(request) { id, caller in .json(try await sheet(id, caller)) }
        }
        router.on(.post, "/documents/{id}/sheet", bodyLimit: SheetRoutes.bodyBytes) { [self] request in
            await answered(request) { id, caller in try await take(try SheetAnswers(request.body), id, caller) }
        }
    }

    private func answered(_ request: HTTPRequest, _ body: (Int, Caller) async throws -> HTTPResponse) async -> HTTPResponse {
        do {
            guard let id = request.parameters["id"].flatMap(Int.init), id > 0 else { throw Refusal.noDocument() }
            var response = try await body(id, try await door.gate.caller(of: request))
            response.headers["Cache-Control"] = "private, no-store"
            return response
        } catch {
            let refusal = Refusal.of(error)
            // A document out of reach is not told apart from one that does not exist.
            return (refusal.code == "access.rule" || refusal.code.hasPrefix("record.missing") ? Refusal.noDocument() : refusal).problem
        }
    }

    // MARK: - Answers

    /// Checks answers, and makes the referral unless it was only asked what is wrong with them.
    private func take(_ answers: SheetAnswers, _ id: Int, _ caller: Caller) async throws -> HTTPResponse {
        let (form, matches, today) = try await door.gate.read(caller) { env in
            try env.checkAccess(.read, env.registry.schema(Document.self), [id])
            let proposals = EntryProposals(list: [], matches: try MatchDesk.choices(for: id, in: env))
            return (EntryForm(try SheetRoutes.specialties(env), matches: proposals.questions), proposals.said, env.today)
        }
        let values = form.values { matches[$0] ?? answers.values[$0] ?? "" }
        let errors = form.check(values, today: today).list.filter { answers.fields.isEmpty || answers.fields.contains($0.field) }
        if answers.isTrial { return .json(["errors": SheetRoutes.json(errors)]) }
        guard errors.isEmpty else { return SheetRoutes.wrong(errors) }
        let made = try await door.gate.write(caller) { env -> (Int, String) in
            let referral = try EntryDesk.enter(id, EntryProposals.entered(values), part: answers.part, in: env)
            return (referral, env.asSuperuser("the number of what was just made").record(Referral.self, referral).number)
        }
        return .json(["referral": JSON(made.0), "number": .string(made.1)], status: 201)
    }

    private static func wrong(_ errors: [(field: String, message: String)]) -> HTTPResponse {
        let problem: JSON = [
            "status": 422, "code": "form.wrong", "detail": "Some answers are missing or not right.",
            "instruction": "Correct them and send the referral again.", "errors": json(errors),
        ]
        return .json(problem, status: 422)
    }

    private static func json(_ errors: [(field: String, message: String)]) -> JSON {
        .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
    }

    // MARK: - The sheet

    private static func specialties(_ env: Environment) throws -> [FormField.Choice] {
        try env.search(Specialty.self, order: "name", limit: limit).map { FormField.Choice($0.code, $0.displayedName) }
    }

    private func sheet(_ id: Int, _ caller: Caller) async throws -> JSON {
        try await door.gate.read(caller) { env in
            let document = env.record(Document.self, id)
            try env.checkAccess(.read, document.records.model, [id])
            // Whoever may read a document may see its pages and what was read from them.
            let own = env.asSuperuser("pages and suggestions belong to the document that was just asked for")
            let whole = own.record(Document.self, id)
            let parts = EntryForm(try SheetRoutes.specialties(env)).parts.map(SheetRoutes.json)
            let domain = Domain.where("document_id", .equal, .int(id))
            let suggestions = try own.search(Suggestion.self, domain, order: "page, id", limit: SheetRoutes.limit)
            let packet = try own.search(DocumentPart.self, domain, order: "number", limit: SheetRoutes.limit)
            let matches = try MatchDesk.choices(for: id, in: env).map { match in
                SheetRoutes.json(match, own.record(DocumentMatch.self, match.id).explanation)
            }
            let mayEnter = try document.records.availableActions(id).contains { $0.name == "action_enter" }
            return [
                "id": JSON(id), "name": .string(document.displayedName), "state": .string(document.state?.rawValue ?? ""),
                "may_enter": .bool(mayEnter), "page_count": JSON(document.pageCount),
                "reading": .string(try whole.value("reading_state").textValue ?? "none"),
                "reading_code": .string(try whole.value("reading_code").textValue ?? ""),
                "refusal_code": .string(document.refusalCode),
                "referral": whole.referral.map { ["id": JSON($0.id), "number": .string($0.number)] } ?? .null,
                "pages": .array(whole.pages.map { ["number": JSON($0.number), "width": JSON($0.width), "height": JSON($0.height)] }),
                "form": .array(parts), "suggestions": .array(suggestions.map(SheetRoutes.json)),
                "parts": .array(packet.map(SheetRoutes.json)),
                "matches": .array(matches),
            ]
        }
    }

    private static func json(_ part: EntryForm.Part) -> JSON {
        ["title": .string(part.title), "fields": .array(part.fields.map(json))]
    }

    private static func json(_ field: FormField) -> JSON {
        var (kind, choices) = ("line", [FormField.Choice]())
        switch field.kind {
        case .line: break
        case .lines: kind = "text"
        case .choice(let all), .radios(let all): (kind, choices) = ("choice", all)
        }
        return [
            "name": .string(field.name), "label": .string(field.label), "hint": .string(field.hint), "kind": .string(kind),
            "required": .bool(field.isRequired), "limit": JSON(field.limit),
            "choices": .array(choices.map { [.string($0.value), .string($0.title)] }),
        ]
    }

    private static func json(_ suggestion: Record<Suggestion>) -> JSON {
        [
            "id": JSON(suggestion.id), "part": suggestion.part.map { JSON($0.id) } ?? .null, "field": .string(suggestion.field),
            "value": .string(suggestion.proposal), "confidence": .double(suggestion.confidence), "page": JSON(suggestion.page),
            "box": suggestion.box, "rule": .string(suggestion.rule), "state": .string(suggestion.state?.rawValue ?? ""),
            "standing": .string(suggestion.standing?.rawValue ?? ""), "under": .string(suggestion.acceptedUnder),
            "final": .string(suggestion.outcome), "decided_by": .string(suggestion.decidedBy?.displayedName ?? ""),
            "decided_on": .string(suggestion.decidedOn?.description ?? ""),
        ]
    }

    private static func json(_ match: MatchDesk.Choice, _ explanation: JSON) -> JSON {
        [
            "id": JSON(match.id), "subject": .string(match.subject.rawValue), "name": .string(match.name), "score": .double(match.score),
            "certain": .bool(match.isCertain), "state": .string(match.state.rawValue), "why": explanation,
        ]
    }

    private static func json(_ part: Record<DocumentPart>) -> JSON {
        [
            "id": JSON(part.id), "number": JSON(part.number), "kind": .string(part.kind), "confidence": .double(part.confidence),
            "pages": part.pages, "patient": JSON(part.patientNumber), "checked": .bool(part.isChecked),
        ]
    }
}

/// What a program sends of a person's answers.
///
/// Shape: `{"values": {"family_name": "Okafor"}, "part": 3, "trial": true, "fields": ["family_name"]}`; `trial` only checks, and `fields`
/// names what is to be checked.
struct SheetAnswers: Sendable {
    let values: [String: String]
    let part: Int?
    let isTrial: Bool
    let fields: Set<String>

    private static let limits = JSONLimits(maxDepth: 4, maxBytes: 256 << 10)

    /// - Throws: `form.bad_body` when it is no JSON object of that shape.
    init(_ bytes: [UInt8]) throws {
        guard let json = try? JSON.parse(bytes, limits: SheetAnswers.limits), let given = json["values"]?.objectValue else {
            throw Refusal(
                "form.bad_body", .invalid, "The answers are no JSON object with `values`.",
                instruction: "Send `{\"values\": {\"field\": \"text\"}}`.")
        }
        var values: [String: String] = [:]
        for member in given.members { values[member.key] = member.value.stringValue ?? "" }
        self.values = values
        part = json["part"]?.intValue
        isTrial = json["trial"]?.boolValue ?? false
        fields = Set((json["fields"]?.arrayValue ?? []).compactMap(\.stringValue))
    }
}
