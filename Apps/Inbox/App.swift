import Approvals
import Base
import Exceptions
import Kernel
import Messaging
import Schedules

/// One list of what waits for a person.
public enum InboxApp {
    /// The app.
    public static let app = App("inbox", "Inbox", needs: ["base", "mail", "exceptions", "approvals", "schedules"]) { app in
        app.add(InboxItem.self)
        app.extend(ReadersOfMessage.self)
        app.offer(InboxScreen.screen)
        app.offer(
            BuiltInSchedule("inbox.ir_cron_daily_digest", "Inbox: mail in the morning what waits", every: 1, .hours) { turn in
                try DailyDigest.send(turn.env)
            })
        app.allow("base.group_user", "r", on: InboxItem.name)
        app.rule("nothing is stored", on: InboxItem.name, "[('id', '=', 0)]")
    }
}

/// One thing that waits for a person; nothing of it is stored, it is found where it stands.
struct InboxItem: Model {
    static let name = "inbox.item"
    static let title = "Inbox"

    let displayedName = Char("name", "What")

    static let methods = [
        Method<InboxItem>(
            "items", ["kind", "limit", "offset"], readsOnly: true, onModel: { env, arguments in try Inbox.items(env, arguments) }),
        Method<InboxItem>("counts", readsOnly: true, onModel: { env, _ in try Inbox.counts(env) }),
        Method<InboxItem>("mark_read", ["message_ids"], onModel: { env, arguments in try Inbox.markRead(env, arguments) }),
    ]

    init() {}
}

/// Who has read a message.
struct ReadersOfMessage: ModelExtension {
    typealias Base = Message

    let readers = Many2many<User>("read_user_ids", table: "inbox_read", own: "message_id", other: "user_id", "Read by")

    init() {}
}
