import HTMLPages
import HTTPServer
import Kernel
import MIME
import Pages
import Referrals

/// The original of a document and the pictures of its pages, for whoever may read it.
struct ContentRoutes: Sendable {
    let door: DocumentDoor

    func add(to router: inout Router) {
        router.on(.get, "/documents/{id}/content") { [self] request in
            await ContentRoutes.answered(request) { try await content(of: $0, for: request) }
        }
        router.on(.get, "/documents/{id}/pages/{page}") { [self] request in
            await ContentRoutes.answered(request) { try await picture(of: $0, for: request) }
        }
    }

    /// Answers for the id of the path; what is out of reach is not told apart from what does not exist.
    static func answered(_ request: HTTPRequest, _ body: (Int) async throws -> HTTPResponse) async -> HTTPResponse {
        do {
            guard let id = request.parameters["id"].flatMap(Int.init), id > 0 else { throw Refusal.noDocument() }
            return try await body(id)
        } catch {
            let refusal = Refusal.of(error)
            return (refusal.code == "access.rule" || refusal.code.hasPrefix("record.missing") ? Refusal.noDocument() : refusal).problem
        }
    }

    private func content(of id: Int, for request: HTTPRequest) async throws -> HTTPResponse {
        let caller = try await door.gate.caller(of: request)
        let (name, bytes) = try await door.gate.write(caller) { env in
            let document = env.record(Document.self, id)
            try env.checkAccess(.read, document.records.model, [id])
            try ContentRoutes.note(Document.name, id, document.digest, env)
            return (document.displayedName, document.content)
        }
        return ContentRoutes.original(name, bytes)
    }

    /// Notes in the trail that somebody took an original, and which one it was by its SHA-256.
    static func note(_ model: String, _ id: Int, _ digest: String, _ env: Environment) throws {
        let entry = AuditEntry(.export, model: model, ids: [id], userId: env.user.id, detail: ["original": .text(digest)])
        try env.unit.transaction.appendAudit([entry])
    }

    /// An original for keeping.
    static func original(_ name: String, _ bytes: [UInt8]) -> HTTPResponse {
        // The type is what the bytes are, not what was said; anything else than a document is only for keeping.
        let kind = DocumentKind(magicOf: bytes)
        var response = HTTPResponse(headers: ["Content-Type": kind?.mediaType ?? "application/octet-stream"], body: bytes)
        let isPicture = kind == .png || kind == .jpeg
        response.headers["Content-Disposition"] = ContentRoutes.disposition(isPicture ? "inline" : "attachment", name)
        return ContentRoutes.sandboxed(response)
    }

    private func picture(of id: Int, for request: HTTPRequest) async throws -> HTTPResponse {
        let number = try ContentRoutes.pictureNumber(of: request)
        let caller = try await door.gate.caller(of: request)
        let bytes = try await door.gate.read(caller) { env -> [UInt8] in
            try env.checkAccess(.read, env.registry.schema(Document.self), [id])
            let domain = Domain.where("document_id", .equal, .int(id)) & .where("number", .equal, .int(number))
            // Whoever may read a document may see its pages.
            let own = env.asSuperuser("pages belong to the document that was just asked for")
            guard let page = try own.search(DocumentPage.self, domain, limit: 1).first else { throw Refusal.noPage() }
            return page.image
        }
        return ContentRoutes.picture(bytes)
    }

    /// The number of the page in an address that ends in `1.png`.
    static func pictureNumber(of request: HTTPRequest) throws -> Int {
        let text = request.parameters["page"] ?? ""
        guard text.hasSuffix(".png"), let number = Int(text.dropLast(4)), number > 0 else { throw Refusal.noPage() }
        return number
    }

    /// The picture of a page.
    static func picture(_ png: [UInt8]) -> HTTPResponse {
        var response = HTTPResponse(headers: ["Content-Type": "image/png"], body: png)
        response.headers["Content-Disposition"] = "inline"
        return ContentRoutes.sandboxed(response)
    }

    /// Nothing in a document may run or reach out, whatever a browser makes of it.
    private static func sandboxed(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "private, no-store"
        return response
    }

    /// Source: RFC 6266; the plain name for old clients, the exact one in UTF-8.
    static func disposition(_ kind: String, _ name: String) -> String {
        let safe = FileName.sanitised(name)
        let plain = String(safe.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0.value >= 0x20 ? Character($0) : "_" })
        return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.encoded(safe))"
    }
}

extension Refusal {
    static func noDocument() -> Refusal {
        Refusal("document.unknown", .missing, "There is no such document for you.", instruction: "Check the address, or ask for access.")
    }

    static func noPage() -> Refusal {
        Refusal("document.no_such_page", .missing, "The document has no such page.", instruction: "Ask for a page from 1 on, as `1.png`.")
    }
}
