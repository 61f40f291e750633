import Base
import Kernel
import Messaging

/// A document that came with a referral, or as one: kept by content, checked, and shown page by page.
public struct Document: Model {
    public static let name = "care.document"
    public static let title = "Document"
    public static let order = "id desc"
    public static let hasChatter = true
    public static let patientPath: String? = "patient_id"

    /// How far it has come.
    public enum State: String, SelectionValue { case received, checked, entered, refused }

    public let displayedName = Char("name", "Name", .required, .size(255))
    public let kind = Char("kind", "Kind", .indexed)
    public let referral = Many2one<Referral>("referral_id", onDelete: .setNull, "Referral", .indexed)
    public let patient = Many2one<Patient>("patient_id", onDelete: .restrict, "Patient", .indexed)
    public let intake = Many2one<Intake>("intake_id", "Arrived with", .readonly)
    public let content = Binary("content", "Content")
    public let mediaType = Char("mimetype", "Media type", .readonly)
    public let digest = Char("digest", "SHA-256", .readonly, .indexed)
    public let size = Integer("file_size", "Size in bytes", .readonly, .aggregator(nil))
    public let state = Selection<State>("state", initial: .received, "State", .required, .readonly, .indexed, .tracked)
    public let refusalCode = Char("refusal_code", "Refused because", .readonly)
    public let pages = One2many<DocumentPage>("page_ids", inverse: \.document, "Pages")
    public let pageCount = Integer("page_count", "Pages", .readonly, .aggregator("sum"))
    public let company = Many2one<Company>("company_id", "Site", .indexed, .initially { .int($0.companyId) })

    public static let actions = [
        Action<Document>(
            "action_enter", "Enter the referral", when: { $0.state == .checked && $0.referral == nil },
            taking: { documents, arguments in .int(try DocumentActions.enter(documents, arguments)) }),
        Action<Document>(
            "action_attach", "Belongs to a referral", when: { $0.state == .checked && $0.referral == nil },
            taking: { documents, arguments in
                try DocumentActions.attach(documents, to: arguments["referral_id"]?.intValue)
                return .bool(true)
            }),
    ]
    public static let lifecycle: Lifecycle<Document> = OwnFields("state", "refusal_code", "digest", "file_size", "page_count", "intake_id")
        .lifecycle(
            afterCreate: { documents in
                try DocumentActions.measured(documents)
                try DocumentActions.joined(documents)
            },
            afterWrite: { documents, names in
                if names.contains("referral_id") || names.contains("kind") { try DocumentActions.joined(documents) }
            })

    public init() {}
}

/// A page of a document as a picture.
public struct DocumentPage: Model {
    public static let name = "care.document.page"
    public static let title = "Page"
    public static let order = "document_id, number"
    public static let nameField = "number"
    public static let patientPath: String? = "document_id.patient_id"
    public static let owner: OwnerLink? = .link("document_id")

    public let document = Many2one<Document>("document_id", onDelete: .cascade, .required, .indexed)
    public let number = Integer("number", "Page", .required, .aggregator(nil))
    public let image = Binary("image", "Picture")
    public let width = Integer("width", .aggregator(nil))
    public let height = Integer("height", .aggregator(nil))

    public init() {}
}

/// A message as it arrived, stored before anybody tried to read it.
public struct Intake: Model {
    public static let name = "care.intake"
    public static let title = "Original message"
    public static let order = "id desc"
    public static let hasChatter = false
    public static let patientPath: String? = "referral_id.patient_id"
    public static let indexes = [["channel", "sender", "control_id"]]

    /// What became of it.
    public enum State: String, SelectionValue { case received, processed, duplicate, failed }

    public let displayedName = Char("name", "Name", .required)
    public let channel = Selection<Channel>("channel", "Channel", .required, .readonly, .indexed)
    public let sender = Char("sender", "Sender", .readonly, .indexed)
    public let controlId = Char("control_id", "Control id", .readonly)
    public let content = Binary("content", "Content", .readonly)
    public let mediaType = Char("mimetype", "Media type", .readonly)
    public let digest = Char("digest", "SHA-256", .readonly, .indexed)
    public let received = Datetime("received_on", "Received on", .readonly, .indexed, .initially { .instant($0.now) })
    public let state = Selection<State>("state", initial: .received, "State", .required, .readonly, .indexed)
    public let retryOn = Datetime("retry_on", "Asked to be tried again on", .readonly)
    public let errorCode = Char("error_code", "Error code", .readonly, .indexed)
    public let errorText = Char("error_text", "Error", .readonly)
    public let answer = Binary("answer", "Answer given", .readonly)
    public let referral = Many2one<Referral>("referral_id", onDelete: .setNull, "Referral", .readonly, .indexed)
    public let company = Many2one<Company>("company_id", "Site", .indexed, .initially { .int($0.companyId) })

    public init() {}
}

/// A record that may be the same as another one, with the reasons.
public struct Match: Model {
    public static let name = "care.match"
    public static let title = "Possible match"
    public static let order = "score desc, id"
    public static let nameField = "kind"
    public static let patientPath: String? = "referral_id.patient_id"
    public static let owner: OwnerLink? = .link("referral_id")

    /// What may be the same.
    public enum Kind: String, SelectionValue { case patient, referral }

    /// What a person said.
    public enum State: String, SelectionValue { case open, same, different }

    public let referral = Many2one<Referral>("referral_id", onDelete: .cascade, "Referral", .required, .indexed)
    public let kind = Selection<Kind>("kind", "What", .required)
    public let patient = Many2one<Patient>("patient_id", onDelete: .cascade, "Patient")
    public let other = Many2one<Referral>("other_id", onDelete: .cascade, "Other referral")
    /// 0 to 1.
    public let score = Float("score", "Score", .aggregator("max"))
    /// What agreed and what did not: a list of `{what, points, note}`.
    public let explanation = Json("explanation", "Why")
    public let state = Selection<State>("state", initial: .open, "State", .required, .readonly, .indexed)
    public let decidedBy = Many2one<User>("decided_by_id", "Decided by", .readonly)

    public static let actions = [
        Action<Match>("action_same", "The same", when: { $0.state == .open }) { try MatchActions.decide($0, same: true) },
        Action<Match>("action_different", "Not the same", when: { $0.state == .open }) { try MatchActions.decide($0, same: false) },
    ]
    public static let lifecycle: Lifecycle<Match> = OwnFields(
        "state", "decided_by_id", "score", "explanation", "kind", "patient_id", "other_id", "referral_id"
    ).lifecycle()

    public init() {}
}
