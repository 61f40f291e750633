import Base
import Engine
import Kernel

/// A receiver of webhooks: its address, its key, and how patient the sender is with it.
///
/// What is sent where is what was released of it. The key can be set and replaced at any time, is kept sealed, and is shown once, when it is
/// made: no door reads it.
public struct WebhookEndpoint: Model {
    public static let name = "webhook.endpoint"
    public static let title = "Webhook receiver"
    public static let order = "name, id"
    public static let hasChatter = true
    public static let unique = [Unique("url", message: "There is a receiver with this address already.")]

    /// Hours that messages are signed with the old key as well after it was replaced.
    public static let rotationHours = 24

    /// Whether messages go to it.
    public enum State: String, SelectionValue { case enabled, disabled }

    public let displayedName = Char("name", "Name", .required, .tracked)
    public let url = Char("url", "Address", .required, .tracked, .size(WebhookTarget.limit))
    public let active = Flag("active", .initial(true))
    public let state = Selection<State>("state", initial: .enabled, "Status", .required, .tracked)
    public let reason = Char("disabled_reason", "Why it is disabled")
    public let timeout = Integer("timeout_seconds", "Seconds for an answer", .initial(10), .aggregator(nil))
    public let attempts = Integer("max_attempts", "Attempts", .initial(12), .aggregator(nil))
    public let company = Many2one<Company>("company_id", "Company", .initially { .int($0.companyId) })
    /// Shows only that there is a key; what is written to it becomes the key.
    public let secret = Char(
        "secret", .secret,
        .computed(on: "secret_value") { (endpoint: Record<WebhookEndpoint>) in endpoint.secretValue.isEmpty ? "" : Webhooks.mask },
        .inverse { records, value in try WebhookEndpoint.setSecret(records, value) })
    public let secretValue = Char("secret_value", .groups("base.group_nobody"), .notCopied, .secret)
    public let oldSecret = Char("old_secret_value", .groups("base.group_nobody"), .notCopied, .secret)
    public let oldUntil = Datetime("old_secret_until", "Old key until", .readonly, .notCopied)
    public let deliveries = One2many<WebhookDelivery>("delivery_ids", inverse: \.endpoint, "Deliveries")

    public static let actions = [
        Action<WebhookEndpoint>("action_enable", "Enable", when: { $0.state == .disabled }) { endpoints in
            try endpoints.write(["state": "enabled", "disabled_reason": .null])
        },
        Action<WebhookEndpoint>("action_disable", "Disable", when: { $0.state == .enabled }) { endpoints in
            try endpoints.write(["state": "disabled", "disabled_reason": "Disabled by hand."])
        },
        Action<WebhookEndpoint>(
            "action_rotate_secret", "Make a new key", needsProof: true, taking: { endpoints, _ in try rotate(endpoints) }),
        Action<WebhookEndpoint>("action_send_test", "Send a test", when: { $0.state == .enabled }) { endpoints in
            for endpoint in endpoints { try Webhooks.enqueue(to: endpoint, event: "webhook.test", payload: ["type": "webhook.test"]) }
        },
    ]

    public static let constraints = [
        Constraint<WebhookEndpoint>("url") { endpoint in
            do { _ = try WebhookTarget(endpoint.url) } catch let fault as WebhookTarget.Fault { throw Refusal.badWebhookAddress(fault) }
        },
        Constraint<WebhookEndpoint>("timeout_seconds", "max_attempts") { endpoint in
            guard (1...60).contains(endpoint.timeout), (1...20).contains(endpoint.attempts) else {
                throw Refusal(
                    "webhook.bad_patience", .validation, "A receiver gets 1 to 60 seconds for an answer and 1 to 20 attempts.",
                    instruction: "Choose within these.")
            }
        },
    ]

    public static let lifecycle = Lifecycle<WebhookEndpoint>(afterCreate: { endpoints in
        for endpoint in endpoints
        where endpoint.env.asSuperuser("whether there is a key").record(Self.self, endpoint.id).secretValue.isEmpty {
            try store(WebhookSecret.random(), for: endpoint.records)
        }
    })

    public init() {}

    private static func setSecret(_ records: Records, _ value: Value) throws {
        guard let text = value.textValue, text != Webhooks.mask else { return }
        guard let secret = WebhookSecret(text) else { throw Refusal.badWebhookSecret() }
        try store(secret, for: records)
    }

    private static func store(_ secret: WebhookSecret, for records: Records) throws {
        let own = records.with(records.env.asSuperuser("a key is stored where no door reads it"))
        for id in own.ids {
            try own.only(id).write(["secret_value": .text(try Secrets.seal(secret.text, of: name, id, own.env))])
        }
    }

    /// Gives one receiver a new key; the old one signs for a day more.
    private static func rotate(_ endpoints: Recordset<WebhookEndpoint>) throws -> Value {
        guard endpoints.count == 1, let endpoint = endpoints.first else {
            throw Refusal("webhook.one_at_a_time", .userError, "A new key is made for one receiver at a time.")
        }
        let superuser = endpoint.env.asSuperuser("a key is replaced where no door reads it").record(WebhookEndpoint.self, endpoint.id)
        let fresh = WebhookSecret.random()
        try superuser.write([
            "old_secret_value": .text(superuser.secretValue), "old_secret_until": .instant(endpoint.env.now + rotationHours * 3_600),
            "secret_value": .text(try Secrets.seal(fresh.text, of: name, superuser.id, superuser.env)),
        ])
        return .map(["secret": .text(fresh.text), "old_secret_until": .instant(endpoint.env.now + rotationHours * 3_600)])
    }

    /// The keys that messages are signed with at a moment; call it with a superuser's record.
    static func secrets(of endpoint: Record<WebhookEndpoint>, at now: Instant) throws -> [WebhookSecret] {
        var texts = [endpoint.secretValue]
        if let until = endpoint.oldUntil, until > now { texts.append(endpoint.oldSecret) }
        return try texts.compactMap { WebhookSecret(try Secrets.open($0, of: name, endpoint.id, endpoint.env)) }
    }
}
