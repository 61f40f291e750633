import Base
import Crypto
import Exceptions
import Kernel
import Messaging
import Pages

/// The desk for documents that come alone: stored first, then looked at, then checked or refused.
///
/// `store` runs in a unit of work of its own; the document is read by another process outside any unit; then `pass` or `refuse`.
public enum DocumentDesk {
    /// A document as it arrived.
    public struct Arrival: Sendable {
        /// How it came.
        public var channel = Channel.document
        /// Who brought it: a user, or a folder.
        public var sender: String
        /// The sender's number for this delivery; empty where there is none.
        public var controlId = ""
        /// The file name that the sender gave.
        public var name: String
        /// The kind that completeness rules ask for, such as `ecg`.
        public var kind = ""
        /// The content, untouched.
        public var bytes: [UInt8]

        /// A document as it arrived.
        public init(sender: String, name: String, bytes: [UInt8]) {
            self.sender = sender
            self.name = name
            self.bytes = bytes
        }
    }

    /// What is known of a document.
    public struct Standing: Sendable {
        /// The id of the stored original.
        public let intakeId: Int
        /// The document's id.
        public let documentId: Int
        /// How far it has come.
        public let state: Document.State
        /// How many pages it has.
        public let pages: Int
        /// Why it was refused, when it was.
        public let refusalCode: String
        /// Why it was refused, in a sentence.
        public let refusalText: String
        /// The same delivery, or the same content, was there before.
        public var isDuplicate = false
    }

    /// Keeps a document, or finds the one that is the same delivery or has the same content.
    ///
    /// - Throws: `intake.too_large`; `intake.key_reused` when the sender's number stood for another content before; `access.*`.
    public static func store(_ arrival: Arrival, in env: Environment) throws -> Standing {
        let own = env.asSuperuser("documents that arrive are kept by the machine")
        let digest = SHA256.hash(arrival.bytes).hex
        if let known = try delivered(arrival, digest, in: own) ?? same(digest, in: env) {
            var standing = try standing(of: known)
            standing.isDuplicate = true
            return standing
        }
        try env.checkRight(.create, on: env.registry.schema(Document.self))
        let receipt = try IntakeDesk.store(
            IntakeDesk.Arrival(
                channel: arrival.channel, sender: arrival.sender, controlId: arrival.controlId, name: arrival.name,
                mediaType: DocumentKind(magicOf: arrival.bytes)?.mediaType ?? "application/octet-stream", content: arrival.bytes),
            in: env)
        let document = try own.create(
            Document.self,
            [
                "name": .text(String(arrival.name.prefix(255))), "kind": .text(arrival.kind), "intake_id": .int(receipt.intakeId),
                "content": .bytes(arrival.bytes), "digest": .text(digest), "file_size": .int(arrival.bytes.count),
                "mimetype": .text(DocumentKind(magicOf: arrival.bytes)?.mediaType ?? "application/octet-stream"),
            ])
        return try standing(of: document)
    }

    /// Keeps a document whose number stood for another content before; it never becomes one of ours by that number.
    public static func keepVariant(_ arrival: Arrival, _ refusal: Refusal, in env: Environment) throws {
        let kept = IntakeDesk.Arrival(
            channel: arrival.channel, sender: arrival.sender, name: arrival.name,
            mediaType: DocumentKind(magicOf: arrival.bytes)?.mediaType ?? "application/octet-stream", content: arrival.bytes)
        try IntakeDesk.keep(kept, refused: refusal, in: env)
    }

    /// The same delivery: its number is known, whatever became of it.
    private static func delivered(_ arrival: Arrival, _ digest: String, in env: Environment) throws -> Record<Document>? {
        guard !arrival.controlId.isEmpty else { return nil }
        let domain =
            Domain.where("channel", .equal, .text(arrival.channel.rawValue)) & .where("sender", .equal, .text(arrival.sender))
            & .where("control_id", .equal, .text(arrival.controlId))
        guard let intake = try env.search(Intake.self, domain, order: "id desc", limit: 1).first else { return nil }
        guard intake.digest == digest else { throw Refusal.keyReused() }
        return try env.search(Document.self, .where("intake_id", .equal, .int(intake.id)), order: "id", limit: 1).first
    }

    /// A document with the same content that this user may see and that was not refused.
    private static func same(_ digest: String, in env: Environment) throws -> Record<Document>? {
        let domain =
            Domain.where("digest", .equal, .text(digest)) & .where("state", .notEqual, "refused")
            & .where("company_id", .equal, .int(env.companyId))
        return try env.search(Document.self, domain, order: "id", limit: 1).first
    }

    /// What is known of a document.
    public static func standing(of document: Record<Document>) throws -> Standing {
        let own = document.env.asSuperuser("a sender learns what became of the delivery")
        let document = own.record(Document.self, document.id)
        let error = document.intake?.errorText ?? ""
        return Standing(
            intakeId: document.intake?.id ?? 0, documentId: document.id, state: document.state ?? .received, pages: document.pageCount,
            refusalCode: document.refusalCode, refusalText: error)
    }

    /// Keeps what was found: facts and pictures. A document that was looked at meanwhile stays as it is.
    public static func pass(_ id: Int, _ facts: DocumentFacts, _ images: [PageImage], in env: Environment) throws {
        let own = env.asSuperuser("what a document is, is found by the machine")
        guard let document = try waiting(id, in: own) else { return }
        try own.create(
            DocumentPage.self,
            images.map { image in
                [
                    "document_id": .int(id), "number": .int(image.page), "image": .bytes(image.png), "width": .int(image.width),
                    "height": .int(image.height),
                ]
            })
        var values: ValueMap = ["page_count": .int(facts.pageCount), "mimetype": .text(facts.kind.mediaType)]
        if document.state == .received { values["state"] = .text(Document.State.checked.rawValue) }
        try document.write(values)
        if let intake = document.intake, intake.state == .received { try intake.write(["state": "processed"]) }
        if facts.looksIncomplete || images.contains(where: \.looksIncomplete) {
            _ = try Chatter.post(
                on: document.records,
                Post(
                    body: "<p>Something on the pages could not be read. Compare them with the original.</p>", kind: .comment,
                    subtype: "mail.mt_note"))
        }
    }

    /// Keeps why a document is not taken, and gives it an owner.
    public static func refuse(_ id: Int, _ refusal: Refusal, in env: Environment) throws {
        let own = env.asSuperuser("what fails gets an owner")
        guard let document = try waiting(id, in: own) else { return }
        try document.write(["state": "refused", "refusal_code": .text(refusal.code)])
        if let intake = document.intake, intake.state == .received { return try IntakeDesk.fail(refusal, intake: intake.id, in: own) }
        try ExceptionCase.raise(
            refusal.code, "A document could not be read", remedy: refusal.instruction, source: "intake.document", on: document.records,
            in: own)
    }

    /// Gives an owner to what could not even be stored.
    public static func note(_ refusal: Refusal, about what: String, in env: Environment) throws {
        try ExceptionCase.raise(refusal.code, what, remedy: refusal.instruction, source: "intake.document", in: env)
    }

    /// A document that nobody has looked at yet.
    private static func waiting(_ id: Int, in env: Environment) throws -> Record<Document>? {
        guard try !env.existing([id], in: env.registry.schema(Document.self)).isEmpty else { return nil }
        let document = env.record(Document.self, id)
        guard document.state == .received || (document.state != .refused && document.pages.isEmpty) else { return nil }
        return document
    }

    /// Documents that wait to be looked at, oldest first: those that a crash left behind, and those that came with messages.
    public static func waiting(limit: Int, in env: Environment) throws -> [Int] {
        let kinds = Value.list(DocumentKind.allCases.map { .text($0.mediaType) })
        let unseen =
            Domain.where("state", .in, ["checked", "entered"]) & .where("mimetype", .in, kinds)
            & (.where("page_count", .equal, .null) | .where("page_count", .equal, 0))
        let domain = Domain.where("state", .equal, "received") | unseen
        return try env.asSuperuser("documents are looked at by the machine").search(Document.self, domain, order: "id", limit: limit).ids
    }
}

extension Refusal {
    /// An idempotency key stood for another content before.
    static func keyReused() -> Refusal {
        Refusal(
            "intake.key_reused", .validation, "This idempotency key was used for another document before.",
            instruction: "Send a new key with each new document.")
    }
}
