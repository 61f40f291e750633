/// A message on its way to a receiver of webhooks.
public struct WebhookMessage: Sendable {
    /// Where it goes.
    public let url: String
    /// Names and values, without line breaks.
    public let headers: [(name: String, value: String)]
    /// JSON.
    public let body: [UInt8]
    /// Seconds for all of it.
    public let timeoutSeconds: Int

    /// A message.
    public init(url: String, headers: [(name: String, value: String)], body: [UInt8], timeoutSeconds: Int = 10) {
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
    }
}

/// What a receiver answered.
public struct WebhookAnswer: Sendable, Hashable {
    /// The status code.
    public let status: Int
    /// Seconds that the receiver asks to wait; 0 when it does not say.
    public let retryAfterSeconds: Int
}

/// Why a message did not get an answer.
public struct WebhookFailure: Error, Sendable, Hashable {
    /// One sentence, without anything of the message.
    public let reason: String
    /// Whether another try can never do better.
    public let isFinal: Bool

    /// A failure.
    public init(_ reason: String, isFinal: Bool = false) {
        self.reason = reason
        self.isFinal = isFinal
    }
}

/// What carries webhooks away. Blocks its thread until the receiver has answered or time is over.
public protocol WebhookTransport: Sendable {
    /// Sends a message.
    ///
    /// - Parameter addresses: Which addresses may be reached.
    func send(_ message: WebhookMessage, to addresses: ReachableAddresses) throws(WebhookFailure) -> WebhookAnswer
}
