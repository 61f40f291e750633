import Base
import Kernel

/// Messages, followers, tracked changes and activities for every model with chatter, and the mails that go out from them.
public enum MessagingApp {
    /// The app.
    public static let app = App("mail", "Messaging", needs: ["base"]) { app in
        app.add(MessageSubtype.self)
        app.add(Message.self)
        app.add(TrackingValue.self)
        app.add(Follower.self)
        app.add(OutgoingMail.self)
        app.add(ActivityType.self)
        app.add(Activity.self)
        app.mixIn(ChatterMixin.apply)
        app.observe(TrackingObserver())
        rights(&app)
        app.seed("subtypes") { try Seeds.subtypes($0) }
        app.seed("activity types") { try Seeds.activityTypes($0) }
    }

    private static func rights(_ app: inout App) {
        let user = "base.group_user"
        app.allow(user, "r", on: "mail.message", "mail.message.subtype", "mail.tracking.value", "mail.followers", "mail.activity.type")
        app.allow(user, "rwcd", on: "mail.activity")
        app.allow("base.group_system", "rwcd", on: "mail.message.subtype", "mail.activity.type", "mail.mail")
        app.rule(
            "activities of one's own or planned by oneself", on: "mail.activity", "['|', ('user_id', '=', uid), ('create_uid', '=', uid)]",
            operations: "wd")
    }
}

/// Records that the chatter needs.
private enum Seeds {
    static func subtypes(_ env: Environment) throws {
        try Reference.ensure("mail.mt_comment", MessageSubtype.self, ["name": "Discussions", "sequence": 0], env)
        try Reference.ensure(
            "mail.mt_note", MessageSubtype.self, ["name": "Note", "internal": true, "default": false, "sequence": 100], env)
        try Reference.ensure(
            "mail.mt_activities", MessageSubtype.self, ["name": "Activities", "internal": true, "default": false, "sequence": 90], env)
    }

    static func activityTypes(_ env: Environment) throws {
        let types: [(String, String, ActivityType.Category, Int)] = [
            ("mail.mail_activity_data_todo", "To-Do", .default, 5), ("mail.mail_activity_data_call", "Call", .phonecall, 2),
            ("mail.mail_activity_data_email", "Email", .default, 0),
            ("mail.mail_activity_data_upload_document", "Document", .uploadFile, 5),
        ]
        for (index, type) in types.enumerated() {
            try Reference.ensure(
                type.0, ActivityType.self,
                ["name": .text(type.1), "category": .text(type.2.rawValue), "delay_count": .int(type.3), "sequence": .int(index + 1)], env)
        }
    }
}
