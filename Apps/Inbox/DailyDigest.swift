import Base
import Kernel
import Messaging

/// A mail in the morning that says how much waits for somebody, with a link to it: numbers only, and nothing can be decided from the mail.
enum DailyDigest {
    /// The hour at which it comes, where the person is.
    static let hour = 7
    /// After so many seconds another one may come.
    private static let pauseSeconds = 12 * 3_600
    /// The most people of one round.
    private static let limit = 10_000

    /// Queues the mails of those for whom it is time; called once an hour.
    ///
    /// - Returns: How many.
    @discardableResult static func send(_ env: Environment) throws -> Int {
        let machine = env.asSuperuser("the machine writes the mails")
        let domain = Domain.where("active", .equal, true) & .where("notification_type", .equal, "email") & .where("id", .greater, .int(1))
        let base = try machine.search(Parameter.self, .where("key", .equal, "web.base.url"), limit: 1).first?.content ?? ""
        var count = 0
        for user in try machine.search(User.self, domain, limit: limit) where isTime(user, env) {
            let email = user.email.isEmpty ? user.partner?.email ?? "" : user.email
            guard email.contains("@"), let person = try BaseDirectory().user(user.id, in: machine), person.isMember(of: "base.group_user"),
                let mail = try mail(person, base, env)
            else { continue }
            let before = Domain.where("email_to", .equal, .text(email)) & .where("subject", .equal, .text(mail.subject))
            guard
                try machine.searchCount(
                    env.registry.schema(OutgoingMail.self), before & .where("create_date", .greater, .instant(env.now - pauseSeconds))) == 0
            else { continue }
            let record = try machine.create(
                OutgoingMail.self, ["subject": .text(mail.subject), "body_html": .text(mail.body), "email_to": .text(email)])
            try OutgoingMail.queue(record)
            count += 1
        }
        return count
    }

    private static func isTime(_ user: Record<User>, _ env: Environment) -> Bool {
        let offset = env.unit.zoneTable(user.timeZone).map { $0.offset(at: env.now) } ?? 0
        return (env.now + offset).secondOfDay / 3_600 == hour
    }

    /// The mail for somebody; nil when nothing waits.
    private static func mail(_ person: UserContext, _ base: String, _ env: Environment) throws -> (subject: String, body: String)? {
        let counts = try Inbox.counts(env.with(user: person)).mapValue ?? [:]
        let lines: [(kind: Inbox.Kind, one: String, many: String)] = [
            (.approval, "approval", "approvals"), (.activity, "activity", "activities"), (.exception, "exception", "exceptions"),
            (.message, "message", "messages"),
        ]
        let waiting = lines.compactMap { line -> String? in
            let number = counts[line.kind.rawValue]?.intValue ?? 0
            return number == 0 ? nil : "<li>\(number) \(number == 1 ? line.one : line.many)</li>"
        }
        guard !waiting.isEmpty else { return nil }
        let link =
            base.isEmpty ? "<p>Sign in to see them.</p>" : "<p><a href=\"\(PlainText.escape(base))/app/inbox\">Open the inbox</a></p>"
        let body =
            "<p>Good morning, \(PlainText.escape(person.name)).</p>\n<p>This waits for you:</p>\n<ul>\(waiting.joined())</ul>\n\(link)"
        return ("What waits for you", body)
    }
}
