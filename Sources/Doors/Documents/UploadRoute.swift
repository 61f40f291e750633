import Base
import HTMLPages
import HTTPServer
import JSON
import Kernel
import MIME
import Pages
import Referrals

/// `POST /documents`: takes one document, as a browser's form or as the plain bytes.
struct UploadRoute: Sendable {
    let door: DocumentDoor

    /// Room for the form around the document.
    private static let formBytes = 64 << 10
    /// When to ask again what became of a document that was not looked at in time, in seconds.
    private static let retrySeconds = 60
    /// The longest idempotency key, in bytes.
    private static let keyBytes = 255

    func add(to router: inout Router) {
        let limit = door.configuration.documentBytes + UploadRoute.formBytes
        router.on(.post, "/documents", bodyLimit: limit) { [self] request in
            do { return try await answer(request) } catch { return Refusal.of(error).problem }
        }
    }

    /// What was uploaded.
    private struct Upload {
        var name: String
        var mediaType: String
        var kind: String
        var site: Int?
        var bytes: [UInt8]
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let caller = try await door.gate.caller(of: request)
        let upload = try read(request)
        let key = request.headers["Idempotency-Key"] ?? ""
        guard key.utf8.count <= UploadRoute.keyBytes else { throw Refusal.longKey(UploadRoute.keyBytes) }
        guard !upload.bytes.isEmpty else { throw Refusal.emptyDocument() }
        var arrival = DocumentDesk.Arrival(sender: "user:\(caller.userId)", name: upload.name, bytes: upload.bytes)
        arrival.controlId = key
        arrival.kind = upload.kind
        let context: ValueMap = upload.site.map { ["allowed_company_ids": .ids([$0])] } ?? [:]
        let stored = arrival
        var standing: DocumentDesk.Standing
        do { standing = try await door.gate.write(caller, context: context) { try DocumentDesk.store(stored, in: $0) } } catch let
            refusal as Refusal where refusal.code == "intake.key_reused"
        {
            try await door.gate.write(caller, context: context) { try DocumentDesk.keepVariant(stored, refusal, in: $0) }
            throw refusal
        }
        if standing.state == .received {
            if let refusal = UploadRoute.liesAboutItsKind(upload) {
                let id = standing.documentId
                try await door.gate.database.write(as: .system, superuser: true) { try DocumentDesk.refuse(id, refusal, in: $0) }
                return refusal.problem(of: standing, status: 415)
            }
            let isDuplicate = standing.isDuplicate
            standing = try await door.reader.look(at: standing.documentId)
            standing.isDuplicate = isDuplicate
        }
        return UploadRoute.response(standing)
    }

    /// A name that promises something else than a document, such as a program, is not believed but refused.
    private static func liesAboutItsKind(_ upload: Upload) -> Refusal? {
        let known: Set<String> = [
            "", "application/octet-stream", "application/pdf", "application/x-pdf", "image/tiff", "image/tif", "image/x-tiff", "image/png",
            "image/x-png", "image/jpeg", "image/jpg", "image/pjpeg",
        ]
        return known.contains(upload.mediaType) ? nil : Refusal.wrongType(upload.mediaType)
    }

    private static func response(_ standing: DocumentDesk.Standing) -> HTTPResponse {
        if standing.state == .refused { return Refusal.refused(standing).problem(of: standing, status: 422) }
        let isUnseen = standing.state == .received
        var answer: JSONObject = [
            "intake_id": JSON(standing.intakeId), "document_ids": [JSON(standing.documentId)],
            "state": .string(standing.state.rawValue),
            "pages": JSON(standing.pages), "duplicate": .bool(standing.isDuplicate),
        ]
        if isUnseen {
            let refusal = Refusal.notLookedAt()
            answer["code"] = .string(refusal.code)
            answer["detail"] = .string(refusal.message)
            answer["instruction"] = .string(refusal.instruction)
        }
        var response = HTTPResponse.json(.object(answer), status: isUnseen ? 202 : standing.isDuplicate ? 200 : 201)
        response.headers["Location"] = "/documents/\(standing.documentId)/content"
        if isUnseen { response.headers["Retry-After"] = String(UploadRoute.retrySeconds) }
        return response
    }

    // MARK: - Reading the request

    private func read(_ request: HTTPRequest) throws -> Upload {
        let type = request.headers["Content-Type"] ?? ""
        let upload =
            ContentType(type)?.essence == "multipart/form-data" ? try form(request) : plain(request, ContentType(type)?.essence ?? "")
        guard upload.bytes.count <= door.configuration.documentBytes else { throw Refusal.largeDocument(door.configuration.documentBytes) }
        return upload
    }

    private func form(_ request: HTTPRequest) throws -> Upload {
        let form = try FormBody(request)
        guard form.files.count == 1, let file = form.files.first else { throw Refusal.oneDocument() }
        return Upload(
            name: file.name, mediaType: file.mediaType, kind: UploadRoute.kind(form["kind"]), site: Int(form["company_id"]),
            bytes: file.bytes)
    }

    /// The name stands in `Content-Disposition`, or in the query as `filename`.
    private func plain(_ request: HTTPRequest, _ mediaType: String) -> Upload {
        let query = request.query
        let disposition = request.headers["Content-Disposition"].flatMap { ContentType("x/" + $0) }
        let encoded = disposition?.parameters["filename*"].flatMap { text -> String? in
            guard text.lowercased().hasPrefix("utf-8''") else { return nil }
            return try? PercentEncoding.decoded(String(text.dropFirst(7)))
        }
        let name = encoded ?? disposition?.parameters["filename"] ?? query["filename"] ?? "document"
        return Upload(
            name: FileName.sanitised(name), mediaType: mediaType, kind: UploadRoute.kind(query["kind"] ?? ""),
            site: query["company_id"].flatMap(Int.init), bytes: request.body)
    }

    /// A kind is a short word such as `ecg`; anything else counts as none.
    private static func kind(_ text: String) -> String {
        let isWord =
            text.utf8.count <= 40 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        return isWord ? text : ""
    }
}

extension Refusal {
    static func emptyDocument() -> Refusal {
        Refusal("document.empty", .validation, "The document has no content.", instruction: "Send it again.")
    }

    static func largeDocument(_ limit: Int) -> Refusal {
        Refusal(
            "document.too_large", .limit, "The document is larger than \(limit >> 20) MiB.",
            instruction: "Scan it at a lower resolution, or send it in parts.")
    }

    /// The document is kept, and that is all that can be said of it.
    static func notLookedAt() -> Refusal {
        Refusal(
            "document.not_looked_at", .unavailable, "The document is kept, but it was not looked at in time.",
            instruction: "Send the same document again in a minute to learn whether it was taken; it is not kept twice.")
    }

    static func oneDocument() -> Refusal {
        Refusal(
            "document.one_file", .validation, "The form holds no document, or more than one.",
            instruction: "Send one document with each request, in a file field.")
    }

    static func wrongType(_ mediaType: String) -> Refusal {
        Refusal(
            "document.wrong_type", .validation, "The document is announced as something that is not taken here.",
            instruction: "Send PDF, TIFF, PNG or JPEG with its own content type.",
            details: ["content_type": .text(String(mediaType.prefix(100)))])
    }

    static func longKey(_ limit: Int) -> Refusal {
        Refusal(
            "intake.key_too_long", .invalid, "The idempotency key has more than \(limit) bytes.",
            instruction: "Send a shorter one, such as a UUID."
        )
    }

    /// What a document was refused for, as it was kept.
    static func refused(_ standing: DocumentDesk.Standing) -> Refusal {
        Refusal(
            standing.refusalCode, .validation, standing.refusalText,
            instruction: "What arrived is kept; somebody has been asked to look at it.")
    }

    /// A problem that also names what was kept.
    func problem(of standing: DocumentDesk.Standing, status: Int) -> HTTPResponse {
        let problem: JSON = [
            "type": "about:blank", "title": .string(status == 415 ? "Unsupported Media Type" : "Unprocessable Content"),
            "status": JSON(status),
            "detail": .string(message), "code": .string(code), "instruction": .string(instruction), "intake_id": JSON(standing.intakeId),
            "document_ids": [JSON(standing.documentId)],
        ]
        var response = HTTPResponse.json(problem, status: status)
        response.headers["Content-Type"] = "application/problem+json"
        return response
    }
}
