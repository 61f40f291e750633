import Base
import Kernel
import Messaging

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
        Action<Appointment>("action_arrive", "Arrived", when: { $0.state == .booked }) { appointments in
            try Scheduling.set(appointments, .arrived)
        },
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
    public static let lifecycle: Lifecycle<Appointment> = OwnFields(
        "state", "referral_id", "slot_id", "service_id", "start", "stop", "reason_id", "comment"
    ).lifecycle()

    public init() {}
}
