import Base
import HTMLPages
import HTTPServer
import JSON
import Kernel
import Pages
import Suggestions

/// `/attachments/{id}/…`: a file of a record in the viewer of documents, for whoever may read the record: its pages drawn and read on
/// demand in the worker, and the original for keeping. Nothing of it is stored.
struct AttachmentRoutes: Sendable {
    let door: DocumentDoor

    func add(to router: inout Router) {
        router.on(.get, "/attachments/{id}/content") { [self] request in
            await ContentRoutes.answered(request) { id in
                let file = try await file(id, for: request, isTaken: true)
                return ContentRoutes.original(file.name, file.bytes)
            }
        }
        router.on(.get, "/attachments/{id}/sheet") { [self] request in
            await ContentRoutes.answered(request) { id in .json(try await sheet(id, for: request)).kept() }
        }
        router.on(.get, "/attachments/{id}/pages/{page}") { [self] request in
            await ContentRoutes.answered(request) { id in
                let number = try ContentRoutes.pictureNumber(of: request)
                let file = try await file(id, for: request)
                return ContentRoutes.picture(try await door.reader.picture(of: file.bytes, page: number).png)
            }
        }
        router.on(.get, "/attachments/{id}/words/{page}") { [self] request in
            await ContentRoutes.answered(request) { id in
                guard let number = request.parameters["page"].flatMap(Int.init), number > 0 else { throw Refusal.noPage() }
                let file = try await file(id, for: request)
                return .json(PageWords.json(try await door.reader.text(of: file.bytes, page: number))).kept()
            }
        }
    }

    private struct File: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    /// The file, where its record may be read.
    private func file(_ id: Int, for request: HTTPRequest, isTaken: Bool = false) async throws -> File {
        let caller = try await door.gate.caller(of: request)
        let read: @Sendable (Environment) throws -> File = { env in
            let file = env.record(Attachment.self, id)
            try env.checkAccess(.read, file.records.model, [id])
            guard !file.bytes.isEmpty else { throw Refusal.noDocument() }
            if isTaken { try ContentRoutes.note(Attachment.name, id, file.checksum, env) }
            return File(name: file.displayedName, bytes: file.bytes)
        }
        return isTaken ? try await door.gate.write(caller, read) : try await door.gate.read(caller, read)
    }

    private func sheet(_ id: Int, for request: HTTPRequest) async throws -> JSON {
        let file = try await file(id, for: request)
        let facts = try await door.reader.facts(of: file.bytes)
        let pages = facts.pages.prefix(door.configuration.picturedPages).enumerated().map { place, page -> JSON in
            ["number": JSON(place + 1), "width": .double(page.widthPoints), "height": .double(page.heightPoints)]
        }
        return ["id": JSON(id), "name": .string(file.name), "page_count": JSON(facts.pageCount), "pages": .array(pages)]
    }
}
