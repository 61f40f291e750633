import HL7v2

/// Whether a message is for us at all: HL7's checks before acceptance.
enum HeaderCheck {
    /// Why the message is turned away; nil when it is not.
    static func problem(of message: HL7Message, _ configuration: MLLPConfiguration) -> HL7Error? {
        if message.controlId.isEmpty { return .noControlId() }
        switch message.code {
        case "REF": if !Order.referralEvents.contains(message.event) { return .unsupportedEvent() }
        case "ADT": if !Order.patientEvents.contains(message.event) { return .unsupportedEvent() }
        default: return .unsupportedType(message.code)
        }
        if HL7Version(message.version) == nil { return .unsupportedVersion() }
        let processing = message["MSH-11"] ?? ""
        if !processing.isEmpty, !configuration.processingIds.contains(processing) {
            return .unsupportedProcessing(configuration.processingIds)
        }
        return nil
    }
}
