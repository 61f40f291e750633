import Base
import Crypto
import Kernel

/// A text message waiting to be sent, or that was sent.
public struct SMS: Model {
    public static let name = "sms.sms"
    public static let title = "Text message"
    public static let order = "id desc"
    public static let nameField = "number"
    public static let unique = [Unique("uuid", message: "A text message is made once.")]

    /// How far a message has come.
    public enum State: String, SelectionValue {
        case outgoing
        /// It is on its way to the gateway.
        case process
        case sent, error, canceled
    }

    /// Why a message was not sent; the raw values are Odoo's.
    public enum Failure: String, SelectionValue {
        case numberMissing = "sms_number_missing", numberFormat = "sms_number_format", server = "sms_server", rejected = "sms_rejected"
        case unknown
    }

    public let uuid = Char("uuid", "UUID", .readonly, .notCopied, .initially { _ in .text(Hex.encode(SystemRandomSource().bytes(16))) })
    public let number = Char("number", "Number")
    public let body = Text("body", "Body")
    public let partner = Many2one<Partner>("partner_id", "Customer")
    public let message = Integer("mail_message_id", "Message", .aggregator(nil), .readonly)
    public let state = Selection<State>("state", initial: .outgoing, "Status", .required, .readonly, .indexed, .notCopied)
    public let failure = Selection<Failure>("failure_type", "Failure type", .readonly, .notCopied)
    public let reason = Text("failure_reason", "What went wrong", .readonly, .notCopied)
    public let attempts = Integer("attempts", "Attempts", .readonly, .initial(0), .notCopied)
    public let sentOn = Datetime("sent_on", "Sent on", .readonly, .notCopied)

    public static let actions = [
        Action<SMS>("resend_failed", "Send again", when: { $0.state == .error || $0.state == .canceled }) { messages in
            for message in messages { try SMSText.redrive(message) }
        },
        Action<SMS>("action_set_canceled", "Call off", when: { $0.state == .outgoing || $0.state == .error }) { messages in
            let machine = messages.env.asSuperuser("text messages are changed by their actions only")
            for message in messages {
                try machine.record(SMS.self, message.id).write(["state": "canceled"])
                try SMSText.settle(message, "The message was called off.")
            }
        },
    ]

    public static let lifecycle = Lifecycle<SMS>(
        afterCreate: { messages in try SMSText.leave(messages) },
        beforeWrite: { messages, values in
            if messages.env.isSuperuser { return }
            let kept = ["state", "failure_type", "failure_reason", "attempts", "sent_on", "uuid"].filter { values[$0] != nil }
            if !kept.isEmpty { throw Refusal.protectedSMS(kept) }
            if let sent = messages.first(where: { $0.state == .sent || $0.state == .process }) { throw Refusal.sentSMS(sent.number) }
        })

    public init() {}
}

extension Refusal {
    static func protectedSMS(_ fields: [String]) -> Refusal {
        Refusal(
            "sms.protected_field", .accessDenied,
            "These fields of a text message are kept by the machine: \(fields.joined(separator: ", ")).",
            instruction: "Use its actions to send it again or call it off.")
    }

    static func sentSMS(_ number: String) -> Refusal {
        Refusal("sms.sent", .conflict, "The text message to \(number) has left and cannot be changed.", instruction: "Write another one.")
    }

    static func longSMS(_ limit: Int) -> Refusal {
        Refusal("sms.too_long", .limit, "A text message has at most \(limit) characters.", instruction: "Shorten its template.")
    }
}
