/// Why a mail is not taken apart; the raw values are stable codes.
public enum MailProblem: String, Error, Sendable, CaseIterable {
    /// More bytes than are read.
    case tooLarge = "mail.too_large"
    /// More parts than are read.
    case tooManyParts = "mail.too_many_parts"
    /// Parts within parts within parts.
    case tooDeep = "mail.too_deep"
    /// Nobody here has the key.
    case encrypted = "mail.encrypted"
    /// It is no mail.
    case unreadable = "mail.unreadable"

    /// One sentence.
    public var sentence: String {
        switch self {
        case .tooLarge: "The mail is larger than what is read."
        case .tooManyParts: "The mail has more parts than are read."
        case .tooDeep: "The mail has parts within parts beyond what is read."
        case .encrypted: "The mail is encrypted."
        case .unreadable: "The mail cannot be read."
        }
    }

    /// What to do next.
    public var instruction: String {
        switch self {
        case .tooLarge, .tooManyParts, .tooDeep: "Ask the sender to send the documents in several plain mails."
        case .encrypted: "Ask the sender to send it without encryption through the agreed channel."
        case .unreadable: "Look at the original, and ask the sender to send it again."
        }
    }
}

/// How much of a mail is read.
public struct MailLimits: Sendable {
    /// Bytes of the mail as it came.
    public var bytes = 32 << 20
    /// Parts, those of forwarded mails included.
    public var parts = 100
    /// Parts within parts.
    public var depth = 12
    /// Lines that may begin a part or its description; a mail with more is not given to the parser.
    public var markers = 2_000

    /// The usual limits.
    public static let standard = MailLimits()

    /// The usual limits.
    public init() {}
}
