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
            try requirements.write([
                "state": "missing", "document_id": .null, "waived_by_id": .null, "waived_on": .null, "reason_id": .null,
            ])
        },
    ]

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
        Action<Authorization>("action_pend", "Pended", when: { $0.state == .submitted }) { try $0.write(["state": "pended"]) },
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
        Action<Authorization>("action_appeal", "Appeal", when: { $0.state == .denied }) { try $0.write(["state": "appealed"]) },
    ]

    public init() {}
}

/// A time that a service offers.
public struct Slot: Model {
    public static let name = "care.slot"
    public static let title = "Slot"
    public static let order = "start, id"
    public static let nameField = "start"
    public static let indexes = [["service_id", "state", "start"]]

    /// FHIR's Slot.status, as far as it is used here.
    public enum State: String, SelectionValue {
        case free, busy, blocked = "busy-unavailable"
    }

    public let service = Many2one<Service>("service_id", onDelete: .cascade, "Service", .required, .indexed)
    public let practitioner = Many2one<Partner>("practitioner_id", "Practitioner")
    public let start = Datetime("start", "Start", .required, .indexed)
    public let stop = Datetime("stop", "End", .required)
    public let state = Selection<State>("state", initial: .free, "State", .required, .indexed)
    public let company = Many2one<Company>("company_id", "Site", .related("service_id.company_id", stored: true))

    public static let constraints = [
        Constraint<Slot>("start", "stop") { slot in
            guard let start = slot.start, let stop = slot.stop, stop <= start else { return }
            throw Refusal("slot.times", .validation, "A slot must end after it starts.", instruction: "Check the times.")
        }
    ]

    public init() {}
}

/// A patient's time with a specialist.
public struct Appointment: Model {
    public static let name = "care.appointment"
    public static let title = "Appointment"
    public static let order = "start desc, id desc"
    public static let nameField = "start"
    public static let hasChatter = true
    public static let patientPath: String? = "referral_id.patient_id"
    public static let owner: OwnerLink? = .link("referral_id")

    /// FHIR's Appointment.status, as far as it is used here.
    public enum State: String, SelectionValue { case proposed, booked, arrived, fulfilled, cancelled, noshow }

    public let referral = Many2one<Referral>("referral_id", onDelete: .cascade, "Referral", .required, .indexed)
    public let slot = Many2one<Slot>("slot_id", onDelete: .restrict, "Slot", .indexed)
    public let service = Many2one<Service>("service_id", onDelete: .restrict, "Service", .indexed)
    public let practitioner = Many2one<Partner>("practitioner_id", "Practitioner")
    public let start = Datetime("start", "Start", .indexed)
    public let stop = Datetime("stop", "End")
    public let state = Selection<State>("state", initial: .booked, "State", .required, .readonly, .indexed, .tracked)
    public let reason = Many2one<Reason>("reason_id", "Reason", .readonly)
    public let comment = Text("comment", .readonly)

    public static let actions = [
        Action<Appointment>("action_arrive", "Arrived", when: { $0.state == .booked }) { try $0.write(["state": "arrived"]) },
        Action<Appointment>("action_fulfil", "Seen", when: { $0.state == .booked || $0.state == .arrived }) { appointments in
            try Scheduling.fulfil(appointments)
        },
        Action<Appointment>(
            "action_cancel", "Cancel", when: { $0.state == .booked || $0.state == .proposed },
            taking: { appointments, arguments in
                try Scheduling.cancel(appointments, arguments, as: .cancelled, kind: .appointment)
                return .bool(true)
            }),
        Action<Appointment>(
            "action_no_show", "Did not come", when: { $0.state == .booked },
            taking: { appointments, arguments in
                try Scheduling.cancel(appointments, arguments, as: .noshow, kind: .noShow)
                return .bool(true)
            }),
    ]

    public init() {}
}

/// What the specialist wrote back.
public struct Note: Model {
    public static let name = "care.note"
    public static let title = "Consult note"
    public static let order = "received_on desc, id desc"
    public static let hasChatter = true
    public static let patientPath: String? = "patient_id"
    public static let owner: OwnerLink? = .link("referral_id")

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

    public static let actions = [
        Action<Note>("action_match", "Belongs to the referral", when: { $0.state == .received && $0.referral != nil }) { notes in
            try notes.write(["state": "matched"])
        },
        Action<Note>(
            "action_acknowledge", "Acknowledged by the referrer", when: { $0.state == .matched },
            taking: { notes, arguments in
                try LoopClosure.acknowledge(notes, by: arguments["acknowledged_by"]?.textValue ?? "")
                return .bool(true)
            }),
    ]

    public init() {}
}
