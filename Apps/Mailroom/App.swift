import Base
import Kernel
import Referrals

/// Documents by mail: mailboxes that are looked into, and what is made of the mails that come.
public enum MailroomApp {
    /// The app.
    public static let app = App("mailroom", "Mailroom", needs: ["base", "exceptions", "referrals"]) { app in
        app.add(Mailbox.self)
        app.allow("base.group_system", "rwcd", on: Mailbox.name)
        app.allow("referrals.group_manager", "r", on: Mailbox.name)
        app.rule(
            "care.mailbox of one's sites", on: Mailbox.name, "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.offer(SealedField(Mailbox.name, "password_sealed"))
        app.offer(MailDesk.retry)
        app.offer(MailboxViews.mailboxes)
    }
}
