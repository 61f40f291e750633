import Exceptions
import Kernel

/// One message to a receiver: what it says, how often it was tried, and where it stands.
public struct WebhookDelivery: Model {
    public static let name = "webhook.delivery"
    public static let title = "Webhook delivery"
    public static let order = "id desc"
    public static let nameField = "message_id"
    public static let unique = [Unique("message_id", message: "A message is made once.")]
    public static let indexes = [["state", "delivered_on"]]

    /// Days that delivered messages are kept.
    public static let keptDays = 30

    /// Where a delivery stands.
    public enum State: String, SelectionValue {
        case pending, retrying, delivered
        /// It was given up and waits for a person.
        case dead
        case cancelled
    }

    public let messageId = Char("message_id", "Message", .required, .readonly)
    public let endpoint = Many2one<WebhookEndpoint>("endpoint_id", onDelete: .setNull, "Receiver", .indexed, .readonly)
    public let url = Char("url", "Address", .required, .readonly)
    public let event = Char("event", "Event", .indexed, .readonly)
    public let payload = Text("payload", "Payload", .readonly)
    public let state = Selection<State>("state", initial: .pending, "Status", .required, .indexed, .readonly)
    public let attempts = Integer("attempts", "Attempts", .readonly)
    /// Attempts since it was made or sent on its way again.
    public let round = Integer("attempts_in_round", "Attempts in this round", .readonly)
    public let status = Integer("last_status", "Last status", .readonly, .aggregator(nil))
    public let error = Char("last_error", "Last error", .readonly)
    public let next = Datetime("next_attempt", "Next attempt", .readonly)
    public let deliveredOn = Datetime("delivered_on", "Delivered on", .readonly)
    public let recordModel = Char("res_model", "Record's model", .readonly)
    public let record = Many2oneReference("res_id", modelField: "res_model", "Record", .readonly)

    public static let actions = [
        Action<WebhookDelivery>("action_redrive", "Send again", when: { [.dead, .cancelled].contains($0.state) }) { deliveries in
            for delivery in deliveries { try Webhooks.redrive(delivery) }
        },
        Action<WebhookDelivery>("action_cancel", "Call off", when: { [.pending, .retrying, .dead].contains($0.state) }) { deliveries in
            let superuser = deliveries.env.asSuperuser("deliveries are changed by actions only")
            for delivery in deliveries {
                let own = superuser.record(WebhookDelivery.self, delivery.id)
                try own.write(["state": "cancelled", "next_attempt": .null])
                try ExceptionCase.settle(own.records, "The delivery was called off.")
            }
        },
    ]

    public static let lifecycle = Lifecycle<WebhookDelivery>(beforeWrite: { deliveries, _ in
        guard deliveries.env.isSuperuser else {
            throw Refusal(
                "webhook.read_only", .accessDenied, "A delivery cannot be edited.",
                instruction: "Use its actions to send it again or call it off.")
        }
    })

    public init() {}
}
