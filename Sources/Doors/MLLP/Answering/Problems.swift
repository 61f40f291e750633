import HL7v2
import Kernel

extension HL7Error {
    /// A refusal of the kernel or an app as ERR tells it: place and condition by the refusal's code.
    init(_ refusal: Refusal) {
        let (condition, segment, field) = HL7Error.place(of: refusal)
        var position = HL7Position()
        if !segment.isEmpty { position = HL7Position(segmentName: segment, occurrence: 0, field: field) }
        self = .application(refusal.code, condition, refusal.message, refusal.instruction, at: position)
    }

    private static func place(of refusal: Refusal) -> (HL7Condition, String, Int?) {
        switch refusal.code {
        case "patient.no_name": (.requiredFieldMissing, "PID", 5)
        case "patient.birth_date": (.dataType, "PID", 7)
        case "patient.unknown": (.unknownKey, "PID", 3)
        case "patient.ambiguous": (.duplicateKey, "PID", 3)
        case "referral.unknown": (.unknownKey, "RF1", 6)
        case "referral.final": (.recordLocked, "RF1", 6)
        default:
            switch refusal.kind {
            case .invalid, .validation, .userError: (.dataType, "", nil)
            case .missing: (.unknownKey, "", nil)
            case .conflict: (.recordLocked, "", nil)
            default: (.internalError, "", nil)
            }
        }
    }

    /// The same as a refusal, for the intake and its exception.
    var refusal: Refusal { Refusal(code, .invalid, sentence, instruction: instruction) }

    static func unsupportedType(_ code: String) -> HL7Error {
        .application(
            "mllp.unsupported_type", .unsupportedMessageType, "Messages of this type are not taken here.",
            "Send REF^I12 to I15, or ADT^A28, A31 or A08.", at: header(9, 1))
    }

    static func unsupportedEvent() -> HL7Error {
        .application(
            "mllp.unsupported_event", .unsupportedEvent, "This trigger event is not taken here.",
            "Send REF^I12 to I15, or ADT^A28, A31 or A08.", at: header(9, 2))
    }

    static func unsupportedVersion() -> HL7Error {
        .application(
            "mllp.unsupported_version", .unsupportedVersion, "MSH-12 names no published version of HL7 v2.", "Send 2.1 to 2.8.2 in MSH-12.",
            at: header(12))
    }

    static func unsupportedProcessing(_ taken: Set<String>) -> HL7Error {
        .application(
            "mllp.unsupported_processing", .unsupportedProcessingId, "Messages with this processing id are not taken here.",
            "Send \(taken.sorted().joined(separator: " or ")) in MSH-11.", at: header(11))
    }

    static func noControlId() -> HL7Error {
        .application(
            "mllp.no_control_id", .requiredFieldMissing, "MSH-10 is empty, so that the message cannot be acknowledged.",
            "Send a number of its own with each message.", at: header(10))
    }

    private static func header(_ field: Int, _ component: Int? = nil) -> HL7Position {
        HL7Position(segmentName: "MSH", occurrence: 0, field: field, component: component)
    }
}

extension Refusal {
    static func messageTooLong(_ limit: Int) -> Refusal {
        Refusal(
            "mllp.message_too_long", .limit, "The message has more than \(limit) bytes.",
            instruction: "Send embedded documents in messages of their own (REF^I13).")
    }

    static let frameWithoutEnd = Refusal(
        "mllp.frame_without_end", .invalid, "The message did not come whole in time.",
        instruction: "Send it again, and end it with the bytes 1C 0D.")

    static let unframed = Refusal(
        "mllp.unframed", .invalid, "Bytes came that stand in no frame.",
        instruction: "Send each message as byte 0B, the message, bytes 1C 0D. Read the original to see who sent what.")

    static let unknownSender = Refusal(
        "mllp.unknown_sender", .accessDenied, "No user acts for the sending system of this message.",
        instruction: "Ask the operator to name the sending application and facility (MSH-3, MSH-4) in the configuration.")

    static let notNow = Refusal(
        "mllp.not_now", .unavailable, "The message cannot be taken at the moment.", instruction: "Send it again in a minute.")
}
