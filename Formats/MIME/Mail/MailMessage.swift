/// A mail to people: a text and the same in HTML, both UTF-8.
///
/// Nothing in it can add a header or a recipient: control characters are taken out of every header.
/// Source: RFC 5322, RFC 2046 §5.1.4.
public struct MailMessage: Sendable, Hashable {
    /// Tells this mail from every other: `<42.9f@baton.example>`; sent again, it is the same.
    public var messageId: String
    /// When it was written, in seconds since 1970-01-01T00:00:00Z.
    public var writtenAt: Int
    /// Who it is from.
    public var from: MailAddress
    /// Whom it goes to.
    public var to: [MailAddress]
    /// Where answers go, when not to `from`.
    public var replyTo: MailAddress?
    /// The subject; at most 2,000 characters are kept.
    public var subject: String
    /// The HTML part.
    public var html: String
    /// The part for readers without HTML.
    public var text: String

    /// A mail; its text part is made from the HTML.
    public init(
        messageId: String, writtenAt: Int, from: MailAddress, to: [MailAddress], replyTo: MailAddress? = nil, subject: String, html: String
    ) {
        self.messageId = messageId
        self.writtenAt = writtenAt
        self.from = from
        self.to = to
        self.replyTo = replyTo
        self.subject = subject
        self.html = html
        text = HTMLText.plain(html)
    }

    // An equals sign followed by an underscore never occurs in quoted-printable text.
    private static let boundary = "=_baton-alternative"

    /// The mail as SMTP takes it: lines end in CR LF, none is longer than 998 bytes, all bytes are ASCII.
    public func serialized() -> [UInt8] {
        var mail = HeaderText.field("Date", MailDate.text(writtenAt))
        mail += HeaderText.list("From", [from])
        mail += HeaderText.list("To", to)
        if let replyTo { mail += HeaderText.list("Reply-To", [replyTo]) }
        mail += HeaderText.field("Subject", subject)
        mail += "Message-ID: \(Self.idWithoutControls(messageId))\r\n"
        mail += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
        mail += "Content-Type: multipart/alternative; boundary=\"\(Self.boundary)\"\r\n\r\n"
        mail += part("text/plain", text) + part("text/html", html) + "--\(Self.boundary)--\r\n"
        return Array(mail.utf8)
    }

    private func part(_ type: String, _ content: String) -> String {
        "--\(Self.boundary)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + QuotedPrintable.encode(content) + "\r\n"
    }

    private static func idWithoutControls(_ id: String) -> String {
        String(String.UnicodeScalarView(id.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }))
    }
}

/// The date of a mail, in UTC: `Fri, 20 Nov 2026 11:40:10 +0000`. Source: RFC 5322 §3.3.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ seconds: Int) -> String {
        let number = Int((Double(seconds) / 86_400).rounded(.down))
        let second = seconds - number * 86_400
        let (year, month, day) = date(number)
        let time = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(days[((number % 7) + 7) % 7]), \(day) \(months[month - 1]) \(year) \(time) +0000"
    }

    /// Year, month and day of a number of days since 1970-01-01, by counting from 1 March of the year 0.
    private static func date(_ number: Int) -> (Int, Int, Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, day)
    }
}
