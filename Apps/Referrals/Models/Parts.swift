import Base
import Kernel
import Messaging

/// One thing that must be there before a referral can go on.
public struct Requirement: Model {
    public static let name = "care.requirement"
    public static let title = "Requirement"
    public static let order = "sequence, id"
    public static let patientPath: String? = "referral_id.patient_id"
    public static let owner: OwnerLink? = .link("referral_id")

    /// Whether it is there.
    public enum State: String, SelectionValue { case missing, received, waived }

    public let displayedName = Char("name", "Name", .required)
    public let referral = Many2one<Referral>("referral_id", onDelete: .cascade, "Referral", .required, .indexed)
    public let code = Char("code", "Code", .required, .indexed)
    public let rule = Char("rule", "Asked for by", .readonly)
    public let state = Selection<State>("state", initial: .missing, "State", .required, .indexed)
    public let sequence = Integer("sequence", .initial(10), .aggregator(nil))
    public let document = Many2one<Document>("document_id", "Fulfilled by")
    public let waivedBy = Many2one<User>("waived_by_id", "Waived by", .readonly)
    public let waivedOn = Datetime("waived_on", "Waived on", .readonly)
    public let reason = Many2one<Reason>("reason_id", "Reason", .readonly)
    public let comment = Text("comment", "Comment", .readonly)
    public let requestedOn = Datetime("requested_on", "Asked for on", .readonly)

    public static let actions = [
        Action<Requirement>(
            "action_receive", "It is here", when: { $0.state == .missing },
            taking: { requirements, arguments in
                try RequirementActions.receive(requirements, document: arguments["document_id"]?.intValue)
                return .bool(true)
            }),
        Action<Requirement>(
            "action_waive", "Waive", groups: ["referrals.group_manager"], when: { $0.state == .missing },
            taking: { requirements, arguments in
                try RequirementActions.waive(requirements, arguments)
                return .bool(true)
            }),
        Action<Requirement>("action_miss", "Not here after all", when: { $0.state != .missing }) { requirements in
            try RequirementActions.miss(requirements)
        },
    ]
    public static let lifecycle: Lifecycle<Requirement> = OwnFields(
        "state", "document_id", "waived_by_id", "waived_on", "reason_id", "comment", "requested_on"
    ).lifecycle()

    public init() {}
}

/// The payer's permission for a referral.
public struct Authorization: Model {
    public static let name = "care.authorization"
    public static let title = "Authorization"
    public static let order = "id desc"
    public static let nameField = "number"
    public static let hasChatter = true
    public static let patientPath: String? = "referral_id.patient_id"
    public static let owner: OwnerLink? = .link("referral_id")

    /// Where the payer stands.
    public enum State: String, SelectionValue {
        case needed, submitted, pended, approved, denied, appealed, notRequired = "not_required"
    }

    public let number = Char("number", "Authorization number", .indexed)
    public let referral = Many2one<Referral>("referral_id", onDelete: .cascade, "Referral", .required, .indexed)
    public let payer = Many2one<Partner>("payer_id", onDelete: .restrict, "Payer", .indexed)
    public let state = Selection<State>("state", initial: .needed, "State", .required, .indexed, .tracked)
    public let isExpedited = Flag("expedited", "Expedited", .initial(false))
    public let submitted = Datetime("submitted_on", "Submitted on", .readonly)
    /// When the payer must have decided: 72 hours expedited, 7 days standard (CMS-0057-F).
    public let due = Datetime("decision_due", "Decision due", .readonly)
    public let decided = Datetime("decided_on", "Decided on", .readonly)
    public let validFrom = DateField("valid_from", "Valid from")
    public let validTo = DateField("valid_to", "Valid to")
    public let denialReason = Text("denial_reason", "Reason of the denial")

    public static let actions = [
        Action<Authorization>("action_submit", "Submitted to the payer", when: { $0.state == .needed || $0.state == .denied }) { list in
            try AuthorizationActions.submit(list)
        },
        Action<Authorization>("action_pend", "Pended", when: { $0.state == .submitted }) { list in
            try AuthorizationActions.set(list, .pended)
        },
        Action<Authorization>(
            "action_approve", "Approved", when: { [.submitted, .pended, .appealed].contains($0.state) },
            taking: { list, arguments in
                try AuthorizationActions.approve(list, arguments)
                return .bool(true)
            }),
        Action<Authorization>(
            "action_deny", "Denied", when: { [.submitted, .pended, .appealed].contains($0.state) },
            taking: { list, arguments in
                try AuthorizationActions.deny(list, arguments)
                return .bool(true)
            }),
        Action<Authorization>("action_appeal", "Appeal", when: { $0.state == .denied }) { list in
            try AuthorizationActions.set(list, .appealed)
        },
        Action<Authorization>(
            "action_not_required", "Not required", when: { $0.state != .approved && $0.state != .notRequired },
            taking: { list, arguments in
                try AuthorizationActions.waive(list, arguments)
                return .bool(true)
            }),
    ]
    public static let lifecycle: Lifecycle<Authorization> = OwnFields("state", "submitted_on", "decision_due", "decided_on").lifecycle()

    public init() {}
}
