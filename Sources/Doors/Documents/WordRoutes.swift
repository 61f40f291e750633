import HTMLPages
import HTTPServer
import JSON
import Kernel
import Pages
import Referrals
import Store
import Suggestions

/// `GET /documents/{id}/words/{page}`: the words of a page with their places, to be searched and selected over its picture.
///
/// What reading kept is answered; a page that nobody read is read now, and what was found is kept.
struct WordRoutes: Sendable {
    let door: DocumentDoor

    func add(to router: inout Router) {
        router.on(.get, "/documents/{id}/words/{page}") { [self] request in
            await ContentRoutes.answered(request) { id in .json(try await words(of: id, for: request)).kept() }
        }
    }

    private enum Found: Sendable {
        case words(JSON)
        case unread([UInt8])
    }

    private func words(of id: Int, for request: HTTPRequest) async throws -> JSON {
        guard let number = request.parameters["page"].flatMap(Int.init), number > 0 else { throw Refusal.noPage() }
        let caller = try await door.gate.caller(of: request)
        let found = try await door.gate.read(caller) { env -> Found in
            try env.checkAccess(.read, env.registry.schema(Document.self), [id])
            let domain = Domain.where("document_id", .equal, .int(id)) & .where("number", .equal, .int(number))
            // Whoever may read a document may see what stands on its pages.
            let own = env.asSuperuser("pages belong to the document that was just asked for")
            guard let page = try own.search(DocumentPage.self, domain, limit: 1).first else { throw Refusal.noPage() }
            return PageWords.kept(page).map { .words($0) } ?? .unread(own.record(Document.self, id).content)
        }
        switch found {
        case .words(let json): return json
        case .unread(let bytes):
            let text = try await door.reader.text(of: bytes, page: number)
            try await door.gate.database.write(as: .system, superuser: true) { try PageWords.keep([text], of: id, in: $0) }
            return PageWords.json(text)
        }
    }
}

extension DocumentReader {
    /// What stands on a page.
    ///
    /// - Throws: Why the reader does not take it: `document.*`.
    func text(of bytes: [UInt8], page: Int) async throws -> PageText {
        do {
            guard let text = try await pages.text(of: bytes, pages: [page]).first else { throw Refusal.noPage() }
            return text
        } catch let refusal as DocumentRefusal { throw Refusal(refusal) }
    }

    /// The picture of a page.
    ///
    /// - Throws: Why the reader does not take it: `document.*`.
    func picture(of bytes: [UInt8], page: Int) async throws -> PageImage {
        do { return try await pages.render(bytes, page: page, dpi: configuration.dotsPerInch) } catch { throw Refusal(error) }
    }

    /// What a document is.
    ///
    /// - Throws: Why the reader does not take it: `document.*`.
    func facts(of bytes: [UInt8]) async throws -> DocumentFacts {
        do { return try await pages.inspect(bytes) } catch { throw Refusal(error) }
    }
}

extension HTTPResponse {
    /// For the one who asked alone, and not to be stored on the way.
    func kept() -> HTTPResponse {
        var response = self
        response.headers["Cache-Control"] = "private, no-store"
        return response
    }
}
