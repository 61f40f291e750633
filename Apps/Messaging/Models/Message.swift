import Base
import Kernel

/// A message in the chatter of a record: written by a person, sent by mail, or noted by the machine.
public struct Message: Model {
    public static let name = "mail.message"
    public static let title = "Message"
    public static let order = "id desc"
    public static let nameField = "subject"
    public static let searchFields = ["subject", "body"]
    public static let indexes = [["model", "res_id"]]
    public static let owner: OwnerLink? = .reference(model: "model", id: "res_id")

    /// Where a message comes from.
    public enum Kind: String, SelectionValue {
        case email, comment, emailOutgoing = "email_outgoing", notification, autoComment = "auto_comment", outOfOffice = "out_of_office"
        case userNotification = "user_notification"
    }

    public let subject = Char("subject", "Subject")
    public let date = Datetime("date", "Date", .initially { .instant($0.now) })
    public let body = Html("body", "Contents")
    public let preview = Char(
        "preview", .computed(on: "body") { (message: Record<Message>) in String(PlainText.from(message.body).prefix(190)) })
    public let recordModel = Char("model", "Related document model")
    public let record = Many2oneReference("res_id", modelField: "model", "Related document")
    public let recordName = Char("record_name", "Message record name")
    public let kind = Selection<Kind>("message_type", initial: .comment, "Type", .required)
    public let subtype = Many2one<MessageSubtype>("subtype_id", "Subtype")
    public let isInternal = Flag("is_internal", "Employee only", .initial(false))
    public let author = Many2one<Partner>("author_id", "Author", .indexed)
    public let from = Char("email_from", "From")
    public let recipients = Many2many<Partner>(
        "partner_ids", table: "mail_message_res_partner_rel", own: "message_id", other: "partner_id", "Recipients")
    public let notified = Many2many<Partner>(
        "notified_partner_ids", table: "mail_notification", own: "mail_message_id", other: "res_partner_id", "Notified")
    public let attachments = Many2many<Attachment>(
        "attachment_ids", table: "message_attachment_rel", own: "message_id", other: "attachment_id", "Attachments")
    public let tracking = One2many<TrackingValue>("tracking_value_ids", inverse: \.message, "Tracking values")
    public let parent = Many2one<Message>("parent_id", "Answers")
    public let messageId = Char("message_id", "Message-Id", .indexed, .readonly)

    public init() {}
}

/// What sort of message: a discussion, a note, an event.
public struct MessageSubtype: Model {
    public static let name = "mail.message.subtype"
    public static let title = "Message subtype"
    public static let order = "sequence, id"

    public let displayedName = Char("name", "Message type", .required)
    public let text = Text("description")
    public let isInternal = Flag("internal", "Internal only", .initial(false))
    public let recordModel = Char("res_model", "Model")
    public let isDefault = Flag("default", "Default", .initial(true))
    public let sequence = Integer("sequence", .initial(1))

    public init() {}
}

/// One changed field, as a message shows it.
public struct TrackingValue: Model {
    public static let name = "mail.tracking.value"
    public static let title = "Tracked change"
    public static let order = "id desc"
    public static let nameField = "field_name"
    public static let owner: OwnerLink? = .link("mail_message_id")

    public let message = Many2one<Message>("mail_message_id", onDelete: .cascade, .required, .indexed)
    public let field = Many2one<FieldRecord>("field_id", "Field")
    public let fieldName = Char("field_name", "Field name")
    public let label = Char("field_desc", "Field label")
    public let oldInteger = Integer("old_value_integer", .aggregator(nil))
    public let newInteger = Integer("new_value_integer", .aggregator(nil))
    public let oldFloat = Float("old_value_float", .aggregator(nil))
    public let newFloat = Float("new_value_float", .aggregator(nil))
    public let oldText = Text("old_value_char", "Before")
    public let newText = Text("new_value_char", "After")
    public let oldDatetime = Datetime("old_value_datetime")
    public let newDatetime = Datetime("new_value_datetime")

    public init() {}
}

/// Somebody who hears of a record's messages.
public struct Follower: Model {
    public static let name = "mail.followers"
    public static let title = "Follower"
    public static let nameField = "res_model"
    public static let owner: OwnerLink? = .reference(model: "res_model", id: "res_id")
    public static let unique = [
        Unique("res_model", "res_id", "partner_id", message: "Error, a partner cannot follow twice the same object.")
    ]

    public let recordModel = Char("res_model", .required, .indexed)
    public let record = Many2oneReference("res_id", modelField: "res_model", .indexed)
    public let partner = Many2one<Partner>("partner_id", onDelete: .cascade, .required, .indexed)
    public let subtypes = Many2many<MessageSubtype>("subtype_ids", "Hears of")

    public init() {}
}

/// A mail waiting to be sent, or that was sent.
public struct OutgoingMail: Model {
    public static let name = "mail.mail"
    public static let title = "Outgoing mail"
    public static let order = "id desc"
    public static let nameField = "subject"

    /// How far a mail has come.
    public enum State: String, SelectionValue { case outgoing, sent, received, exception, cancel }

    public let message = Many2one<Message>("mail_message_id", onDelete: .cascade, .indexed)
    public let subject = Char("subject")
    public let body = Text("body_html")
    public let from = Char("email_from")
    public let to = Text("email_to")
    public let replyTo = Char("reply_to")
    public let state = Selection<State>("state", initial: .outgoing, "Status", .readonly, .indexed)
    public let failure = Text("failure_reason", .readonly)
    public let messageId = Char("message_id", "Message-Id", .readonly)
    /// A link that counts once: it takes the place of `{one-time-link}` in the body as the mail is sent, and is forgotten then.
    public let link = Char("one_time_link", .groups("base.group_nobody"), .notCopied, .secret)

    public static let actions = [
        Action<OutgoingMail>("action_retry", "Send again", when: { $0.state == .exception || $0.state == .cancel }) { mails in
            for mail in mails {
                try mail.write(["state": "outgoing", "failure_reason": .null])
                try OutgoingMail.queue(mail, round: mail.version)
            }
        },
        Action<OutgoingMail>("cancel", "Call off", when: { $0.state == .outgoing || $0.state == .exception }) { mails in
            try mails.write(["state": "cancel"])
        },
    ]

    /// Puts a mail into the queue; a job sends it after the commit. Each round of attempts is a job of its own.
    public static func queue(_ mail: Record<OutgoingMail>, round: Int = 0) throws {
        let key = "mail:\(mail.id)" + (round > 0 ? ":\(round)" : "")
        try mail.env.unit.transaction.enqueue(JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)], uniqueKey: key))
    }

    public init() {}
}
