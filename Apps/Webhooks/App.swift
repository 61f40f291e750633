import Automation
import Base
import Governance
import Kernel

/// Signed messages to other systems that follow from changes here: receivers, deliveries, their retries and dead letters;
/// and calls that come in at the webhooks of rules.
public enum WebhooksApp {
    /// The app.
    public static let app = App("webhooks", "Webhooks", needs: ["base", "mail", "exceptions", "governance", "base_automation"]) { app in
        app.add(WebhookEndpoint.self)
        app.add(WebhookDelivery.self)
        app.add(IncomingCall.self)
        app.extend(SignedRule.self)
        app.govern(Receiver.governed)
        app.offer(SealedField(WebhookEndpoint.name, "secret_value"))
        app.offer(SealedField(WebhookEndpoint.name, "old_secret_value"))
        app.offer(SealedField(AutomationRule.name, "webhook_secret_value"))
        app.offer(WebhookRetry.again)
        // Payloads hold whatever records hold: only administrators see them.
        app.allow("base.group_system", "rwcd", on: "webhook.endpoint")
        app.allow("base.group_system", "rwd", on: "webhook.delivery", "webhook.call")
        app.rule(
            "receivers of one's companies", on: "webhook.endpoint", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.seed("governed receivers") { try GovernedRows.adopt(Receiver.governed, in: $0) }
        app.demo("receiver") { try WebhookDemo.fill($0) }
    }
}
