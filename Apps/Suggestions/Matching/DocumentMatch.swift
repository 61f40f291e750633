import Base
import Kernel
import Referrals

/// A record that a document may mean: a patient, a practice or a payer, with its score and why.
///
/// It links nothing: a referral is made with the one that a person chose, or that a policy takes for certain.
public struct DocumentMatch: Model {
    public static let name = "care.document.match"
    public static let title = "Record that a document may mean"
    public static let order = "document_id, subject, score desc, id"
    public static let nameField = "subject"
    public static let patientPath: String? = "document_id.patient_id"
    public static let owner: OwnerLink? = .link("document_id")

    /// What was said about it.
    public enum State: String, SelectionValue { case open, chosen, refused }

    public let document = Many2one<Document>("document_id", onDelete: .cascade, "Document", .required, .readonly, .indexed)
    public let part = Many2one<DocumentPart>("part_id", onDelete: .cascade, "Part", .readonly, .indexed)
    public let subject = Selection<MatchSubject>("subject", initial: .patient, "What", .required, .readonly)
    public let patient = Many2one<Patient>("patient_id", onDelete: .cascade, "Patient", .readonly, .indexed)
    public let partner = Many2one<Partner>("partner_id", onDelete: .cascade, "Organisation", .readonly, .indexed)
    /// 0 to 1.
    public let score = Float("score", "Score", .readonly, .aggregator("max"))
    public let level = Selection<MatchLevel>("level", initial: .possible, "How sure", .required, .readonly)
    /// What agreed and what did not: a list of `{what, points, note}`.
    public let explanation = Json("explanation", "Why", .readonly)
    /// The policy whose limits were applied.
    public let policy = Char("policy", "Under", .readonly)
    public let state = Selection<State>("state", initial: .open, "State", .required, .readonly, .indexed)
    public let decidedBy = Many2one<User>("decided_by_id", "Decided by", .readonly)
    public let decidedOn = Datetime("decided_on", "Decided on", .readonly)

    public static let actions = [
        Action<DocumentMatch>("action_choose", "This one", when: { try isUndecided($0) && $0.state != .chosen }) { matches in
            for match in matches { try MatchDesk.choose(match) }
        },
        Action<DocumentMatch>("action_refuse", "Not this one", when: { try isUndecided($0) && $0.state != .refused }) { matches in
            for match in matches { try MatchDesk.set(match, .refused) }
        },
    ]
    public static let lifecycle = Lifecycle<DocumentMatch>(
        beforeWrite: { matches, values in
            guard !matches.env.isSuperuser, let name = values.names.first else { return }
            throw Refusal.byActionOnly(name, DocumentMatch.name)
        })

    public init() {}

    /// Whether the document has not become a referral yet.
    private static func isUndecided(_ match: Record<DocumentMatch>) throws -> Bool {
        guard let document = match.document else { return false }
        return document.state == .checked && document.referral == nil
    }
}

extension Refusal {
    static func byActionOnly(_ field: String, _ model: String) -> Refusal {
        Refusal(
            "record.by_action_only", .validation, "'\(field)' of \(model) is changed by actions, not by writing it.",
            instruction: "Ask for the record's actions and call one.")
    }
}
