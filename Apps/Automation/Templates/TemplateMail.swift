import Base
import Kernel
import Messaging

/// Mails and messages made from templates.
enum TemplateMail {
    /// The most contacts that one template may name.
    static let recipientLimit = 100

    static func check(_ template: Record<MailTemplate>) throws {
        let model = template.model.flatMap { template.env.registry.model($0.model) }
        for text in [template.subject, template.body, template.from, template.to, template.recipients, template.copies, template.replyTo] {
            let inline = try InlineTemplate(text)
            if let model { try inline.check(model, template.env.registry) }
        }
    }

    /// Sends a template for a record: into its chatter, or as a mail of its own.
    static func send(
        _ template: Content, on record: Records, as method: ServerAction.MailMethod, autofollow: Bool
    ) throws {
        let people = try partners(template, record)
        if autofollow { try Chatter.subscribe(record, partners: people) }
        if method == .email {
            _ = try mail(template, record, people)
            return
        }
        let subtype = method == .note ? "mail.mt_note" : "mail.mt_comment"
        var post = Post(
            body: try InlineTemplate(template.text("body_html")).filled(for: record, isFormatted: true), kind: .comment, subtype: subtype)
        post.subject = try InlineTemplate(template.text("subject")).filled(for: record)
        post.recipients = people
        post.attachments = try template.links("attachment_ids")
        post.from = try InlineTemplate(template.text("email_from")).filled(for: record)
        // Whoever set the template up chose whom it reaches; the reader's own reach does not matter.
        _ = try Chatter.post(on: record.with(record.env.asSuperuser("a template's recipients are part of it")), post)
    }

    /// A template as it was released.
    static func inForce(_ id: Int, _ env: Environment) throws -> Content {
        if let content = try Governed.content(Governed.template, id, env) { return content }
        throw Refusal.notReleased(env.asSuperuser("a refusal names the template").record(MailTemplate.self, id).displayedName)
    }

    /// Queues a mail for a record and gives its id.
    static func queue(_ template: Content, for id: Int, _ env: Environment) throws -> Int {
        let name = try template.modelName
        guard !name.isEmpty else {
            throw Refusal("automation.template_model", .validation, "The template applies to no model.", instruction: "Choose its model.")
        }
        let record = try env.records(name, [id])
        try env.checkAccess(.read, record.model, [id])
        return try mail(template, record, try partners(template, record))
    }

    private static func mail(_ template: Content, _ record: Records, _ people: [Int]) throws -> Int {
        let env = record.env.asSuperuser("mails are queued by the machine")
        let named = env.records(Partner.self, people).map(\.email).filter { !$0.isEmpty }
        let given = try InlineTemplate(template.text("email_to")).filled(for: record).split(separator: ",").map(trimmed).filter {
            !$0.isEmpty
        }
        let copies = try InlineTemplate(template.text("email_cc")).filled(for: record).split(separator: ",").map(trimmed).filter {
            !$0.isEmpty
        }
        let addresses = given + named + copies
        guard !addresses.isEmpty else { return 0 }
        let mail = try env.create(
            OutgoingMail.self,
            [
                "subject": .text(try InlineTemplate(template.text("subject")).filled(for: record)),
                "body_html": .text(try InlineTemplate(template.text("body_html")).filled(for: record, isFormatted: true)),
                "email_from": .text(try InlineTemplate(template.text("email_from")).filled(for: record)),
                "email_to": .text(addresses.joined(separator: ", ")),
                "reply_to": .text(try InlineTemplate(template.text("reply_to")).filled(for: record)),
            ])
        try env.unit.transaction.enqueue(
            JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)], uniqueKey: "mail:\(mail.id)"))
        return mail.id
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func partners(_ template: Content, _ record: Records) throws -> [Int] {
        let env = record.env.asSuperuser("a template's recipients are part of it")
        var ids = try InlineTemplate(template.text("partner_to")).filled(for: record).split(separator: ",").compactMap { Int(trimmed($0)) }
        if try template.flag("use_default_to"), let field = record.model.field("partner_id"), field.kind.comodel == "res.partner" {
            ids += try record.with(env).value(record.ids.first ?? 0, field).idList ?? []
        }
        return try env.existing(Array(ids.prefix(recipientLimit)), in: env.registry.schema(Partner.self))
    }
}
