import Base
import Kernel
import Messaging

/// What the specialist wrote back.
public struct Note: Model {
    public static let name = "care.note"
    public static let title = "Consult note"
    public static let order = "received_on desc, id desc"
    public static let hasChatter = true
    public static let patientPath: String? = "patient_id"

    /// Whether the loop is closed by it.
    public enum State: String, SelectionValue { case received, matched, acknowledged }

    public let displayedName = Char("name", "Title", .required)
    public let referral = Many2one<Referral>("referral_id", onDelete: .restrict, "Referral", .indexed)
    public let patient = Many2one<Patient>(
        "patient_id", onDelete: .restrict, "Patient", .indexed, .related("referral_id.patient_id", stored: true))
    public let author = Many2one<Partner>("author_id", "Author")
    public let text = Html("text", "Text")
    public let document = Many2one<Document>("document_id", "Document")
    public let received = Datetime("received_on", "Received on", .readonly, .initially { .instant($0.now) })
    public let state = Selection<State>("state", initial: .received, "State", .required, .readonly, .indexed, .tracked)
    public let acknowledgedBy = Char("acknowledged_by", "Acknowledged by", .readonly)
    public let acknowledgedOn = Datetime("acknowledged_on", "Acknowledged on", .readonly)
    public let company = Many2one<Company>("company_id", "Site", .indexed, .initially { .int($0.companyId) })

    public static let actions = [
        Action<Note>("action_match", "Belongs to the referral", when: { $0.state == .received && $0.referral != nil }) { notes in
            try LoopClosure.match(notes)
        },
        Action<Note>(
            "action_acknowledge", "Acknowledged by the referrer", when: { $0.state == .matched },
            taking: { notes, arguments in
                try LoopClosure.acknowledge(notes, by: arguments["acknowledged_by"]?.textValue ?? "")
                return .bool(true)
            }),
    ]
    public static let lifecycle: Lifecycle<Note> = OwnFields("state", "acknowledged_by", "acknowledged_on").lifecycle()

    public init() {}
}
