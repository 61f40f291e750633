import Kernel

/// A receiver for the demo, disabled, so that nothing leaves.
enum WebhookDemo {
    static func fill(_ env: Environment) throws {
        try env.create(
            WebhookEndpoint.self,
            [
                "name": "Laboratory system", "url": "https://lab.example.org/hooks/baton", "state": "disabled",
                "disabled_reason": "The demo sends nothing to the outside.",
            ])
    }
}
