/// What carries a mail away. Blocks its thread until the mail is accepted or refused.
public protocol MailTransport: Sendable {
    /// Hands a mail over.
    ///
    /// - Parameters:
    ///   - sender: The address that failures are reported to.
    ///   - recipients: Bare addresses.
    ///   - content: The mail with its headers, lines ending in CR LF.
    /// - Throws: What the server said, or why it could not be asked.
    func send(from sender: String, to recipients: [String], _ content: [UInt8]) throws(MailRefusal)
}

/// Why a mail was not accepted.
public struct MailRefusal: Error, Sendable, Hashable {
    /// The SMTP reply code; 0 when there was none.
    public let code: Int
    /// One sentence; no content of the mail.
    public let reason: String

    /// A refusal.
    public init(code: Int, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Whether another try can never do better: the server said no for good (5xx).
    public var isFinal: Bool { (500...599).contains(code) }
}
