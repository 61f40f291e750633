import Base
import Kernel

/// A mail with places to be filled from a record: `Dear {{ object.contact_name or 'colleague' }}`.
public struct MailTemplate: Model {
    public static let name = "mail.template"
    public static let title = "Mail template"
    public static let order = "name, id"

    public let displayedName = Char("name", "Name", .required)
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, "Applies to")
    public let modelName = Char("model", "Model name", .related("model_id.model", stored: true))
    public let subject = Char("subject", "Subject")
    public let body = Html("body_html", "Body")
    public let from = Char("email_from", "From")
    public let to = Char("email_to", "To (mails)")
    public let recipients = Char("partner_to", "To (contacts)")
    public let copies = Char("email_cc", "Cc")
    public let replyTo = Char("reply_to", "Reply to")
    public let usesDefaultTo = Flag("use_default_to", "Default recipients", .initial(false))
    public let language = Char("lang", "Language")
    public let active = Flag("active", .initial(true))
    public let autoDelete = Flag("auto_delete", "Auto delete", .initial(true))
    public let attachments = Many2many<Attachment>(
        "attachment_ids", table: "email_template_attachment_rel", own: "email_template_id", other: "attachment_id", "Attachments")
    public let text = Text("description", "Description")

    public static let methods = [
        Method<MailTemplate>(
            "send_mail", ["res_id", "force_send"],
            onRecords: { templates, arguments in
                guard let template = templates.first, let id = arguments["res_id"]?.intValue else { return .bool(false) }
                try templates.env.checkAccess(.read, templates.records.model, templates.ids)
                return .int(try TemplateMail.queue(try TemplateMail.inForce(template.id, templates.env), for: id, templates.env))
            })
    ]

    public static let constraints = [
        Constraint<MailTemplate>("subject", "body_html", "email_from", "email_to", "partner_to", "email_cc", "reply_to", "model_id") {
            try TemplateMail.check($0)
        }
    ]

    public static let lifecycle = Lifecycle<MailTemplate>(beforeCreate: { values, env in
        if values["model_id"] == nil, let name = values["model"]?.textValue { values["model_id"] = .int(try env.modelId(name)) }
    })

    public init() {}
}

extension Environment {
    /// The id of the record that describes a model.
    func modelId(_ name: String) throws -> Int {
        let env = asSuperuser("names of models are no secret")
        guard let found = try env.search(ModelRecord.self, .where("model", .equal, .text(name)), limit: 1).first else {
            throw Refusal.unknownModelRecord(name)
        }
        return found.id
    }

    /// The id of the record that describes a field.
    func fieldId(_ name: String, of model: String) throws -> Int? {
        let env = asSuperuser("names of fields are no secret")
        let domain = Domain.where("model", .equal, .text(model)) & .where("name", .equal, .text(name))
        return try env.search(FieldRecord.self, domain, limit: 1).first?.id
    }
}

extension Refusal {
    static func unknownModelRecord(_ name: String) -> Refusal {
        Refusal(
            "automation.unknown_model", .validation, "There is no model '\(name)'.", instruction: "Name a model of this database.")
    }
}
