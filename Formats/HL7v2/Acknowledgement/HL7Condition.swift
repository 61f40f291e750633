/// The kind of a problem, HL7 table 0357.
public enum HL7Condition: String, Sendable, Hashable, CaseIterable {
    case segmentSequence = "100"
    case requiredFieldMissing = "101"
    case dataType = "102"
    case tableValueNotFound = "103"
    case unsupportedMessageType = "200"
    case unsupportedEvent = "201"
    case unsupportedProcessingId = "202"
    case unsupportedVersion = "203"
    case unknownKey = "204"
    case duplicateKey = "205"
    case recordLocked = "206"
    case internalError = "207"

    /// The table's wording.
    public var text: String {
        switch self {
        case .segmentSequence: "Segment sequence error"
        case .requiredFieldMissing: "Required field missing"
        case .dataType: "Data type error"
        case .tableValueNotFound: "Table value not found"
        case .unsupportedMessageType: "Unsupported message type"
        case .unsupportedEvent: "Unsupported event code"
        case .unsupportedProcessingId: "Unsupported processing id"
        case .unsupportedVersion: "Unsupported version id"
        case .unknownKey: "Unknown key identifier"
        case .duplicateKey: "Duplicate key identifier"
        case .recordLocked: "Application record locked"
        case .internalError: "Application internal error"
        }
    }
}

extension HL7Error {
    /// The kind of this problem, for ERR-3.
    public var condition: HL7Condition {
        switch code {
        case "hl7.data_type", "hl7.withdrawn", "hl7.unknown_type": .dataType
        case "hl7.type_missing", "hl7.encoding_characters", "hl7.no_field_separator", "hl7.no_version": .requiredFieldMissing
        case "hl7.no_structure": .unsupportedMessageType
        case "hl7.unknown_version": .unsupportedVersion
        case "hl7.no_header", "hl7.malformed_segment": .segmentSequence
        default: conditionOverride ?? .internalError
        }
    }

    /// A problem that an application found: a value missing, a key unknown.
    ///
    /// - Parameter code: The application's own stable code.
    public static func application(
        _ code: String, _ condition: HL7Condition, _ sentence: String, _ instruction: String, at position: HL7Position = HL7Position()
    ) -> HL7Error {
        var error = HL7Error(code, sentence, instruction, at: position)
        error.conditionOverride = condition
        return error
    }
}
