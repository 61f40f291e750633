import HL7v2
import Kernel
import Referrals

/// What a message asks for, read without deciding anything.
enum Order: Sendable {
    /// REF^I12, I13, I14.
    case referral(ReferralData)
    /// REF^I15: how does this referral stand? The sender's number, and ours.
    case status(externalId: String, number: String)
    /// ADT^A28, A31, A08.
    case patient(ValueMap, PatientIntake.Wish)

    static let referralEvents: Set<String> = ["I12", "I13", "I14", "I15"]
    static let patientEvents: Set<String> = ["A28", "A31", "A08"]

    /// - Parameter sender: Stands in where an identifier does not say who assigned it.
    /// - Throws: `mllp.*` with the place in the message.
    static func read(_ message: HL7Message, sender: String) throws(HL7Error) -> Order {
        switch (message.code, message.event) {
        case ("REF", "I15"):
            let number = message["RF1-11.1"] ?? ""
            return .status(externalId: try ReferralReader.externalId(message, isNeeded: number.isEmpty), number: number)
        case ("REF", _): return .referral(try ReferralReader(message: message, sender: sender).read())
        default:
            guard let segment = message[segment: "PID", 0] else { throw .noSegment("PID", "patient") }
            let wish = message.event == "A28" ? PatientIntake.Wish.add : .update
            return .patient(try PatientReader(segment: segment, sender: sender).read(deletes: true), wish)
        }
    }
}

extension HL7Error {
    static func noSegment(_ name: String, _ what: String) -> HL7Error {
        .application(
            "mllp.segment_missing", .segmentSequence, "The message has no \(name) segment.", "Send a \(name) segment with the \(what).",
            at: HL7Position(segmentName: name, occurrence: 0))
    }

    static func missing(_ segment: String, _ field: Int, _ what: String) -> HL7Error {
        .application(
            "mllp.value_missing", .requiredFieldMissing, "\(segment)-\(field) is empty.", "Send the \(what).",
            at: HL7Position(segmentName: segment, occurrence: 0, field: field))
    }

    static func badValue(_ segment: String, occurrence: Int = 0, _ field: Int, _ what: String) -> HL7Error {
        .application(
            "mllp.bad_value", .dataType, "\(segment)-\(field) cannot be read.", "Send \(what).",
            at: HL7Position(segmentName: segment, occurrence: occurrence, field: field))
    }
}
