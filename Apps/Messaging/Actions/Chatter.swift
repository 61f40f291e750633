import Base
import Kernel

/// A message to be posted.
public struct Post {
    /// The text, formatted.
    public var body = ""
    /// The subject line; empty for the record's name.
    public var subject = ""
    /// Where it comes from.
    public var kind = Message.Kind.comment
    /// The subtype's external id: `mail.mt_comment` reaches followers, `mail.mt_note` stays inside.
    public var subtype = "mail.mt_comment"
    /// Contacts to tell beside the followers.
    public var recipients: [Int] = []
    /// Ids of files.
    public var attachments: [Int] = []
    /// The contact who speaks; nil for the user.
    public var author: Int?
    /// The sender's address of a mail.
    public var from = ""
    /// The message that this one answers.
    public var parent: Int?

    /// A message whose body is formatted text.
    public init(body: String, kind: Message.Kind = .comment, subtype: String = "mail.mt_comment") {
        self.body = body
        self.kind = kind
        self.subtype = subtype
    }
}

/// Posting messages, and following.
public enum Chatter {
    /// Posts a message on the first of the records and tells those who follow it.
    public static func post(on record: Records, _ post: Post) throws -> Int {
        let env = record.env
        guard let id = record.ids.first else { throw Refusal("chatter.no_record", .invalid, "A message needs a record.") }
        try env.checkAccess(.read, record.model, [id])
        try env.checkAccess(.read, env.registry.schema(Attachment.self), post.attachments)
        try env.checkAccess(.read, env.registry.schema(Partner.self), post.recipients)
        if let parent = post.parent { try env.checkAccess(.read, env.registry.schema(Message.self), [parent]) }
        let superuser = env.asSuperuser("whoever may read a record may write into its chatter")
        var values: ValueMap = [
            "model": .text(record.model.name), "res_id": .int(id), "body": .text(post.body), "subject": .text(post.subject),
            "message_type": .text(post.kind.rawValue), "subtype_id": .int(try Subtypes.id(post.subtype, superuser)),
            "record_name": .text(try env.linkName(record.model, id)), "email_from": .text(post.from),
            "is_internal": .bool(post.subtype == "mail.mt_note"),
        ]
        values["author_id"] = (post.author ?? env.user.partnerId).map { .int($0) } ?? .null
        if !post.recipients.isEmpty { values["partner_ids"] = .list([[6, 0, .ids(post.recipients)]]) }
        if !post.attachments.isEmpty { values["attachment_ids"] = .list([[6, 0, .ids(post.attachments)]]) }
        if let parent = post.parent { values["parent_id"] = .int(parent) }
        let message = try superuser.create(Message.self, values)
        try Notifications.send(message, on: record, to: post.recipients)
        return message.id
    }

    /// Makes contacts follow records.
    public static func subscribe(_ records: Records, partners: [Int], subtypes: [Int]? = nil) throws {
        if partners.isEmpty || records.isEmpty { return }
        let env = records.env.asSuperuser("followers are kept by the machine")
        let present =
            Domain.where("res_model", .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids))
            & .where("partner_id", .in, .ids(partners))
        let known = Set(try env.search(Follower.self, present).map { FollowerKey(record: $0.record, partner: $0.partner?.id ?? 0) })
        var fresh: [ValueMap] = []
        for id in records.ids {
            for partner in partners where !known.contains(FollowerKey(record: id, partner: partner)) {
                var values: ValueMap = ["res_model": .text(records.model.name), "res_id": .int(id), "partner_id": .int(partner)]
                if let subtypes { values["subtype_ids"] = .list([[6, 0, .ids(subtypes)]]) }
                fresh.append(values)
            }
        }
        if !fresh.isEmpty { try env.create(Follower.self, fresh) }
    }

    /// Lets contacts no longer follow records.
    public static func unsubscribe(_ records: Records, partners: [Int]) throws {
        let env = records.env.asSuperuser("followers are kept by the machine")
        let present =
            Domain.where("res_model", .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids))
            & .where("partner_id", .in, .ids(partners))
        try env.search(Follower.self, present).unlink()
    }
}

private struct FollowerKey: Hashable {
    let record: Int
    let partner: Int
}

/// Ids of subtypes by external id.
enum Subtypes {
    static func id(_ externalId: String, _ env: Environment) throws -> Int {
        try env.remembered("mail.subtype:" + externalId, from: [ExternalId.name]) { try Reference.require(externalId, $0) }
    }
}
