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
        /// What was read, or what a person has said it is.
        public let value: String
        /// The estimated probability that it is right, 0 to 1.
        public let confidence: Double
        /// The page on which it stands.
        public let page: Int
        /// Whether the policy lets it be filled in; else it is only told.
        public let isShown: Bool
        /// Whether a person has said already that it is so.
        public let isDecided: Bool
    }

    /// What the first referral of a document says, for whoever may read the document.
    public static func proposals(for document: Int, in env: Environment) throws -> [Proposal] {
        try env.checkAccess(.read, env.registry.schema(Document.self), [document])
        return try own(document, in: env.asSuperuser("suggestions belong to the document that was just asked for")).compactMap {
            let isDecided = $0.state == .accepted || $0.state == .corrected
            guard isDecided || $0.state == .proposed else { return nil }
            return Proposal(
                field: $0.field, value: isDecided ? $0.outcome : $0.proposal, confidence: $0.confidence, page: $0.page,
                isShown: isDecided || $0.standing != .doubtful, isDecided: isDecided)
        }
    }

    /// What people have said is right, by field.
    static func confirmed(_ document: Int, in env: Environment) throws -> [String: String] {
        var values: [String: String] = [:]
        for proposal in try proposals(for: document, in: env) where proposal.isDecided { values[proposal.field] = proposal.value }
        return values
    }

    /// Suggestions of one part of a document, else of the first that has some, whatever was decided about them.
    static func own(_ document: Int, part: Int? = nil, in machine: Environment) throws -> [Record<Suggestion>] {
        let all = try machine.search(Suggestion.self, .where("document_id", .equal, .int(document)), order: "id", limit: 500)
        return all.filter { part == nil ? $0.part == all.first?.part : $0.part?.id == part }
    }

    /// Keeps what was entered, field by field: accepted as read, corrected, or rejected; and what the machine had missed.
    ///
    /// - Parameters:
    ///   - entered: What was entered, by field, in the form of the field; a field that was not asked for is left out.
    ///   - part: The part that was entered, where a person chose one.
    ///   - version: The policy that took it for sure; nil where a person entered it.
    public static func settle(
        _ document: Int, entered: [String: String], part: Int? = nil, under version: String? = nil, in env: Environment
    ) throws {
        try env.checkAccess(.write, env.registry.schema(Document.self), [document])
        let machine = env.asSuperuser("what became of a suggestion is kept by the machine")
        let suggestions = try own(document, part: part, in: machine)
        guard let first = suggestions.first else { return }
        for suggestion in suggestions {
            guard let value = entered[suggestion.field] else { continue }
            // What a person had decided before stands where the same was entered.
            if suggestion.state != .proposed, plain(suggestion.outcome) == plain(value) { continue }
            try keep(suggestion, state(of: suggestion.proposal, entered: value), value, under: version, by: env)
        }
        let known = Set(suggestions.map(\.field))
        var hasMissed = false
        for (field, value) in entered.sorted(by: { $0.key < $1.key })
        where !known.contains(field) && !value.isEmpty && ReadingField(rawValue: field) != nil {
            hasMissed = true
            try machine.create(
                Suggestion.self,
                [
                    "document_id": .int(document), "part_id": first.part.map { .int($0.id) } ?? .null, "field": .text(field), "value": "",
                    "confidence": 0, "rule": "none", "version": .text(DocumentReading.version), "state": "missed", "standing": "doubtful",
                    "final_value": .text(String(value.prefix(valueBytes))), "decided_by_id": .int(env.user.id),
                    "decided_on": .instant(env.now), "policy": .text(first.policy), "sender": .text(first.sender),
                    "form": .text(first.form),
                ])
        }
        if hasMissed { try Learning.plan(machine.record(Document.self, document)) }
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
        try keep(machine.record(Suggestion.self, suggestion.id), state, value, under: nil, by: suggestion.env)
    }

    /// Takes a decision back, as long as the document is not entered.
    static func reopen(_ suggestion: Record<Suggestion>) throws {
        let machine = suggestion.env.asSuperuser("what became of a suggestion is kept by the machine")
        guard machine.record(Suggestion.self, suggestion.id).document?.state == .checked else {
            throw Refusal(
                "suggestion.entered", .conflict, "The document is entered already.", instruction: "Change the referral that was made of it."
            )
        }
        try machine.record(Suggestion.self, suggestion.id).write([
            "state": "proposed", "final_value": .null, "decided_by_id": .null, "decided_on": .null, "accepted_under": .null,
        ])
    }

    private static func keep(
        _ suggestion: Record<Suggestion>, _ state: Suggestion.State, _ value: String, under version: String?, by env: Environment
    ) throws {
        try suggestion.write([
            "state": .text(state.rawValue), "final_value": .text(String(value.prefix(valueBytes))), "decided_by_id": .int(env.user.id),
            "decided_on": .instant(env.now), "accepted_under": version.map { .text($0) } ?? .null,
        ])
        guard version == nil else { return }
        try LayoutDesk.note(suggestion, state, in: suggestion.env)
        if state == .corrected, let document = suggestion.document { try Learning.plan(document) }
    }
}
