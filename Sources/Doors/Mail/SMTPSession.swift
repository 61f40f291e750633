import HTTPServer
import Kernel
import Mailroom
import Store

/// The talk of one connection: commands and answers, without the socket.
///
/// Source: RFC 5321; SIZE of RFC 1870, STARTTLS of RFC 3207.
struct SMTPSession {
    /// What the line does next.
    enum Step: Equatable {
        case answer(String)
        /// Answers, and takes lines of a mail until a lone dot.
        case data(String)
        /// Answers, and begins TLS.
        case encrypt(String)
        /// Answers, and ends.
        case end(String)
    }

    let configuration: SMTPConfiguration
    private(set) var isEncrypted = false
    private var isGreeted = false
    private var hasSender = false
    private var recipients: [SMTPConfiguration.Recipient] = []
    private var mails = 0
    private var mistakes = 0

    /// Commands that nobody understands, after which a connection is closed.
    private static let mistakeLimit = 20

    init(_ configuration: SMTPConfiguration) { self.configuration = configuration }

    var greeting: String { "220 \(configuration.name) ready" }

    /// For whom the mail that just came is.
    var receivers: [SMTPConfiguration.Recipient] { recipients }

    mutating func take(_ line: String) -> Step {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0].uppercased() {
        case "EHLO": return greet(extended: true)
        case "HELO": return greet(extended: false)
        case "MAIL": return mail(rest)
        case "RCPT": return recipient(rest)
        case "DATA": return data()
        case "RSET":
            forget()
            return .answer("250 2.0.0 Forgotten")
        case "NOOP": return .answer("250 2.0.0 Yes")
        case "VRFY": return .answer("252 2.5.0 Send a mail and see")
        case "STARTTLS": return encrypt(rest)
        case "QUIT": return .end("221 2.0.0 Goodbye")
        default: return mistake("500 5.5.1 This is no command here")
        }
    }

    /// TLS has begun: what was said before counts no more.
    mutating func encrypted() {
        forget()
        isEncrypted = true
        isGreeted = false
    }

    /// A mail was taken or refused.
    mutating func forget() {
        hasSender = false
        recipients = []
    }

    private mutating func greet(extended: Bool) -> Step {
        forget()
        isGreeted = true
        guard extended else { return .answer("250 \(configuration.name)") }
        var lines = [configuration.name, "SIZE \(configuration.maxMailBytes)", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if configuration.tls != nil, !isEncrypted { lines.append("STARTTLS") }
        let last = lines.removeLast()
        return .answer(lines.map { "250-\($0)\r\n" }.joined() + "250 \(last)")
    }

    private mutating func mail(_ rest: String) -> Step {
        guard isGreeted else { return mistake("503 5.5.1 Say EHLO first") }
        guard !hasSender else { return mistake("503 5.5.1 One mail at a time") }
        guard let (_, words) = SMTPSession.path(rest, after: "FROM:") else { return mistake("501 5.5.4 Say MAIL FROM:<address>") }
        guard mails < configuration.maxMails else { return .end("421 4.7.0 Enough mails for one connection") }
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1).map { $0.uppercased() }
            switch pair.first {
            case "SIZE":
                guard let size = pair.last.flatMap({ Int($0) }), size >= 0 else { return mistake("501 5.5.4 This is no size") }
                if size > configuration.maxMailBytes {
                    return .answer("552 5.3.4 The mail is larger than \(configuration.maxMailBytes) bytes")
                }
            case "BODY": continue
            default: return mistake("555 5.5.4 This is not understood here")
            }
        }
        hasSender = true
        return .answer("250 2.1.0 Go on")
    }

    private mutating func recipient(_ rest: String) -> Step {
        guard hasSender else { return mistake("503 5.5.1 Say MAIL first") }
        guard let (address, words) = SMTPSession.path(rest, after: "TO:"), words.isEmpty, !address.isEmpty else {
            return mistake("501 5.5.4 Say RCPT TO:<address>")
        }
        guard let known = configuration.recipients.first(where: { $0.address == address.lowercased() }) else {
            return mistake("550 5.1.1 Nobody of this address is here")
        }
        guard recipients.count < configuration.maxRecipients else { return .answer("452 4.5.3 Too many recipients") }
        if !recipients.contains(known) { recipients.append(known) }
        return .answer("250 2.1.5 Go on")
    }

    private mutating func data() -> Step {
        guard !recipients.isEmpty else { return mistake("503 5.5.1 Say RCPT first") }
        mails += 1
        return .data("354 Go on; end with a line of a lone dot")
    }

    private mutating func encrypt(_ rest: String) -> Step {
        guard configuration.tls != nil, !isEncrypted else { return mistake("502 5.5.1 There is no other line") }
        return rest.isEmpty ? .encrypt("220 2.0.0 Go on") : mistake("501 5.5.4 STARTTLS stands alone")
    }

    private mutating func mistake(_ answer: String) -> Step {
        mistakes += 1
        return mistakes > Self.mistakeLimit ? .end("421 4.7.0 Too many mistakes") : .answer(answer)
    }

    /// `FROM:<address> WORD=…`; nil when it is not that.
    private static func path(_ text: String, after word: String) -> (address: String, words: [String])? {
        guard text.uppercased().hasPrefix(word) else { return nil }
        let rest = text.dropFirst(word.count).drop { $0 == " " }
        guard rest.first == "<", let close = rest.firstIndex(of: ">") else { return nil }
        let address = String(rest[rest.index(after: rest.startIndex)..<close])
        guard address.utf8.count <= 254, !address.contains("<"), !address.contains(" ") else { return nil }
        return (address, rest[rest.index(after: close)...].split(separator: " ").map(String.init))
    }
}
