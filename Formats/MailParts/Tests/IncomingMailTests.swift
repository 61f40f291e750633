import Testing

@testable import MailParts

@Suite struct IncomingMailTests {
    private static func mail(_ body: String, type: String = "multipart/mixed; boundary=b", head: String = "") -> [UInt8] {
        let text =
            "From: Fax <Gateway@Fax.example>\nMessage-ID: <1@fax.example>\nSubject: =?utf-8?Q?Fax_from_+12185550142?=\n\(head)"
            + "MIME-Version: 1.0\nContent-Type: \(type)\n\n\(body)"
        return Array(text.replacing("\n", with: "\r\n").utf8)
    }

    private static let file =
        "Content-Type: application/pdf; name=\"fax.pdf\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n"
    private static let picture = "Content-Type: image/png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"

    private func problem(_ bytes: [UInt8], _ limits: MailLimits = .standard) -> MailProblem? {
        do throws(MailProblem) { _ = try IncomingMail(bytes, limits: limits) } catch { return error }
        return nil
    }

    @Test("files, pictures within the text and files of forwarded mails are found, and words are not")
    func filesAreFound() throws {
        let inner =
            "From: a@b.example\nSubject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/plain\n\nhello\n--c\n\(Self.file)--c--\n"
        let body =
            "--b\nContent-Type: text/plain\n\nSee the fax.\n--b\n\(Self.picture)--b\nContent-Type: message/rfc822\n\n\(inner)--b\n\(Self.file)--b--\n"
        let mail = try IncomingMail(Self.mail(body))
        #expect(mail.subject == "Fax from +12185550142")
        #expect(mail.parts.map(\.mediaType) == ["image/png", "application/pdf", "application/pdf"])
        #expect(mail.parts.map(\.isInline) == [true, false, false])
        #expect(mail.parts[1].name == "fax.pdf" && mail.parts[1].bytes == Array("%PDF-1.4".utf8))
    }

    @Test("the header tells the mail and its sender without the rest being read")
    func headIsRead() {
        let head = MailHead(Self.mail(""))
        #expect(head.messageId == "1@fax.example" && head.from == "gateway@fax.example")
        let folded = MailHead(Array("Message-ID:\r\n <2@x>\r\nFrom: plain@x.example\r\n\r\nMessage-ID: <3@x>".utf8))
        #expect(folded.messageId == "2@x" && folded.from == "plain@x.example")
        #expect(MailHead([]).messageId.isEmpty && MailHead([0xFF, 0x0A, 0x00]).from.isEmpty)
    }

    @Test("encrypted mails, also within others, are refused whole")
    func encryptedIsRefused() {
        let sealed = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--\n"
        #expect(problem(Self.mail(sealed, type: "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b")) == .encrypted)
        let smime = "--b\n\(Self.file)--b\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n--b--\n"
        #expect(problem(Self.mail(smime)) == .encrypted)
    }

    @Test("mails that are too large, have too many parts, or parts within parts, are refused before they cost anything")
    func bombsAreRefused() {
        var small = MailLimits()
        small.bytes = 100
        #expect(problem(Self.mail("x"), small) == .tooLarge)
        let many = String(repeating: "--b\nContent-Type: text/plain\n\nx\n", count: 200) + "--b--\n"
        #expect(problem(Self.mail(many)) == .tooManyParts)
        let flood = String(repeating: "--b\n", count: 500_000)
        #expect(problem(Self.mail(flood)) == .tooManyParts)
        var deep = "Content-Type: text/plain\n\nx\n"
        for level in 0..<40 { deep = "Content-Type: multipart/mixed; boundary=n\(level)\n\n--n\(level)\n\(deep)--n\(level)--\n" }
        #expect(problem(Array(deep.replacing("\n", with: "\r\n").utf8)) == .tooDeep)
        var forwarded = "Subject: x\nContent-Type: text/plain\n\nx\n"
        for _ in 0..<40 { forwarded = "Content-Type: message/rfc822\n\n" + forwarded }
        #expect(problem(Array(forwarded.replacing("\n", with: "\r\n").utf8)) == .tooDeep)
    }

    @Test("bytes that are no mail, and mails that break off, end in words or in what is there")
    func brokenIsTold() throws {
        let nothing = try? IncomingMail([])
        #expect(nothing?.parts.isEmpty ?? true)
        let broken = try IncomingMail(Self.mail("--b\n\(Self.file.dropLast(6))"))
        #expect(broken.parts.count == 1)
    }
}
