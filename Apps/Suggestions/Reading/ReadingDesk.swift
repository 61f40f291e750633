import Exceptions
import JSON
import Kernel
import Pages
import Reading
import Referrals

/// Keeps what was read from a document; nothing else of the database changes by it.
enum ReadingDesk {
    /// The most bytes of text that are kept for one document.
    private static let textBytes = 400_000

    /// Nothing is to be read any more.
    static func leave(_ id: Int, in env: Environment) throws {
        guard let document = try existing(id, env), document[\ReadDocument.reading] == .waiting else { return }
        try document.write(["reading_state": "none"])
    }

    /// Keeps why a document could not be read; a person enters it as before.
    static func keep(_ refusal: DocumentRefusal, of id: Int, in env: Environment) throws {
        guard let document = try existing(id, env) else { return }
        try document.write(["reading_state": "failed", "reading_code": .text(refusal.code.rawValue)])
    }

    /// Keeps the parts and what they say; a reading by the same document before is replaced where nobody has decided yet.
    static func keep(_ read: SenderReading, _ texts: [PageText], of id: Int, in env: Environment) throws {
        let reading = read.reading
        guard let document = try existing(id, env), document.state == .checked else { return try leave(id, in: env) }
        guard document[\ReadDocument.suggestions].allSatisfy({ $0.state == .proposed }) else { return }
        try document[\ReadDocument.suggestions].unlink()
        try document[\ReadDocument.matches].unlink()
        try document[\ReadDocument.parts].unlink()
        let judgement = try Judgement(of: document, read)
        var first: (part: DocumentReading.Part, id: Int)?
        for (place, part) in reading.parts.enumerated() {
            let kept = try env.create(
                DocumentPart.self,
                [
                    "document_id": .int(id), "number": .int(place + 1), "kind": .text(part.kind.rawValue),
                    "confidence": .double(part.kindConfidence),
                    "pages": .json(.array(part.pages.map { JSON($0) })), "patient_number": .int(part.patient),
                ])
            try env.create(
                Suggestion.self,
                part.findings.map { values(of: $0, document: id, part: kept.id).merging(judgement.values(of: $0, in: part)) })
            if first == nil, !part.findings.isEmpty { first = (part, kept.id) }
        }
        try PageWords.keep(texts, of: id, in: env)
        let needsPerson = reading.isUnsure || reading.patientCount > 1 || reading.missingPages > 0
        try document.write([
            "reading_state": needsPerson ? "unsure" : "done", "reading_code": .null,
            "text": .text(String(texts.map(\.text).joined(separator: "\n\u{C}\n").prefix(textBytes))),
            "reading_sender": .text(read.sender), "reading_policy": .text(judgement.policy.cause), "reading_held": .null,
        ])
        if needsPerson { try raise(reading, document) }
        guard let first else { return }
        try judgement.match(first.part, id: first.id)
        try GoingOn.plan(document, judgement.policy)
    }

    private static func values(of finding: Finding, document: Int, part: Int) -> ValueMap {
        let box = [finding.box.left, finding.box.top, finding.box.right, finding.box.bottom].map {
            JSON.double(($0 * 10_000).rounded() / 10_000)
        }
        return [
            "document_id": .int(document), "part_id": .int(part), "field": .text(finding.field.rawValue), "value": .text(finding.value),
            "confidence": .double((finding.confidence * 1_000).rounded() / 1_000), "page": .int(finding.page), "box": .json(.array(box)),
            "rule": .text(finding.rule), "version": .text(DocumentReading.version), "inputs": .json(inputs(finding.evidence)),
        ]
    }

    private static func inputs(_ evidence: Evidence) -> JSON {
        [
            "trust": .double(evidence.trust), "fit": .double(evidence.fit), "letters": .double(evidence.letters),
            "clarity": .double(evidence.clarity), "repeated": .bool(evidence.isRepeated), "rival": .double(evidence.rival),
        ]
    }

    /// Somebody must look at a packet that speaks of several patients, of whom nobody can tell, or of which pages are missing.
    private static func raise(_ reading: DocumentReading, _ document: Record<Document>) throws {
        let (code, sentence, remedy): (String, String, String) =
            if reading.patientCount > 1 {
                (
                    "document.several_patients", "A document speaks of several patients",
                    "Look at its pages. Enter what belongs to one patient, and send the rest as a document of its own."
                )
            } else if reading.missingPages > 0 {
                (
                    "document.pages_missing", "A fax says that it has more pages than came: \(reading.missingPages) missing",
                    "Ask the sender for the missing pages, or enter what came when it is complete without them."
                )
            } else {
                (
                    "document.unsure_packet", "It is not sure which pages of a document belong together",
                    "Look at its pages. Enter what belongs to one patient, and send the rest as a document of its own."
                )
            }
        try ExceptionCase.raise(code, sentence, remedy: remedy, source: "document.reading", on: document.records, in: document.env)
    }

    private static func existing(_ id: Int, _ env: Environment) throws -> Record<Document>? {
        guard try !env.existing([id], in: env.registry.schema(Document.self)).isEmpty else { return nil }
        return env.record(Document.self, id)
    }
}
