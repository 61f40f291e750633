import Testing

@testable import MailDoor

/// The talk of the door for mails, and what counts as the end of one.
@Suite struct SMTPTests {
    private func session(_ change: (inout SMTPConfiguration) -> Void = { _ in }) -> SMTPSession {
        var configuration = SMTPConfiguration(
            port: 0, recipients: [.init("fax@clinic.example=desk"), .init("Scan@Clinic.example")].compactMap { $0 })
        configuration.maxMailBytes = 1_000
        change(&configuration)
        return SMTPSession(configuration)
    }

    /// The codes of the answers to some commands.
    private func codes(_ session: inout SMTPSession, _ lines: [String]) -> [String] {
        lines.map { line in
            switch session.take(line) {
            case .answer(let text), .data(let text), .encrypt(let text), .end(let text): String(text.prefix(3))
            }
        }
    }

    @Test("a mail for a known recipient is taken, in the order of the protocol only")
    func mailsAreTaken() {
        var talk = session()
        #expect(codes(&talk, ["MAIL FROM:<a@b>", "EHLO gateway", "RCPT TO:<fax@clinic.example>", "DATA"]) == ["503", "250", "503", "503"])
        #expect(
            codes(&talk, ["mail from:<> SIZE=500 BODY=8BITMIME", "rcpt to:<FAX@clinic.example>", "RCPT TO:<scan@clinic.example>"]) == [
                "250", "250", "250",
            ])
        #expect(codes(&talk, ["DATA"]) == ["354"])
        #expect(talk.receivers.map(\.login) == ["desk", nil])
        talk.forget()
        #expect(codes(&talk, ["DATA", "NOOP", "VRFY fax", "QUIT"]) == ["503", "250", "252", "221"])
    }

    @Test("nobody else's mail is taken, nor one that is too large, nor one for too many")
    func othersAreRefused() {
        var talk = session { $0.maxRecipients = 1 }
        _ = talk.take("EHLO x")
        #expect(
            codes(&talk, ["MAIL FROM:<a@b> SIZE=1001", "MAIL FROM:<a@b> SIZE=-1", "MAIL FROM:a@b", "MAIL FROM:<a@b> AUTH=<>"]) == [
                "552", "501", "501", "555",
            ])
        #expect(
            codes(&talk, ["MAIL FROM:<a@b>", "RCPT TO:<somebody@else.example>", "RCPT TO:<fax@clinic.example> NOTIFY=NEVER"]) == [
                "250", "550", "501",
            ])
        #expect(codes(&talk, ["RCPT TO:<fax@clinic.example>", "RCPT TO:<scan@clinic.example>"]) == ["250", "452"])
    }

    @Test("a line that only guesses is ended, and TLS is offered only where there is a certificate")
    func guessersAreEnded() {
        var talk = session()
        let answers = codes(&talk, (0...20).map { "RCPT TO:<guess\($0)@clinic.example>" })
        #expect(answers.last == "421")
        var plain = session()
        #expect(plain.take("EHLO x") == .answer("250-baton\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES"))
        #expect(codes(&plain, ["STARTTLS"]) == ["502"])
        var sealed = session { $0.tls = .init(certificatePath: "c", keyPath: "k") }
        #expect(codes(&sealed, ["EHLO x", "MAIL FROM:<a@b>", "STARTTLS"]) == ["250", "250", "220"])
        sealed.encrypted()
        #expect(codes(&sealed, ["MAIL FROM:<a@b>"]) == ["503"])
    }

    /// What a reader gives of bytes that come in pieces.
    private func mails(_ text: String, limit: Int = 1_000, pieces: Int = 7) -> [SMTPReader.Piece] {
        var reader = SMTPReader(limit: limit)
        var found: [SMTPReader.Piece] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            bytes[start..<min(start + pieces, bytes.count)].withUnsafeBytes { reader.feed($0) }
            while let piece = reader.data() { found.append(piece) }
        }
        return found
    }

    @Test("only a dot between CR LF ends a mail, so that no mail smuggles in another; doubled dots are one")
    func smugglingIsRefused() {
        let smuggled = "a\n.\nMAIL FROM:<x@y>\r\n..b\r\n\r.\r\nc\n.\r\n.\r\n"
        #expect(mails(smuggled) == [.mail(Array("a\n.\nMAIL FROM:<x@y>\r\n.b\r\n\r.\r\nc\n.\r\n".utf8))])
        #expect(mails("one\r\n.\r\ntwo\r\n.\r\n") == [.mail(Array("one\r\n".utf8)), .mail(Array("two\r\n".utf8))])
    }

    @Test("a mail beyond the limit is not kept, and the next one is taken")
    func largeMailsAreDropped() {
        let long = String(repeating: "x", count: 5_000)
        #expect(mails("\(long)\r\n.\r\nsmall\r\n.\r\n") == [.mailTooLong, .mail(Array("small\r\n".utf8))])
        let lines = String(repeating: "line\r\n", count: 1_000)
        #expect(mails("\(lines).\r\nsmall\r\n.\r\n", pieces: 4_096) == [.mailTooLong, .mail(Array("small\r\n".utf8))])
    }

    @Test("a command that is too long or holds other signs is none")
    func oddCommands() {
        var reader = SMTPReader(limit: 100)
        Array("NOOP\r\nNO\u{7}OP\r\n".utf8).withUnsafeBytes { reader.feed($0) }
        #expect(reader.command() == .line("NOOP") && reader.command() == .badLine && reader.command() == nil)
        Array(String(repeating: "A", count: 2_000).utf8).withUnsafeBytes { reader.feed($0) }
        #expect(reader.command() == .badLine)
    }

    @Test("recipients are addresses, with who acts for them", arguments: ["x", "@y", "x@", "a@b@c", "a b@c", "a@b=", "<a@b>"])
    func badRecipients(_ text: String) { #expect(SMTPConfiguration.Recipient(text) == nil) }
}
