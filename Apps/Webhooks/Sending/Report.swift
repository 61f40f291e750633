import Exceptions
import Kernel

/// Writes down how an attempt ended, in the unit of work that ends its job.
enum Report {
    static func delivered(_ id: Int, _ outcome: Outcome, _ env: Environment) throws {
        guard let delivery = try find(id, env) else { return }
        try write(delivery, outcome, ["state": "delivered", "delivered_on": .instant(env.now), "next_attempt": .null])
        try ExceptionCase.settle(delivery.records, "The message was delivered.")
    }

    static func retrying(_ id: Int, _ outcome: Outcome, inSeconds seconds: Int, _ env: Environment) throws {
        guard let delivery = try find(id, env) else { return }
        try write(delivery, outcome, ["state": "retrying", "next_attempt": .instant(env.now + seconds)])
    }

    static func dead(_ id: Int, _ outcome: Outcome, _ env: Environment) throws {
        guard let delivery = try find(id, env) else { return }
        try write(delivery, outcome, ["state": "dead", "next_attempt": .null])
        try raise(delivery, outcome.reason, "Remove the cause, then use “Send again” of the delivery.")
    }

    /// The receiver is closed for good: nothing more is sent to it.
    static func gone(_ id: Int, _ outcome: Outcome, _ env: Environment) throws {
        guard let delivery = try find(id, env) else { return }
        try write(delivery, outcome, ["state": "dead", "next_attempt": .null])
        try delivery.endpoint?.write(["state": "disabled", "disabled_reason": .text(outcome.reason)])
        try raise(delivery, outcome.reason, "Ask the receiver for its new address; then enable it and send the delivery again.")
    }

    private static func find(_ id: Int, _ env: Environment) throws -> Record<WebhookDelivery>? {
        guard try !env.existing([id], in: env.registry.schema(WebhookDelivery.self)).isEmpty else { return nil }
        let found = env.record(WebhookDelivery.self, id)
        let receiver = try found.endpoint.flatMap { try Receiver.find($0.id, env) }
        let delivery = receiver.map { env.because($0.cause).record(WebhookDelivery.self, id) } ?? found
        // Somebody may have called it off meanwhile.
        return [.pending, .retrying].contains(delivery.state) ? delivery : nil
    }

    private static func write(_ delivery: Record<WebhookDelivery>, _ outcome: Outcome, _ more: ValueMap) throws {
        let values: ValueMap = [
            "attempts": .int(delivery.attempts + 1), "attempts_in_round": .int(delivery.round + 1), "last_status": .int(outcome.status),
            "last_error": outcome.reason.isEmpty ? .null : .text(outcome.reason),
        ]
        try delivery.write(values.merging(more))
    }

    private static func raise(_ delivery: Record<WebhookDelivery>, _ reason: String, _ remedy: String) throws {
        let to = delivery.endpoint?.displayedName ?? "an address of an action"
        try ExceptionCase.raise(
            "webhook.dead", "A webhook to \(to) was given up after \(delivery.attempts) attempts: \(reason)", remedy: remedy,
            source: "webhooks",
            on: delivery.records, in: delivery.env)
    }
}
