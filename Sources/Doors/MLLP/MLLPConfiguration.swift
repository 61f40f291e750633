import HTTPServer

/// Where the door listens, whom it trusts, and how much it takes.
public struct MLLPConfiguration: Sendable {
    /// The IP address that is listened on.
    public var host: String
    /// The TCP port; 0 lets the system choose one. HL7's registered port is 2575.
    public var port: Int
    /// Certificate and key in PEM files; without them the line is not encrypted.
    public var tls: HTTPServerConfiguration.TLS?
    /// Addresses that may connect besides this machine's own: `10.1.2.3`, `10.1.0.0/16`, `2001:db8::/32`.
    public var trusted: [String] = []
    /// Which user acts for which sending system.
    public var senders: [MLLPSender] = []
    /// The login of the user who acts for systems that `senders` does not name; nil refuses them.
    ///
    /// The user `hl7` is made at the start where it is missing, without a password, so that nobody can log in as it.
    public var defaultLogin: String? = MLLPConfiguration.integrationLogin
    /// Values of MSH-11 that are taken; an empty one is taken always. A live site takes `P` only.
    public var processingIds: Set<String> = ["P", "T", "D"]

    /// Connections at a time; more are closed at once.
    public var maxConnections = 256
    /// Connections at a time from one address.
    public var maxConnectionsPerAddress = 64
    /// Bytes of one message.
    public var maxMessageBytes = 16 << 20
    /// Seconds without a byte between messages before a connection is closed.
    public var idleSeconds = 600.0
    /// Seconds in which a message that has begun must have come whole.
    public var messageSeconds = 120.0
    /// Seconds without a byte inside a message.
    public var stallSeconds = 15.0
    /// Seconds in which the peer must take an answer.
    public var writeSeconds = 15.0
    /// Seconds after which what was stored but not carried out is tried again.
    public var retrySeconds = 30.0

    /// The login of the user who acts for sending systems unless told otherwise.
    public static let integrationLogin = "hl7"

    /// The usual configuration: this machine only, without TLS.
    public init(host: String = "127.0.0.1", port: Int = 2575) {
        self.host = host
        self.port = port
    }
}

/// A sending system, and the user who acts for it; the user's company is the site that its referrals belong to.
public struct MLLPSender: Sendable, Hashable {
    /// MSH-3.1; empty means any.
    public var application: String
    /// MSH-4.1; empty means any.
    public var facility: String
    /// The user's login.
    public var login: String

    /// A sending system.
    public init(application: String, facility: String = "", login: String) {
        self.application = application
        self.facility = facility
        self.login = login
    }

    /// Reads `APPLICATION|FACILITY=login`, the form of the command line; nil when it is not that.
    public init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        let parts = text[..<equals].split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let login = String(text[text.index(after: equals)...])
        guard !login.isEmpty, !parts.isEmpty else { return nil }
        self.init(application: parts[0], facility: parts.count > 1 ? parts[1] : "", login: login)
    }

    func matches(_ envelope: Envelope) -> Bool {
        (application.isEmpty || application == envelope.application) && (facility.isEmpty || facility == envelope.facility)
    }
}

/// Where the door's notes go: a static message and dotted metadata, never a patient's data.
public typealias MLLPLog = @Sendable (_ message: String, _ metadata: [String: String]) -> Void
