import Base
import JSON
import Kernel
import Reading
import Referrals

/// Holds what was read against records, and keeps what people say about it.
public enum MatchDesk {
    /// The most candidates that are kept of one subject.
    static let candidateLimit = 5

    /// What was found for one subject.
    struct Finding: Sendable {
        let level: MatchLevel
        let candidates: [RecordMatching.Candidate]
    }

    /// A record that a document may mean, as a form offers it.
    public struct Choice: Hashable, Sendable {
        /// The match's id.
        public let id: Int
        /// Whether a patient, a practice or a payer is meant.
        public let subject: MatchSubject
        /// The record's name.
        public let name: String
        /// How alike it is, 0 to 1.
        public let score: Double
        /// Whether the policy takes it for certain.
        public let isCertain: Bool
        /// What agreed and what did not, in words.
        public let reasons: String
        /// What a person said.
        public let state: DocumentMatch.State
    }

    /// Whom the values of a document may mean, under a policy.
    ///
    /// - Parameters:
    ///   - values: What was read or entered, by the names of the fields.
    ///   - legibility: How well the letters of a field could be read, where its name was guessed by a dictionary.
    static func find(
        _ values: [String: String], legibility: [String: Double] = [:], policy: ReadingPolicy, in env: Environment
    ) throws -> [MatchSubject: Finding] {
        var findings: [MatchSubject: Finding] = [:]
        for subject in MatchSubject.allCases {
            let limits = policy.limits(of: subject)
            let name = values[subject.nameField] ?? ""
            guard !name.isEmpty else {
                findings[subject] = Finding(level: .absent, candidates: [])
                continue
            }
            let candidates =
                switch subject {
                case .patient: try RecordMatching.patients(like: patient(values), atLeast: limits.possible, in: env)
                case .practice, .payer:
                    try RecordMatching.organisations(
                        named: name, payers: subject == .payer, legibility: legibility[subject.nameField] ?? 1, atLeast: limits.possible,
                        in: env)
                }
            findings[subject] = Finding(
                level: level(candidates, limits), candidates: Array(candidates.prefix(candidateLimit)))
        }
        return findings
    }

    /// Certain only where one record alone is.
    private static func level(_ candidates: [RecordMatching.Candidate], _ limits: ReadingPolicy.MatchLimits) -> MatchLevel {
        guard let best = candidates.first else { return .none }
        let isAlone = candidates.count == 1 || candidates[1].score < limits.certain
        return best.score >= limits.certain && isAlone ? .certain : .possible
    }

    /// What was read of a patient, as `care.patient` has it.
    static func patient(_ values: [String: String]) -> ValueMap {
        var patient = ValueMap()
        for name in ["family_name", "given_name", "sex", "phone", "street", "city", "zip", "member_number", "birth_date"] {
            if let value = values[name], !value.isEmpty { patient[name] = .text(value) }
        }
        return patient
    }

    /// Keeps what was found for a part of a document; what was kept before is replaced.
    static func keep(
        _ findings: [MatchSubject: Finding], of document: Record<Document>, part: Int, policy: ReadingPolicy, in env: Environment
    ) throws {
        for (subject, finding) in findings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (place, candidate) in finding.candidates.enumerated() {
                let isCertain = finding.level == .certain && place == 0
                try env.create(
                    DocumentMatch.self,
                    [
                        "document_id": .int(document.id), "part_id": .int(part), "subject": .text(subject.rawValue),
                        (subject == .patient ? "patient_id" : "partner_id"): .int(candidate.id),
                        "score": .double((candidate.score * 1_000).rounded() / 1_000),
                        "level": .text(isCertain ? "certain" : "possible"), "explanation": .json(candidate.explanation),
                        "policy": .text(policy.cause),
                    ])
            }
        }
    }

    /// Looks again, by what people have said so far; what was chosen or refused stays.
    static func renew(_ document: Record<Document>, _ said: ValueMap, in env: Environment) throws {
        let machine = try env.record(Document.self, document.id).siteEnvironment()
        let suggestions = try SuggestionDesk.own(document.id, in: machine)
        guard let part = suggestions.first?.part else { return }
        var values: [String: String] = [:]
        for suggestion in suggestions {
            switch suggestion.state {
            case .proposed: values[suggestion.field] = suggestion.proposal
            case .rejected, .absent: break
            default: values[suggestion.field] = suggestion.outcome
            }
        }
        for entry in said.entries.prefix(50) { values[entry.name] = String((entry.value.textValue ?? "").prefix(500)) }
        let policy = try ReadingPolicy.inForce(company: document.company?.id, in: machine)
        var found = try find(values, policy: policy, in: machine)
        let kept = try matches(of: document.id, in: machine)
        for match in kept where match.state == .open { try match.asSet.unlink() }
        let decided = kept.filter { $0.state != .open }
        for (subject, finding) in found {
            let fresh = finding.candidates.filter { candidate in
                !decided.contains { $0.subject == subject && ($0.patient?.id ?? $0.partner?.id) == candidate.id }
            }
            let isCertain = finding.level == .certain && fresh.first?.id == finding.candidates.first?.id
            found[subject] = Finding(level: isCertain ? .certain : .possible, candidates: fresh)
        }
        try keep(found, of: machine.record(Document.self, document.id), part: part.id, policy: policy, in: machine)
    }

    // MARK: - Deciding

    /// Only one record of a subject is chosen at a time.
    static func choose(_ match: Record<DocumentMatch>) throws {
        let machine = match.env.asSuperuser("what a person says about a match is kept by the machine")
        let same =
            Domain.where("part_id", .equal, match.part.map { .int($0.id) } ?? .null) & .where("state", .equal, "chosen")
            & .where("document_id", .equal, .int(match.document?.id ?? 0))
            & .where("subject", .equal, .text((match.subject ?? .patient).rawValue))
        for other in try machine.search(DocumentMatch.self, same) where other.id != match.id { try other.write(["state": "open"]) }
        try set(match, .chosen)
    }

    static func set(_ match: Record<DocumentMatch>, _ state: DocumentMatch.State) throws {
        let machine = match.env.asSuperuser("what a person says about a match is kept by the machine")
        try machine.record(DocumentMatch.self, match.id).write([
            "state": .text(state.rawValue), "decided_by_id": .int(match.env.user.id), "decided_on": .instant(match.env.now),
        ])
    }

    /// The records that the first referral of a document may mean, for whoever may read the document.
    public static func choices(for document: Int, in env: Environment) throws -> [Choice] {
        try env.checkAccess(.read, env.registry.schema(Document.self), [document])
        let machine = env.asSuperuser("matches belong to the document that was just asked for")
        return try matches(of: document, in: machine).map { match in
            let name = match.subject == .patient ? match.patient.map(described) : match.partner?.displayedName
            return Choice(
                id: match.id, subject: match.subject ?? .patient, name: name ?? "", score: match.score, isCertain: match.level == .certain,
                reasons: reasons(match.explanation), state: match.state ?? .open)
        }
    }

    /// Keeps what a form says of one subject: the chosen match, or that it is none of them.
    public static func settle(_ document: Int, _ subject: MatchSubject, chosen: Int?, in env: Environment) throws {
        try env.checkAccess(.write, env.registry.schema(Document.self), [document])
        let machine = env.asSuperuser("matches belong to the document that was just asked for")
        let own = try matches(of: document, in: machine).filter { $0.subject == subject }
        for match in own where match.id != chosen { try set(env.record(DocumentMatch.self, match.id), .refused) }
        guard let chosen else { return }
        guard own.contains(where: { $0.id == chosen }) else {
            throw Refusal.badValue("match", in: Document.name, expected: "one of the document's own matches")
        }
        try choose(env.record(DocumentMatch.self, chosen))
    }

    /// The matches of the first part that has some.
    static func matches(of document: Int, in machine: Environment) throws -> [Record<DocumentMatch>] {
        let all = try machine.search(DocumentMatch.self, .where("document_id", .equal, .int(document)), order: "id", limit: 200)
        return all.filter { $0.part == all.first?.part }
    }

    private static func described(_ patient: Record<Patient>) -> String {
        let born = patient.birthDate.map { ", born \($0)" } ?? ""
        let place = [patient.street, patient.city].filter { !$0.isEmpty }.joined(separator: ", ")
        return patient.displayedName + born + (place.isEmpty ? "" : ", \(place)")
    }

    private static func reasons(_ explanation: JSON) -> String {
        (explanation.arrayValue ?? []).compactMap { line in
            guard let what = line["what"]?.stringValue, let note = line["note"]?.stringValue else { return nil }
            return "\(what) \(note)"
        }.joined(separator: "; ")
    }
}

extension MatchSubject {
    /// The field whose value names it.
    var nameField: String {
        switch self {
        case .patient: "family_name"
        case .practice: "practice"
        case .payer: "payer"
        }
    }
}

/// Documents are entered with the policy's idea of who is certainly the same.
struct PolicyIdentity: DocumentIdentity {
    func certainScore(for document: Record<Document>) throws -> Double {
        try ReadingPolicy.inForce(company: document.company?.id, in: document.env).limits(of: .patient).certain
    }
}
