import Base
import JSON
import Kernel

/// The fields and methods that every model with chatter has.
enum ChatterMixin {
    @Sendable
    static func apply(_ mixin: ModelMixin) throws {
        guard mixin.model.hasChatter else { return }
        try fields(mixin)
        methods(mixin)
    }

    private static func fields(_ mixin: ModelMixin) throws {
        try mixin.add(One2many<Message>("message_ids", inverseName: "res_id", "Messages"))
        try mixin.add(One2many<Follower>("message_follower_ids", inverseName: "res_id", "Followers"))
        try mixin.add(One2many<Activity>("activity_ids", inverseName: "res_id", "Activities"))
        try mixin.add(
            Many2many<Partner>(
                "message_partner_ids", "Followers (contacts)",
                .computedTogether(on: "message_follower_ids") { records in
                    try records.ids.map { id in
                        let followers = try records.only(id).related("message_follower_ids")
                        return .ids(try followers.related("partner_id").ids)
                    }
                },
                .search { _, comparison, value in .related("message_follower_ids", .where("partner_id", comparison, value), negated: false)
                }))
        try mixin.add(
            Flag(
                "message_is_follower", "Is follower",
                .computedTogether(on: "message_follower_ids") { records in
                    try records.ids.map { id in
                        let partners = try records.only(id).related("message_follower_ids").related("partner_id").ids
                        return .bool(records.env.user.partnerId.map(partners.contains) ?? false)
                    }
                }))
        try mixin.add(
            Flag(
                "has_message", "Has message",
                .computedTogether(on: "message_ids") { records in
                    try records.ids.map { .bool(!(try records.value($0, "message_ids")).isFalsy) }
                }))
        try mixin.add(
            Integer(
                "message_attachment_count", "Attachment count", .aggregator(nil),
                .computedTogether(on: "message_ids") { records in
                    try records.ids.map { .int(try records.only($0).related("message_ids").related("attachment_ids").count) }
                }))
        try activityFields(mixin)
    }

    private static func activityFields(_ mixin: ModelMixin) throws {
        // A server action plans activities of others: these names are its own.
        if mixin.model.field("activity_type_id") != nil { return }
        try mixin.add(
            Selection<Activity.State>(
                "activity_state", "Activity state",
                .computedTogether(on: "activity_ids.state") { records in
                    try records.ids.map { id in
                        let states = try records.only(id).related("activity_ids")
                        let found = Set(try states.ids.map { try states.value($0, "state").textValue ?? "" })
                        return ["overdue", "today", "planned"].first(where: found.contains).map { .text($0) } ?? .null
                    }
                }))
        try mixin.add(
            Many2one<User>(
                "activity_user_id", "Responsible user",
                .computedTogether(on: "activity_ids.user_id") { records in
                    try records.ids.map { try records.only($0).related("activity_ids").value("user_id") }
                }))
        try mixin.add(
            DateField(
                "activity_date_deadline", "Next activity deadline",
                .computedTogether(on: "activity_ids.date_deadline") { records in
                    try records.ids.map { try records.only($0).related("activity_ids").value("date_deadline") }
                }))
        try mixin.add(
            Char(
                "activity_summary", "Next activity summary",
                .computedTogether(on: "activity_ids.summary") { records in
                    try records.ids.map { try records.only($0).related("activity_ids").value("summary") }
                }))
        try mixin.add(
            Many2one<ActivityType>(
                "activity_type_id", "Next activity type",
                .computedTogether(on: "activity_ids.activity_type_id") { records in
                    try records.ids.map { try records.only($0).related("activity_ids").value("activity_type_id") }
                }))
    }

    private static func methods(_ mixin: ModelMixin) {
        let posting = [
            "body", "subject", "message_type", "subtype_xmlid", "partner_ids", "attachment_ids", "parent_id", "author_id", "email_from",
            "body_is_html",
            "attachments",
        ]
        mixin.method("message_post", posting) { records, arguments in .ids([try post(records, arguments)]) }
        mixin.method("message_subscribe", ["partner_ids", "subtype_ids"]) { records, arguments in
            try records.env.checkAccess(.write, records.model, records.ids)
            let partners = arguments["partner_ids"]?.idList ?? []
            try records.env.checkAccess(.read, records.env.registry.schema(Partner.self), partners)
            try Chatter.subscribe(records, partners: partners, subtypes: arguments["subtype_ids"]?.idList)
            return .bool(true)
        }
        mixin.method("message_unsubscribe", ["partner_ids"]) { records, arguments in
            try records.env.checkAccess(.write, records.model, records.ids)
            try Chatter.unsubscribe(records, partners: arguments["partner_ids"]?.idList ?? [])
            return .bool(true)
        }
        mixin.method("activity_schedule", ["act_type_xmlid", "date_deadline", "summary", "note", "user_id", "activity_type_id"]) {
            records, arguments in
            .ids(try schedule(records, arguments))
        }
    }

    private static func post(_ records: Records, _ arguments: ValueMap) throws -> Int {
        let text = arguments["body"]?.textValue ?? ""
        let isFormatted = arguments["body_is_html"] == .bool(true)
        var post = Post(body: isFormatted ? text : PlainText.escape(text))
        post.subject = arguments["subject"]?.textValue ?? ""
        let kind = arguments["message_type"]?.textValue ?? "notification"
        guard let known = Message.Kind(rawValue: kind) else {
            throw Refusal.badValue("message_type", in: "mail.message", expected: "a type of message")
        }
        post.kind = known
        post.subtype = arguments["subtype_xmlid"]?.textValue ?? "mail.mt_note"
        post.recipients = arguments["partner_ids"]?.idList ?? []
        post.attachments = arguments["attachment_ids"]?.idList ?? []
        post.parent = arguments["parent_id"]?.intValue
        post.from = arguments["email_from"]?.textValue ?? ""
        // Whoever posts through a door is the author: another one may be named by administrators only.
        if let author = arguments["author_id"]?.intValue, records.env.user.isMember(of: "base.group_system") { post.author = author }
        post.attachments += try upload(arguments["attachments"]?.listValue ?? [], records)
        return try Chatter.post(on: records, post)
    }

    private static func upload(_ files: [Value], _ records: Records) throws -> [Int] {
        try files.prefix(50).compactMap { file in
            guard let pair = file.listValue, pair.count == 2, let name = pair[0].textValue else { return nil }
            return try records.env.create(
                Attachment.self,
                ["name": .text(name), "datas": pair[1], "res_model": .text(records.model.name), "res_id": .int(records.ids.first ?? 0)]
            ).id
        }
    }

    private static func schedule(_ records: Records, _ arguments: ValueMap) throws -> [Int] {
        let env = records.env
        var values = arguments
        values["act_type_xmlid"] = nil
        if let name = arguments["act_type_xmlid"]?.textValue, !name.isEmpty {
            values["activity_type_id"] = .int(try Reference.require(name, env))
        }
        return try records.ids.map { id in
            try env.create(Activity.self, values.merging(["res_model": .text(records.model.name), "res_id": .int(id)])).id
        }
    }
}
