import Kernel

/// The ten stages of a referral, and what each means to others.
///
/// Source: the reference on healthcare, table of stages; FHIR R4 Task.status and businessStatus.
public enum Stage: String, SelectionValue {
    case received, review, eligibility, authorization, triage, assignment, scheduled, notified, completed, closed

    public var title: String {
        switch self {
        case .received: "Intake received"
        case .review: "Documentation review"
        case .eligibility: "Eligibility verification"
        case .authorization: "Authorization pending"
        case .triage: "Clinical triage"
        case .assignment: "Specialist assignment"
        case .scheduled: "Appointment scheduled"
        case .notified: "Patient notified"
        case .completed: "Completed"
        case .closed: "Exception or closure"
        }
    }

    /// The stages that may follow.
    public var next: Set<Stage> {
        switch self {
        case .received: [.review, .closed]
        case .review: [.eligibility, .closed]
        case .eligibility: [.authorization, .triage, .review, .closed]
        case .authorization: [.triage, .review, .closed]
        case .triage: [.assignment, .review, .closed]
        case .assignment: [.scheduled, .triage, .review, .closed]
        case .scheduled: [.notified, .assignment, .closed]
        case .notified: [.completed, .assignment, .scheduled, .closed]
        case .completed, .closed: []
        }
    }

    /// Whether nothing follows.
    public var isFinal: Bool { next.isEmpty }

    /// FHIR's Task.status for the stage; a hold or an end says more than the stage alone.
    public func taskStatus(isAwaitingSender: Bool, ending: Reason.Kind?) -> String {
        switch self {
        case .received: "received"
        case .review: isAwaitingSender ? "on-hold" : "in-progress"
        case .eligibility, .triage: "in-progress"
        case .authorization: "on-hold"
        case .assignment, .scheduled, .notified: "accepted"
        case .completed: "completed"
        case .closed:
            switch ending {
            case .reject: "rejected"
            case .failed: "failed"
            default: "cancelled"
            }
        }
    }

    /// FHIR's Task.businessStatus for the stage.
    public func businessStatus(isAwaitingSender: Bool) -> String {
        switch self {
        case .received: "intake"
        case .review: isAwaitingSender ? "awaiting-sender" : "doc-review"
        case .eligibility: "eligibility"
        case .authorization: "auth-pending"
        case .triage: "triage"
        case .assignment: "assigned"
        case .scheduled: "scheduled"
        case .notified: "notified"
        case .completed: "loop-closed"
        case .closed: "closed"
        }
    }

    /// FHIR's ServiceRequest.status for the stage.
    public var requestStatus: String {
        switch self {
        case .completed: "completed"
        case .closed: "revoked"
        default: "active"
        }
    }
}

/// How soon.
public enum Urgency: String, SelectionValue { case routine, urgent, stat }

/// Where a referral came in.
public enum Channel: String, SelectionValue { case hl7v2, fhir, portal, document, fax, email, api, manual }

/// Whether the service is in the payer's network.
public enum Network: String, SelectionValue {
    case unknown, inNetwork = "in", outOfNetwork = "out"

    public var title: String {
        switch self {
        case .unknown: "Not known"
        case .inNetwork: "In network"
        case .outOfNetwork: "Out of network"
        }
    }
}
