import Base
import Kernel

/// The mail with which somebody is asked to set a password.
public enum InvitationMail {
    /// Where the link goes in the body; the sender of mails puts it in.
    static let mark = "{one-time-link}"

    /// Makes a link for a user and queues the mail with it; links from before hold no more.
    ///
    /// - Parameter address: Where the client is, without a slash at its end: `https://baton.example`. The secret follows `#`, so that no
    ///   server on the way writes it down.
    /// - Returns: The address that the mail goes to.
    /// - Throws: `invitation.no_address` for a user without an email address; what `Invitations.make` throws.
    public static func send(to user: Int, address: String, _ env: Environment) throws -> String {
        let superuser = env.asSuperuser("the machine writes the mail")
        let person = superuser.record(User.self, user)
        try env.checkAccess(.write, env.registry.schema(User.self), [user])
        let email = person.email.isEmpty ? person.partner?.email ?? "" : person.email
        guard email.contains("@") else {
            throw Refusal(
                "invitation.no_address", .validation, "\(person.displayedName) has no email address.",
                instruction: "Enter one and save it, then invite again.")
        }
        let secret = try Invitations(env).make(for: user)
        let isNew = person.lastLogin == nil
        let days = Invitations.seconds / 86_400
        let place = superuser.record(Company.self, person.company?.id ?? env.companyId).displayedName
        let mail = try superuser.create(
            OutgoingMail.self,
            [
                "subject": .text(isNew ? "Your account at \(place)" : "A new password for \(place)"), "email_to": .text(email),
                "body_html": .text(body(person.displayedName, person.login, place, by: env.user.name, days: days, isNew: isNew)),
                "one_time_link": .text("\(address)/app/join#\(secret)"),
            ])
        try OutgoingMail.queue(mail)
        return email
    }

    private static func body(_ name: String, _ login: String, _ place: String, by inviter: String, days: Int, isNew: Bool) -> String {
        let why = isNew ? "\(inviter) has set up an account for you" : "\(inviter) asks you to set a new password for your account"
        return [
            "<p>Hello \(escaped(name)),</p>", "<p>\(escaped(why)) at \(escaped(place)). You sign in as <b>\(escaped(login))</b>.</p>",
            "<p><a href=\"\(mark)\">Set your password</a></p>",
            "<p>The link holds once, for \(days) days. If it does not open, copy this into the browser: \(mark)</p>",
            "<p>If you do not expect this, delete the mail: nothing happens then.</p>",
        ].joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "{": result += "&#123;"
            default: result.append(character)
            }
        }
    }
}
