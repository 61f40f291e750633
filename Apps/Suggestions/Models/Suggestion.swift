import Base
import Kernel
import Reading
import Referrals

/// A value that the machine read from a document for one field, and what a person made of it.
///
/// It changes nothing by itself: only what a person enters does.
public struct Suggestion: Model {
    public static let name = "care.suggestion"
    public static let title = "Suggestion"
    public static let order = "document_id, id"
    public static let nameField = "field"
    public static let patientPath: String? = "document_id.patient_id"
    public static let owner: OwnerLink? = .link("document_id")
    public static let indexes = [["field", "state"]]

    /// What became of it.
    public enum State: String, SelectionValue {
        case proposed, accepted, corrected, rejected
        /// The person says that the document does not say it.
        case absent
        /// The machine found nothing; a person did.
        case missed
    }

    /// How sure it is under the policy that judged it.
    public enum Standing: String, SelectionValue {
        /// Sure enough to go on where the policy lets things go on by themselves.
        case sure
        /// Filled in, to be looked at.
        case shown
        /// Only told.
        case doubtful
    }

    public let document = Many2one<Document>("document_id", onDelete: .cascade, "Document", .required, .readonly, .indexed)
    public let part = Many2one<DocumentPart>("part_id", onDelete: .cascade, "Part", .readonly, .indexed)
    public let field = Char("field", "Field", .required, .readonly, .size(60))
    public let proposal = Text("value", "Read", .readonly)
    public let confidence = Float("confidence", "Confidence", .readonly, .aggregator("avg"))
    public let page = Integer("page", "Page", .readonly, .aggregator(nil))
    /// Left, top, right and bottom in shares of the page's width and height, 0 to 1.
    public let box = Json("box", "Place", .readonly)
    public let rule = Char("rule", "Found by", .readonly)
    /// What the confidence was computed from: `trust`, `fit`, `letters`, `clarity`, `repeated`, `rival`.
    public let inputs = Json("inputs", "Computed from", .readonly)
    public let version = Char("version", "Version of the reader", .readonly, .indexed)
    public let standing = Selection<Standing>("standing", initial: .doubtful, "How sure", .readonly, .indexed)
    /// The version of the policy that judged it: `reading:documents@3`.
    public let policy = Char("policy", "Judged under", .readonly, .indexed)
    /// The version of the policy that accepted it without a person; empty where a person decided.
    public let acceptedUnder = Char("accepted_under", "Accepted under", .readonly)
    /// Who sent the document, as far as that is known: an address, a number, a practice.
    public let sender = Char("sender", "Sender", .readonly, .indexed)
    /// Which of the sender's forms it is.
    public let form = Char("form", "Form", .readonly, .indexed)
    public let state = Selection<State>("state", initial: .proposed, "State", .required, .readonly, .indexed)
    public let outcome = Text("final_value", "Entered", .readonly)
    public let decidedBy = Many2one<User>("decided_by_id", "Decided by", .readonly)
    public let decidedOn = Datetime("decided_on", "Decided on", .readonly)
    /// Where what a person entered stands, beside which words; null until it was looked for.
    public let place = Json("place", "Learned place", .readonly)

    public static let methods = [
        Method<Suggestion>(
            "quality", ["by", "days"], readsOnly: true, onModel: { env, arguments in try ReadingQuality.rows(env, arguments) })
    ]
    public static let actions = [
        Action<Suggestion>("action_accept", "Right", when: { $0.state == .proposed }) { suggestions in
            for suggestion in suggestions { try SuggestionDesk.decide(suggestion, .accepted, suggestion.proposal) }
        },
        Action<Suggestion>(
            "action_correct", "Correct it", when: { $0.state == .proposed },
            taking: { suggestions, arguments in
                guard let value = arguments["value"]?.textValue, !value.isEmpty, value.utf8.count <= SuggestionDesk.valueBytes else {
                    throw Refusal.badValue(
                        "value", in: Suggestion.name, expected: "the right value, at most \(SuggestionDesk.valueBytes) bytes")
                }
                for suggestion in suggestions {
                    try SuggestionDesk.decide(suggestion, SuggestionDesk.state(of: suggestion.proposal, entered: value), value)
                }
                return .bool(true)
            }),
        Action<Suggestion>("action_reject", "Wrong", when: { $0.state == .proposed }) { suggestions in
            for suggestion in suggestions { try SuggestionDesk.decide(suggestion, .rejected, "") }
        },
        Action<Suggestion>("action_absent", "Not on the page", when: { $0.state == .proposed }) { suggestions in
            for suggestion in suggestions { try SuggestionDesk.decide(suggestion, .absent, "") }
        },
        Action<Suggestion>(
            "action_reopen", "Decide again", when: { $0.state != .proposed && $0.state != .missed && $0.document?.state == .checked }
        ) { suggestions in
            for suggestion in suggestions { try SuggestionDesk.reopen(suggestion) }
        },
    ]
    /// What was read and decided is set by the reader and by actions only.
    public static let lifecycle = Lifecycle<Suggestion>(
        beforeWrite: { suggestions, values in
            guard !suggestions.env.isSuperuser, let name = values.names.first else { return }
            throw Refusal.byActionOnly(name, Suggestion.name)
        })

    public init() {}
}

/// Pages of a document that belong together, as the machine sees it: a referral, a note, a card.
public struct DocumentPart: Model {
    public static let name = "care.document.part"
    public static let title = "Part of a document"
    public static let order = "document_id, number"
    public static let nameField = "kind"
    public static let patientPath: String? = "document_id.patient_id"
    public static let owner: OwnerLink? = .link("document_id")

    public let document = Many2one<Document>("document_id", onDelete: .cascade, "Document", .required, .readonly, .indexed)
    public let number = Integer("number", "Number", .readonly, .aggregator(nil))
    /// `referral`, `note`, `card`, `authorization`, `result`, `identification`, `cover`, `blank` or `other`.
    public let kind = Char("kind", "Kind", .readonly, .indexed)
    public let confidence = Float("confidence", "Confidence", .readonly, .aggregator("avg"))
    /// The numbers of its pages.
    public let pages = Json("pages", "Pages", .readonly)
    /// Which patient of the packet, counted from 1; 0 when that cannot be told.
    public let patientNumber = Integer("patient_number", "Patient of the packet", .readonly, .aggregator(nil))
    /// Whether a person said what it is.
    public let isChecked = Flag("is_checked", "Told by a person", .readonly, .initial(false))

    public static let actions = PartActions.all
    /// What pages are was read, or is told by actions.
    public static let lifecycle = Lifecycle<DocumentPart>(
        beforeWrite: { parts, values in
            guard !parts.env.isSuperuser, let name = values.names.first else { return }
            throw Refusal.byActionOnly(name, DocumentPart.name)
        })

    public init() {}
}

/// What a document has of its reading.
struct ReadDocument: ModelExtension {
    typealias Base = Document

    /// How far the reading has come.
    enum Reading: String, SelectionValue {
        case none, waiting, done, failed
        /// Read, but a person must say which pages belong to whom.
        case unsure
    }

    let reading = Selection<Reading>("reading_state", initial: Reading.none, "Reading", .readonly, .indexed)
    let readingCode = Char("reading_code", "Not read because", .readonly)
    let text = Text("text", "Text of the pages", .readonly)
    let parts = One2many<DocumentPart>("part_ids", inverse: \.document, "Parts")
    let suggestions = One2many<Suggestion>("suggestion_ids", inverse: \.document, "Suggestions")
    let matches = One2many<DocumentMatch>("match_ids", inverse: \.document, "Records that may be meant")
    /// Who sent it, as far as that is known: an address, a number, a practice.
    let sender = Char("reading_sender", "Sender", .readonly, .indexed)
    /// The version of the policy that judged what was read.
    let policy = Char("reading_policy", "Judged under", .readonly)
    /// What kept it from going on by itself, a line for each reason; empty when nothing did.
    let held = Text("reading_held", "Waits for a person because", .readonly)

    init() {}
}
