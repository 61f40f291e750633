import Automation
import Base
import Engine
import Kernel

/// What makes the webhook of a rule one that believes nobody without a signature.
public struct SignedRule: ModelExtension {
    public typealias Base = AutomationRule

    /// Shows only that there is a key; what is written to it becomes the key.
    public let secret = Char(
        "webhook_secret", "Key of signed calls",
        .computed(on: "webhook_secret_value") { (rule: Record<AutomationRule>) in
            (try rule.value("webhook_secret_value")).isFalsy ? "" : Webhooks.mask
        },
        .inverse { records, value in try SignedRule.setSecret(records, value) })
    public let secretValue = Char("webhook_secret_value", .groups("base.group_nobody"), .notCopied)
    public let perMinute = Integer("webhook_per_minute", "Calls a minute", .initial(120), .aggregator(nil))

    public static let constraints = [
        Constraint<AutomationRule>("webhook_per_minute") { rule in
            guard (1...6_000).contains(try rule.value("webhook_per_minute").intValue ?? 0) else {
                throw Refusal(
                    "webhook.bad_rate", .validation, "A webhook takes 1 to 6,000 calls a minute.", instruction: "Choose within these.")
            }
        }
    ]

    public init() {}

    private static func setSecret(_ records: Records, _ value: Value) throws {
        guard let text = value.textValue, text != Webhooks.mask else { return }
        // An empty text takes the key away: calls are then believed by their address alone.
        guard text.isEmpty || WebhookSecret(text) != nil else { throw Refusal.badWebhookSecret() }
        let own = records.with(records.env.asSuperuser("a key is stored where no door reads it"))
        for id in own.ids {
            let sealed = try Secrets.seal(text, of: AutomationRule.name, id, own.env)
            try own.only(id).write(["webhook_secret_value": sealed.isEmpty ? .null : .text(sealed)])
        }
    }
}
