/// The answer to a message, HL7 table 0008.
public enum HL7AckCode: String, Sendable, Hashable, CaseIterable {
    case applicationAccept = "AA"
    case applicationError = "AE"
    case applicationReject = "AR"
    case commitAccept = "CA"
    case commitError = "CE"
    case commitReject = "CR"
}

/// What became of a message at its receiver.
public enum HL7Outcome: Sendable, Hashable, CaseIterable {
    /// It was taken.
    case accepted
    /// Its content is wrong; the sender must correct it.
    case failed
    /// It was not looked at: its type, version or processing id is not for us, or we cannot take messages now.
    case rejected
}

/// Which acknowledgement is meant: that the message is stored, or that it has been worked upon.
public enum HL7AckLevel: Sendable, Hashable, CaseIterable {
    case commit, application
}

/// Whether the sender wants one answer, or one on storing and one on working (HL7 v2 chapter 2, original and enhanced mode).
public enum HL7AckMode: Sendable, Hashable {
    case original, enhanced

    /// The mode that a message asks for: enhanced when MSH-15 or MSH-16 is valued.
    public init(of message: HL7Message) {
        let isOriginal = message["MSH-15"] == nil && message["MSH-16"] == nil
        self = isOriginal ? .original : .enhanced
    }
}

extension HL7AckCode {
    /// The code that a receiver owes; `nil` when the sender does not want an answer at this level.
    ///
    /// In original mode there is only the application's answer. In enhanced mode MSH-15 (commit) and MSH-16 (application) say when one is
    /// wanted: `AL` always, `NE` or nothing never, `ER` on errors and rejects, `SU` on success; another value counts as `AL`.
    public static func owed(for outcome: HL7Outcome, at level: HL7AckLevel, to message: HL7Message) -> HL7AckCode? {
        guard HL7AckMode(of: message) == .enhanced else { return level == .application ? code(outcome, .application) : nil }
        let condition = message[level == .commit ? "MSH-15" : "MSH-16"] ?? "NE"
        let wanted =
            switch condition {
            case "NE", HL7Message.null: false
            case "ER": outcome != .accepted
            case "SU": outcome == .accepted
            default: true
            }
        return wanted ? code(outcome, level) : nil
    }

    /// The code for an outcome at a level.
    public static func code(_ outcome: HL7Outcome, _ level: HL7AckLevel) -> HL7AckCode {
        switch (level, outcome) {
        case (.application, .accepted): .applicationAccept
        case (.application, .failed): .applicationError
        case (.application, .rejected): .applicationReject
        case (.commit, .accepted): .commitAccept
        case (.commit, .failed): .commitError
        case (.commit, .rejected): .commitReject
        }
    }
}
