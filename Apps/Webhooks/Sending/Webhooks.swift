import Base
import Crypto
import Engine
import Exceptions
import Governance
import JSON
import Kernel

/// Puts messages to other systems on their way: they leave after the commit of the unit of work, and not at all when it is rolled back.
public enum Webhooks {
    /// The most bytes of a message.
    public static let payloadLimit = 1 << 20
    /// Names the networks inside that webhooks may reach: `10.1.0.0/16, 127.0.0.1`.
    public static let allowedNetworks = "webhooks.allowed_networks"
    /// What stands for a key that is there.
    public static let mask = "whsec_********"

    /// Sends a message to an address.
    ///
    /// It is signed when a receiver with that address was released. - Returns: The message's id.
    /// - Throws: `webhook.bad_address`, `webhook.too_large`, `webhook.disabled`.
    @discardableResult
    public static func enqueue(
        url: String, payload: JSON, event: String = "", about record: Records? = nil, env: Environment
    ) throws -> String {
        do { _ = try WebhookTarget(url) } catch { throw Refusal.badWebhookAddress(error) }
        let superuser = env.asSuperuser("whoever may run an action may send what it sends")
        return try enqueue(url, try Receiver.find(url: url, superuser), event, payload, record, superuser)
    }

    /// Sends a message to a receiver, as it was released.
    ///
    /// - Throws: `webhook.not_released`, `webhook.too_large`, `webhook.disabled`.
    @discardableResult
    public static func enqueue(
        to endpoint: Record<WebhookEndpoint>, event: String, payload: JSON, about record: Records? = nil
    ) throws -> String {
        let superuser = endpoint.env.asSuperuser("whoever may run an action may send what it sends")
        guard let receiver = try Receiver.find(endpoint.id, superuser) else { throw Refusal.webhookNotReleased(endpoint.displayedName) }
        return try enqueue(receiver.url, receiver, event, payload, record, superuser)
    }

    private static func enqueue(
        _ url: String, _ receiver: Receiver?, _ event: String, _ payload: JSON, _ record: Records?, _ caller: Environment
    ) throws -> String {
        let env = receiver.map { caller.because($0.cause) } ?? caller
        if let receiver, receiver.record(env).state == .disabled { throw Refusal.webhookDisabled(receiver.name) }
        let body = payload.text()
        guard body.utf8.count <= payloadLimit else { throw Refusal.webhookTooLarge(payloadLimit) }
        let messageId = "msg_" + Hex.encode(SystemRandomSource().bytes(16))
        var values: ValueMap = [
            "message_id": .text(messageId), "url": .text(url), "event": .text(event), "payload": .text(body),
            "next_attempt": .instant(env.now),
            "endpoint_id": receiver.map { .int($0.id) } ?? .null,
        ]
        if let record, let id = record.ids.first {
            values["res_model"] = .text(record.model.name)
            values["res_id"] = .int(id)
        }
        let delivery = try env.create(WebhookDelivery.self, values)
        try queue(delivery, attempt: 0)
        if delivery.id % 100 == 0 { try forget(env) }
        return messageId
    }

    /// Sends a dead or cancelled delivery on its way again, with all attempts before it.
    static func redrive(_ delivery: Record<WebhookDelivery>) throws {
        let env = delivery.env.asSuperuser("deliveries are changed by actions only")
        let own = env.record(WebhookDelivery.self, delivery.id)
        if let endpoint = own.endpoint, endpoint.state == .disabled { throw Refusal.webhookDisabled(endpoint.displayedName) }
        try own.write(["state": "pending", "attempts_in_round": 0, "next_attempt": .instant(env.now), "last_error": .null])
        try queue(own, attempt: own.version)
    }

    private static func queue(_ delivery: Record<WebhookDelivery>, attempt: Int) throws {
        try delivery.env.unit.transaction.enqueue(
            JobRequest(
                WebhookSender.jobKind, queue: WebhookSender.queue, payload: ["delivery_id": .int(delivery.id)],
                uniqueKey: "webhook:\(delivery.id):\(attempt)"))
    }

    /// Forgets delivered messages of long ago.
    private static func forget(_ env: Environment) throws {
        let old =
            Domain.where("state", .equal, "delivered")
            & .where("delivered_on", .less, .instant(env.now + -WebhookDelivery.keptDays * 86_400))
        try env.search(WebhookDelivery.self, old, limit: 1_000).unlink()
    }

}

extension Refusal {
    static func badWebhookAddress(_ fault: WebhookTarget.Fault) -> Refusal {
        Refusal("webhook.bad_address", .validation, fault.reason, instruction: "Correct the address.")
    }

    static func badWebhookSecret() -> Refusal {
        Refusal(
            "webhook.bad_secret", .validation, "A webhook's key is `whsec_` and 24 to 64 bytes in Base64.",
            instruction: "Paste it as the other side shows it, or make a new one here.")
    }

    static func webhookTooLarge(_ bytes: Int) -> Refusal {
        Refusal("webhook.too_large", .limit, "A webhook holds at most \(bytes) bytes.", instruction: "Send fewer fields or records.")
    }

    static func webhookNotReleased(_ name: String) -> Refusal {
        Refusal(
            "webhook.not_released", .conflict, "The receiver '\(name)' was not released yet: nothing is sent to it.",
            instruction: "Have its version submitted and released by a second person.")
    }

    static func webhookDisabled(_ name: String) -> Refusal {
        Refusal(
            "webhook.disabled", .userError, "The receiver '\(name)' is disabled.",
            instruction: "Enable it first, or take it out of the action.")
    }
}
