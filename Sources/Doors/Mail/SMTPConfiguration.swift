import HTTPServer

/// Where the door for mails listens, whom it trusts, for whom it takes mails, and how much.
public struct SMTPConfiguration: Sendable {
    /// Somebody for whom mails are taken.
    public struct Recipient: Sendable, Hashable {
        /// The address, in small letters.
        public let address: String
        /// The login of the user who acts for it; nil for the machine.
        public let login: String?

        /// Reads `address` or `address=login`; nil when it is neither.
        public init?(_ text: String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let address = parts[0].lowercased()
            guard address.split(separator: "@", omittingEmptySubsequences: false).count == 2, !address.hasPrefix("@"),
                !address.hasSuffix("@"), address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }),
                parts.count == 1 || !parts[1].isEmpty
            else { return nil }
            self.address = address
            login = parts.count == 2 ? parts[1] : nil
        }
    }

    /// The IP address that is listened on.
    public var host: String
    /// The TCP port; 0 lets the system choose one.
    public var port: Int
    /// For whom mails are taken; nobody else's are.
    public var recipients: [Recipient]
    /// Addresses that may connect besides this machine's own: `10.1.2.3`, `10.1.0.0/16`.
    public var trusted: [String] = []
    /// Certificate and key in PEM files, for STARTTLS; without them the line is not encrypted.
    public var tls: HTTPServerConfiguration.TLS?
    /// What the door calls itself.
    public var name = "baton"

    /// Connections at a time; more are told to come back.
    public var maxConnections = 32
    /// Connections at a time from one address.
    public var maxConnectionsPerAddress = 8
    /// Recipients of one mail.
    public var maxRecipients = 10
    /// Mails of one connection.
    public var maxMails = 100
    /// Bytes of one mail.
    public var maxMailBytes = 32 << 20
    /// Seconds without a byte before a connection is closed.
    public var idleSeconds = 60.0
    /// Seconds in which a mail must have come whole.
    public var mailSeconds = 300.0

    /// The usual configuration: this machine only.
    public init(host: String = "127.0.0.1", port: Int, recipients: [Recipient]) {
        self.host = host
        self.port = port
        self.recipients = recipients
    }
}

/// Where the door's notes go: a static message and dotted metadata, never a patient's data.
public typealias MailLog = @Sendable (_ message: String, _ metadata: [String: String]) -> Void
