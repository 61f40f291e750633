import Kernel

/// Signed messages to other systems that follow from changes here: receivers, deliveries, their retries and dead letters;
/// and calls that come in at the webhooks of rules.
public enum WebhooksApp {
    /// The app.
    public static let app = App("webhooks", "Webhooks", needs: ["base", "mail", "exceptions", "base_automation"]) { app in
        app.add(WebhookEndpoint.self)
        app.add(WebhookDelivery.self)
        app.add(IncomingCall.self)
        app.extend(SignedRule.self)
        // Payloads hold whatever records hold: only administrators see them.
        app.allow("base.group_system", "rwcd", on: "webhook.endpoint")
        app.allow("base.group_system", "rwd", on: "webhook.delivery", "webhook.call")
        app.rule(
            "receivers of one's companies", on: "webhook.endpoint", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
    }
}
