import JSON
import Kernel
import Reading
import Referrals

/// A person says what the pages of a packet are and whose, where the machine was wrong or not sure.
enum PartActions {
    /// The most patients of one packet.
    private static let patientLimit = 99

    static let all = [
        Action<DocumentPart>(
            "action_classify", "Say what it is", when: { isOpen($0) },
            taking: { parts, arguments in
                for part in parts { try classify(part, arguments) }
                return .bool(true)
            }),
        Action<DocumentPart>(
            "action_split", "Begin another part", when: { isOpen($0) && pages(of: $0).count > 1 },
            taking: { parts, arguments in
                .ids(try parts.map { try split($0, at: arguments["page"]?.intValue ?? 0) })
            }),
        Action<DocumentPart>("action_join", "Belongs to the part before", when: { isOpen($0) && $0.number > 1 }) { parts in
            for part in parts { try join(part) }
        },
    ]

    /// Once a referral was made of a document, its parts stay as they were told.
    private static func isOpen(_ part: Record<DocumentPart>) -> Bool { part.document?.state == .checked }

    static func pages(of part: Record<DocumentPart>) -> [Int] { (part.pages.arrayValue ?? []).compactMap(\.intValue) }

    private static func classify(_ part: Record<DocumentPart>, _ arguments: ValueMap) throws {
        var values: ValueMap = ["is_checked": true, "confidence": 1]
        if let kind = arguments["kind"]?.textValue {
            guard PageKind(rawValue: kind) != nil else {
                throw Refusal.badValue(
                    "kind", in: DocumentPart.name, expected: "one of " + PageKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            values["kind"] = .text(kind)
        }
        if let patient = arguments["patient_number"], !patient.isFalsy {
            guard let number = patient.intValue, (1...patientLimit).contains(number) else {
                throw Refusal.badValue("patient_number", in: DocumentPart.name, expected: "a number from 1 to \(patientLimit)")
            }
            values["patient_number"] = .int(number)
        }
        let own = machine(part)
        try own.write(values)
        try settle(own.document)
    }

    /// The pages from one on become a part of their own, with what was read on them.
    private static func split(_ part: Record<DocumentPart>, at page: Int) throws -> Int {
        let own = machine(part)
        let (kept, moved) = (pages(of: own).filter { $0 < page }, pages(of: own).filter { $0 >= page })
        guard !kept.isEmpty, !moved.isEmpty else {
            throw Refusal.badValue("page", in: DocumentPart.name, expected: "a page of the part, but not its first")
        }
        for later in try siblings(of: own) where later.number > own.number { try later.write(["number": .int(later.number + 1)]) }
        let other = try own.env.create(
            DocumentPart.self,
            [
                "document_id": own.document.map { .int($0.id) } ?? .null, "number": .int(own.number + 1), "kind": .text(own.kind),
                "confidence": .double(own.confidence), "pages": json(moved), "patient_number": .int(own.patientNumber), "is_checked": true,
            ])
        try own.write(["pages": json(kept), "is_checked": true])
        for suggestion in try read(in: own) where suggestion.page >= page { try suggestion.write(["part_id": .int(other.id)]) }
        return other.id
    }

    /// Its pages, and what was read on them, join the part before.
    private static func join(_ part: Record<DocumentPart>) throws {
        let own = machine(part)
        let all = try siblings(of: own)
        guard let before = all.last(where: { $0.number < own.number }) else { return }
        let known = Set(try read(in: before).map(\.field))
        for suggestion in try read(in: own) {
            // One form asks once: what stands in the part before goes first.
            if known.contains(suggestion.field) {
                try own.env.records(Suggestion.self, [suggestion.id]).unlink()
            } else {
                try suggestion.write(["part_id": .int(before.id)])
            }
        }
        try before.write(["pages": json((pages(of: before) + pages(of: own)).sorted()), "is_checked": true])
        for later in all where later.number > own.number { try later.write(["number": .int(later.number - 1)]) }
        let document = own.document
        try own.env.records(DocumentPart.self, [own.id]).unlink()
        try settle(document)
    }

    /// A packet of one patient whose every part was told is not unsure any more.
    private static func settle(_ document: Record<Document>?) throws {
        guard let document, document[\ReadDocument.reading] == .unsure else { return }
        let parts = document[\ReadDocument.parts]
        guard parts.allSatisfy({ $0.patientNumber > 0 }), Set(parts.map(\.patientNumber)).count <= 1 else { return }
        try document.write(["reading_state": "done"])
    }

    private static func machine(_ part: Record<DocumentPart>) -> Record<DocumentPart> {
        part.env.asSuperuser("what pages are is kept by the machine").record(DocumentPart.self, part.id)
    }

    private static func siblings(of part: Record<DocumentPart>) throws -> [Record<DocumentPart>] {
        let domain = Domain.where("document_id", .equal, part.document.map { .int($0.id) } ?? .null)
        return try Array(part.env.search(DocumentPart.self, domain, order: "number", limit: 100))
    }

    private static func read(in part: Record<DocumentPart>) throws -> [Record<Suggestion>] {
        try Array(part.env.search(Suggestion.self, .where("part_id", .equal, .int(part.id)), order: "id", limit: 500))
    }

    private static func json(_ pages: [Int]) -> Value { .json(.array(pages.map { JSON($0) })) }
}
