import Base
import Kernel

/// Who is told of a message, and how.
enum Notifications {
    /// Tells followers and recipients: notes stay inside the organisation, comments go to everybody who follows.
    static func send(_ message: Record<Message>, on record: Records, to recipients: [Int]) throws {
        guard message.kind == .comment || message.kind == .email || !recipients.isEmpty else { return }
        let env = message.env
        var partners = Set(recipients)
        if message.kind == .comment, !message.isInternal {
            let followers = Domain.where("res_model", .equal, .text(record.model.name)) & .where("res_id", .in, .ids(record.ids))
            for follower in try env.search(Follower.self, followers) { if let partner = follower.partner { partners.insert(partner.id) } }
        }
        if let author = message.author { partners.remove(author.id) }
        if partners.isEmpty { return }
        message.notified = env.records(Partner.self, partners.sorted())
        for partner in env.records(Partner.self, partners.sorted()) where !partner.email.isEmpty && wantsMail(partner) {
            try queue(message, to: partner)
        }
    }

    private static func wantsMail(_ partner: Record<Partner>) -> Bool {
        let users = try? partner.env.search(User.self, .where("partner_id", .equal, .int(partner.id)), limit: 1)
        return users?.first.map { $0.notification == .email } ?? true
    }

    /// Puts a mail into the queue; a job sends it after the commit.
    private static func queue(_ message: Record<Message>, to partner: Record<Partner>) throws {
        let env = message.env
        let subject = message.subject.isEmpty ? "Re: \(message.recordName)" : message.subject
        let mail = try env.create(
            OutgoingMail.self,
            [
                "mail_message_id": .int(message.id), "subject": .text(subject), "body_html": .text(message.body),
                "email_to": .text(partner.email), "email_from": .text(message.from),
            ])
        try OutgoingMail.queue(mail)
    }
}

/// Text and formatted text.
public enum PlainText {
    /// Formatted text without its tags.
    public static func from(_ html: String) -> String {
        var result = ""
        var inTag = false
        for character in html {
            switch character {
            case "<": inTag = true
            case ">":
                if inTag { result += result.last == " " || result.isEmpty ? "" : " " }
                inTag = false
            default: if !inTag { result.append(character) }
            }
        }
        let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
        for (entity, character) in named {
            result = result.split(separator: entity, omittingEmptySubsequences: false).joined(separator: character)
        }
        while result.last == " " { result.removeLast() }
        return result
    }

    /// Plain text as formatted text.
    public static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
