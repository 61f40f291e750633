import Kernel
import Reading
import Referrals

/// Shows a document's suggestions beside its form, and keeps what people made of them.
public enum SuggestionDesk {
    /// The longest value that is kept, in bytes.
    public static let valueBytes = 5_000

    /// What is proposed for one field of a document's form.
    public struct Proposal: Hashable, Sendable {
        /// The field, by its name in the form.
        public let field: String
        /// What was read.
        public let value: String
        /// The estimated probability that it is right, 0 to 1.
        public let confidence: Double
        /// The page on which it stands.
        public let page: Int
    }

    /// What the first referral of a document says, for whoever may read the document.
    public static func proposals(for document: Int, in env: Environment) throws -> [Proposal] {
        try env.checkAccess(.read, env.registry.schema(Document.self), [document])
        return try open(document, in: env.asSuperuser("suggestions belong to the document that was just asked for")).map {
            Proposal(field: $0.field, value: $0.proposal, confidence: $0.confidence, page: $0.page)
        }
    }

    /// Suggestions of the first part that has some and that nobody has decided about.
    private static func open(_ document: Int, in env: Environment) throws -> [Record<Suggestion>] {
        let domain = Domain.where("document_id", .equal, .int(document)) & .where("state", .equal, "proposed")
        let all = try env.search(Suggestion.self, domain, order: "id", limit: 500)
        guard let first = all.first else { return [] }
        return all.filter { $0.part == first.part }
    }

    /// Keeps what a person entered, field by field: accepted as read, corrected, or rejected; and what the machine had missed.
    ///
    /// - Parameter entered: What was entered, by field, in the form of the field; a field that was not asked for is left out.
    public static func settle(_ document: Int, entered: [String: String], in env: Environment) throws {
        try env.checkAccess(.write, env.registry.schema(Document.self), [document])
        let machine = env.asSuperuser("what became of a suggestion is kept by the machine")
        let proposed = try open(document, in: machine)
        guard let first = proposed.first else { return }
        for suggestion in proposed {
            guard let value = entered[suggestion.field] else { continue }
            try keep(suggestion, state(of: suggestion.proposal, entered: value), value, by: env)
        }
        let known = Set(proposed.map(\.field))
        for (field, value) in entered.sorted(by: { $0.key < $1.key })
        where !known.contains(field) && !value.isEmpty && ReadingField(rawValue: field) != nil {
            try machine.create(
                Suggestion.self,
                [
                    "document_id": .int(document), "part_id": first.part.map { .int($0.id) } ?? .null, "field": .text(field), "value": "",
                    "confidence": 0, "rule": "none", "version": .text(DocumentReading.version), "state": "missed",
                    "final_value": .text(String(value.prefix(valueBytes))), "decided_by_id": .int(env.user.id),
                    "decided_on": .instant(env.now),
                ])
        }
    }

    /// What entering a value makes of a proposal; capitals and spaces make no difference.
    static func state(of proposal: String, entered: String) -> Suggestion.State {
        if plain(entered).isEmpty { return .rejected }
        return plain(proposal) == plain(entered) ? .accepted : .corrected
    }

    private static func plain(_ text: String) -> String {
        text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "," }).joined(separator: " ")
    }

    static func decide(_ suggestion: Record<Suggestion>, _ state: Suggestion.State, _ value: String) throws {
        let machine = suggestion.env.asSuperuser("what became of a suggestion is kept by the machine")
        try keep(machine.record(Suggestion.self, suggestion.id), state, value, by: suggestion.env)
    }

    private static func keep(_ suggestion: Record<Suggestion>, _ state: Suggestion.State, _ value: String, by env: Environment) throws {
        try suggestion.write([
            "state": .text(state.rawValue), "final_value": .text(String(value.prefix(valueBytes))), "decided_by_id": .int(env.user.id),
            "decided_on": .instant(env.now),
        ])
    }
}
