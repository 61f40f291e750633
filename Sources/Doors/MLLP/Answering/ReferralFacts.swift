import HL7v2
import Kernel
import Referrals

/// What an RRI answer tells of a referral, taken out of its unit of work.
struct ReferralFacts: Sendable {
    let number: String
    let externalId: String
    let stage: Stage
    let ending: Reason.Kind?
    let urgency: Urgency
    let specialtyCode: String
    let specialtyName: String
    let received: Instant?
    let reason: String

    init(_ referral: Record<Referral>) {
        number = referral.number
        externalId = referral.externalId
        stage = referral.stage ?? .received
        ending = referral.reason?.kind
        urgency = referral.urgency ?? .routine
        specialtyCode = referral.specialty?.code ?? ""
        specialtyName = referral.specialty?.displayedName ?? ""
        received = referral.received
        reason = referral.reason?.displayedName ?? ""
    }

    /// RF1-1: table 0283, and our stage as the second coding.
    var status: (code: String, text: String) {
        switch stage {
        case .received, .review, .eligibility, .authorization, .triage: ("P", "Pending")
        case .assignment, .scheduled, .notified, .completed: ("A", "Accepted")
        case .closed: ending == .reject || ending == .failed ? ("R", "Rejected") : ("E", "Expired")
        }
    }

    /// RF1-2: table 0280.
    var priority: (code: String, text: String) {
        switch urgency {
        case .stat: ("S", "STAT")
        case .urgent: ("A", "ASAP")
        case .routine: ("R", "Routine")
        }
    }

    /// The RF1 segment of an answer: RF1-6 the sender's number, RF1-11 ours.
    func segment(_ delimiters: HL7Delimiters) -> HL7Segment {
        var segment = HL7Segment("RF1", delimiters: delimiters)
        segment.setCoded([status.code, status.text, "HL70283", stage.rawValue, stage.title, "L"], field: 1)
        segment.setCoded([priority.code, priority.text, "HL70280"], field: 2)
        if !specialtyCode.isEmpty { segment.setCoded([specialtyCode, specialtyName, "L"], field: 3) }
        if !externalId.isEmpty { segment.set(externalId, field: 6) }
        if let received { segment.set(HL7Time(received).description, field: 9) }
        if !reason.isEmpty { segment.setCoded(["", reason], field: 10) }
        segment.set(number, field: 11)
        segment.set("BATON", field: 11, component: 2)
        return segment
    }
}

extension HL7Segment {
    fileprivate mutating func setCoded(_ parts: [String], field: Int) {
        for (place, part) in parts.enumerated() where !part.isEmpty { set(part, field: field, component: place + 1) }
    }
}
