import Kernel
import Views

/// How administrators see mailboxes: where they are, and whether they are read.
enum MailboxViews {
    static let mailboxes = ModelViews(
        Mailbox.name, plural: "Mailboxes", icon: "mail", place: ModelViews.Place(.settings, "mailboxes", sequence: 60),
        list: ListView(
            "name", "url", "company_id", "checked_on", "failure_code", "active", compact: ["name", "checked_on", "failure_code"]),
        form: FormView(
            subtitle: ["url"],
            sections: [
                FormView.Section("Mailbox", "name", "url", "login", "password", "active"),
                FormView.Section("Documents", "user_id", "company_id"),
                FormView.Section("How it went", "checked_on", "last_uid", "failure_code", "failure_count"),
            ]),
        search: SearchView("name", "url", groups: ["company_id"]), tones: ["failure_count": .zeroIsGood])
}
