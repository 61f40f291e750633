import MIME
import Testing

@Suite struct MailTests {
    private func mail(
        subject: String = "Referral received", html: String = "<p>Hello</p>", to: String = "desk@north.example"
    ) throws -> String {
        let message = MailMessage(
            messageId: "<1@harbour.example>", writtenAt: 1_795_174_810, from: try #require(MailAddress("Desk <desk@harbour.example>")),
            to: try #require(MailAddress.list(to)), subject: subject, html: html)
        return String(decoding: message.serialized(), as: UTF8.self)
    }

    @Test("the date is written as mails write it")
    func date() throws { #expect(try mail().hasPrefix("Date: Fri, 20 Nov 2026 11:40:10 +0000\r\n")) }

    @Test(
        "no header can be smuggled in",
        arguments: ["A\r\nBcc: x@y.example", "A\nBcc: x@y.example", "A\u{85}Bcc: x", "A\0Bcc: x", "A\u{2028}Bcc: x"])
    func injection(subject: String) throws {
        let head = try mail(subject: subject).prefix { $0 != "<" }
        #expect(!head.contains("\nBcc:"))
        #expect(MailAddress(name: subject, address: "a@b.example")?.name.contains("\n") == false)
    }

    @Test(
        "lines are short, ASCII and end in CR LF",
        arguments: [
            String(repeating: "Überweisung 🩺 ", count: 60), String(repeating: "a", count: 3_000), String(repeating: "word ", count: 200),
        ])
    func lines(text: String) throws {
        let written = try mail(subject: text, html: "<p>\(text)</p>")
        #expect(written.utf8.allSatisfy { $0 < 0x80 })
        let bytes = Array(written.utf8)
        for (index, byte) in bytes.enumerated() where byte == 0x0A { #expect(bytes[index - 1] == 0x0D) }
        #expect(bytes.split(separator: 0x0A).allSatisfy { $0.count <= 79 })
    }

    @Test("encoded words end between characters")
    func encodedWords() throws {
        let written = try mail(subject: String(repeating: "ü🩺", count: 30))
        let words = written.matches(of: #/=\?UTF-8\?Q\?(.*?)\?=/#).map { String($0.1) }
        #expect(words.count > 1)
        var decoded = ""
        for word in words {
            let bytes = word.split(separator: "=").compactMap { UInt8($0, radix: 16) }
            decoded += try #require(String(validating: bytes, as: UTF8.self))
        }
        #expect(decoded == String(repeating: "ü🩺", count: 30))
    }

    @Test("quoted-printable hides equals signs, trailing blanks and what is no ASCII")
    func quotedPrintable() throws {
        let written = try mail(html: "a=b \nÜ\t\n.")
        #expect(written.contains("\r\na=3Db=20\r\n=C3=9C=09\r\n.\r\n"))
    }

    @Test("the text part is the HTML without its tags")
    func textPart() {
        #expect(
            HTMLText.plain("<p>Dear &amp; good</p><ul><li>one<br/>two</li></ul> 3 &lt; 4 &#233; &#x1F600; &bogus; <")
                == "Dear & good\none\ntwo\n3 < 4 é 😀 &bogus;")
    }

    @Test("a quoted comma does not part a list")
    func quotedComma() throws {
        let list = try #require(MailAddress.list("a@b.example; \"Doe, Jane\" <j.doe@x.example>"))
        #expect(list.map(\.address) == ["a@b.example", "j.doe@x.example"])
        #expect(list.map(\.name) == ["", "Doe, Jane"])
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "a", "@b.example", "a@", "a b@c.example", "a@b\r\n.example", "ä@b.example", "a@-b.example", "a<b@c.example",
            "a@b.example, x",
        ])
    func refused(text: String) { #expect(MailAddress.list(text) == nil) }
}
