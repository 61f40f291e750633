import Base
import Kernel
import Messaging

/// A request that a patient be seen by a specialist, from its arrival to the acknowledged consult note.
public struct Referral: Model {
    public static let name = "care.referral"
    public static let title = "Referral"
    public static let order = "priority desc, received_on, id"
    public static let hasChatter = true
    public static let patientPath: String? = "patient_id"
    public static let searchFields = ["name", "patient_id.name"]
    public static let unique = [Unique("name", "company_id", message: "This referral number is taken.")]
    public static let indexes = [["stage", "company_id", "specialty_id"], ["sender", "external_id"]]

    public let number = Char("name", "Number", .readonly, .indexed, .notCopied)
    public let patient = Many2one<Patient>("patient_id", onDelete: .restrict, "Patient", .indexed, .tracked)
    public let stage = Selection<Stage>("stage", initial: .received, "Stage", .required, .readonly, .indexed, .tracked, .notCopied)
    public let stageSince = Datetime("stage_since", "In this stage since", .readonly, .notCopied, .initially { .instant($0.now) })
    public let urgency = Selection<Urgency>("urgency", initial: .routine, "Urgency", .required, .indexed, .tracked)
    public let priority = Integer(
        "priority", "Priority", .aggregator(nil),
        .computed(on: "urgency", stored: true) { (referral: Record<Referral>) in
            switch referral.urgency {
            case .stat: 2
            case .urgent: 1
            default: 0
            }
        })
    public let specialty = Many2one<Specialty>("specialty_id", onDelete: .restrict, "Specialty", .indexed, .tracked)
    public let requested = Char("requested_service", "Requested service", .size(500))
    public let reasonText = Text("reason_text", "Reason for referral")
    public let diagnosisCodes = Char("diagnosis_codes", "Diagnosis codes (ICD-10)", .size(500))
    public let procedureCodes = Char("procedure_codes", "Procedure codes (CPT)", .size(500))
    public let referrer = Many2one<Partner>("referrer_id", "Referring practitioner", .indexed, .tracked)
    public let practice = Many2one<Partner>("practice_id", "Referring practice", .indexed)
    public let coverage = Many2one<Coverage>("coverage_id", "Coverage")
    public let payer = Many2one<Partner>("payer_id", "Payer", .indexed, .related("coverage_id.payer_id", stored: true))
    public let channel = Selection<Channel>("channel", initial: .manual, "Channel", .required, .readonly, .indexed)
    public let sender = Char("sender", "Sending system", .readonly, .indexed, .notCopied)
    public let externalId = Char("external_id", "Number at the sender", .indexed, .notCopied)
    public let intake = Many2one<Intake>("intake_id", "Original message", .readonly, .notCopied)
    public let received = Datetime("received_on", "Received on", .readonly, .indexed, .initially { .instant($0.now) })
    public let user = Many2one<User>("user_id", "Coordinator", .indexed, .tracked)
    public let service = Many2one<Service>("service_id", onDelete: .restrict, "Assigned service", .indexed, .tracked)
    public let routing = Json("routing", "Why this service", .readonly, .notCopied)
    public let network = Selection<Network>("network", initial: .unknown, "Network", .indexed, .tracked)
    public let networkApprover = Many2one<User>("network_approved_by", "Out-of-network approved by", .readonly, .tracked, .notCopied)
    public let isAwaitingSender = Flag(
        "awaiting_sender", "Waiting for the sender", .readonly, .indexed, .tracked, .notCopied, .initial(false))
    public let requirements = One2many<Requirement>("requirement_ids", inverse: \.referral, "Requirements")
    public let documents = One2many<Document>("document_ids", inverse: \.referral, "Documents")
    public let authorizations = One2many<Authorization>("authorization_ids", inverse: \.referral, "Authorizations")
    public let appointments = One2many<Appointment>("appointment_ids", inverse: \.referral, "Appointments")
    public let notes = One2many<Note>("note_ids", inverse: \.referral, "Consult notes")
    public let missing = Integer(
        "missing_count", "Missing items",
        .computed(on: "requirement_ids.state", stored: true) { (referral: Record<Referral>) in
            referral.requirements.filter { $0.state == .missing }.count
        })
    public let isComplete = Flag(
        "is_complete", "Complete",
        .computed(on: "missing_count", "requirement_ids") { (referral: Record<Referral>) in
            referral.missing == 0 && !referral.requirements.isEmpty
        })
    public let reason = Many2one<Reason>("reason_id", onDelete: .restrict, "Reason", .readonly, .tracked, .notCopied)
    public let comment = Text("reason_comment", "Comment", .readonly, .notCopied)
    public let previous = Many2one<Referral>("previous_id", "Opened again from", .readonly, .indexed)
    public let duplicateOf = Many2one<Referral>("duplicate_of_id", "Duplicate of", .tracked, .notCopied)
    public let matches = One2many<Match>("match_ids", inverse: \.referral, "Possible matches")
    public let taskStatus = Char(
        "task_status", "FHIR Task status",
        .computed(on: "stage", "awaiting_sender", "reason_id.kind") { (referral: Record<Referral>) in
            (referral.stage ?? .received).taskStatus(isAwaitingSender: referral.isAwaitingSender, ending: referral.reason?.kind)
        })
    public let businessStatus = Char(
        "business_status", "FHIR Task business status",
        .computed(on: "stage", "awaiting_sender") { (referral: Record<Referral>) in
            (referral.stage ?? .received).businessStatus(isAwaitingSender: referral.isAwaitingSender)
        })
    public let company = Many2one<Company>("company_id", "Site", .required, .indexed, .initially { .int($0.companyId) })
    public let statusToken = Char(
        "status_token", "Status page token", .readonly, .indexed, .notCopied, .secret, .groups("referrals.group_user"))

    public static let actions = ReferralActions.all
    public static let constraints = [
        Constraint<Referral>("coverage_id", "patient_id") { referral in
            guard let coverage = referral.coverage, let patient = referral.patient, coverage.patient != patient else { return }
            throw Refusal(
                "referral.coverage_patient", .validation, "The coverage belongs to another patient.",
                instruction: "Choose one of the patient's coverages.")
        }
    ]
    public static let lifecycle = Lifecycle<Referral>(
        beforeCreate: { values, env in try ReferralRules.complete(&values, env) },
        afterCreate: { referrals in for referral in referrals { try Pathway.begin(referral) } },
        beforeWrite: { referrals, values in try ReferralRules.refuseStageWrite(referrals, values) },
        afterWrite: { referrals, names in try ReferralRules.followUp(referrals, names) })

    public init() {}
}
