import Base
import Exceptions
import Foundation
import Kernel
import Referrals
import TestKit
import Testing

@testable import MailDoor
@testable import Mailroom

/// What becomes of mails and of mailboxes in the database.
@Suite struct MailroomTests {
    private static func mail(_ parts: [String], id: String = "1@fax.example", subject: String = "Scan") -> [UInt8] {
        let body = parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
        let head = "From: Gateway <fax@gateway.example>\nMessage-ID: <\(id)>\nSubject: \(subject)\nMIME-Version: 1.0\n"
        return Array((head + "Content-Type: multipart/mixed; boundary=b\n\n" + body).replacing("\n", with: "\r\n").utf8)
    }

    private static func file(_ bytes: [UInt8], _ name: String = "fax.pdf", type: String = "application/pdf") -> String {
        "Content-Type: \(type); name=\"\(name)\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n\(base64(bytes))"
    }

    private static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString(options: .lineLength76Characters) }

    private func take(_ world: World, _ bytes: [UInt8]) throws -> Int {
        let taker = MailTaker(database: world.database)
        let receipt = try taker.store(bytes, for: .init())
        try taker.carryOut(receipt, bytes, for: .init())
        return receipt.intakeId
    }

    private func originals(_ world: World) throws -> [String] {
        try world.act { env in
            try env.search(Intake.self, order: "id").map { "\($0.channel?.rawValue ?? "") \($0.state?.rawValue ?? "") \($0.errorCode)" }
        }
    }

    @Test("a mail is stored as it came, and each of its files is a document of its own, sent by the fax that the subject names")
    func mailBecomesDocuments() throws {
        let world = try World()
        let bytes = Self.mail(
            [Self.file(DocumentSamples.pdf(lines: ["One"])), Self.file(DocumentSamples.pdf(lines: ["Two"]), "two.pdf")],
            subject: "Fax received from (218) 555-0142, 2 pages")
        let intake = try take(world, bytes)
        try world.act { (env) throws in
            let original = env.record(Intake.self, intake)
            #expect(original.content == bytes && original.channel == .email && original.sender == "fax@gateway.example")
            #expect(original.controlId == "1@fax.example" && original.state == .processed)
            let documents = try env.search(Document.self, order: "id")
            #expect(documents.map(\.displayedName) == ["fax.pdf", "two.pdf"])
            #expect(documents.allSatisfy { $0.intake?.sender == "+12185550142" && $0.intake?.channel == .fax && $0.state == .received })
        }
    }

    @Test("the same Message-ID, and the same file in another mail, make no second document")
    func duplicatesAreKnown() throws {
        let world = try World()
        let pdf = DocumentSamples.pdf(lines: ["One"])
        _ = try take(world, Self.mail([Self.file(pdf)]))
        _ = try take(world, Self.mail([Self.file(pdf)], subject: "Again"))
        _ = try take(world, Self.mail([Self.file(pdf)], id: "2@fax.example"))
        #expect(try world.act { try $0.count(Document.self) } == 1)
    }

    @Test(
        "encrypted, empty, foreign and broken mails are kept, and somebody owns each of them",
        arguments: [
            ("mail.encrypted", ["Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx"]),
            ("mail.no_document", ["Content-Type: text/plain\n\nPlease call back."]),
            ("mail.too_many_parts", Array(repeating: "Content-Type: text/plain\n\nx", count: 150)),
        ] as [(String, [String])])
    func badMailsHaveOwners(_ code: String, _ parts: [String]) throws {
        let world = try World()
        _ = try take(world, Self.mail(parts))
        #expect(try originals(world) == ["email failed \(code)"])
        try world.act { (env) throws in
            let raised = try env.search(ExceptionCase.self)
            #expect(raised.map(\.cause) == [code] && raised.allSatisfy { !$0.remedy.isEmpty })
            #expect(try env.count(Document.self) == 0)
        }
    }

    @Test("a mail for two desks is a delivery to each, and what bears a used Message-ID never takes its place")
    func desksAreApart() throws {
        let world = try World()
        let taker = MailTaker(database: world.database)
        let bytes = Self.mail([Self.file(DocumentSamples.pdf(lines: ["One"]))])
        let first = try taker.store(bytes, for: .init(desk: "one"))
        #expect(try !taker.store(bytes, for: .init(desk: "two")).isDuplicate)
        #expect(try taker.store(bytes, for: .init(desk: "one")).isDuplicate)
        let other = Self.mail([Self.file(DocumentSamples.pdf(lines: ["Other"]), "other.pdf")])
        let repeated = try taker.store(other, for: .init(desk: "one"))
        #expect(repeated.isDuplicate && repeated.intakeId == first.intakeId)
        try taker.carryOut(repeated, other, for: .init(desk: "one"))
        #expect(try world.act { try $0.search(Document.self).map(\.displayedName) } == ["fax.pdf"])
    }

    @Test("attachments that are no documents are told beside those that are")
    func unknownAttachments() throws {
        let world = try World()
        let word = Self.file(
            Array("PK\u{3}\u{4}word".utf8), "letter.docx", type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        _ = try take(world, Self.mail([word, Self.file(DocumentSamples.pdf(lines: ["One"]))]))
        #expect(try world.act { try $0.search(ExceptionCase.self).map(\.cause) } == ["mail.unknown_attachment"])
        #expect(try world.act { try $0.count(Document.self) } == 1)
    }

    @Test("a mail that a crash left between storing and taking apart is taken apart later, once")
    func leftBehindIsFinished() throws {
        let world = try World()
        let taker = MailTaker(database: world.database)
        _ = try taker.store(Self.mail([Self.file(DocumentSamples.pdf(lines: ["One"]))]), for: .init())
        try taker.recover()
        #expect(try world.act { try $0.count(Document.self) } == 0)
        world.clock.advance(seconds: 120)
        for _ in 0..<2 { try taker.recover() }
        #expect(try world.act { try $0.count(Document.self) } == 1)
        #expect(try originals(world).first == "email processed ")
    }

    @Test("a mail that was refused is read again from its original when somebody asks")
    func refusedIsRetried() throws {
        let world = try World()
        _ = try take(world, Self.mail(["Content-Type: text/plain\n\nNothing."]))
        try world.act { env in _ = try env.search(ExceptionCase.self).records.call("action_retry", [:]) }
        #expect(try originals(world).first?.hasPrefix("email received") == true)
        try MailTaker(database: world.database).recover()
        #expect(try originals(world) == ["email failed mail.no_document"])
    }

    @Test("a mailbox's password is sealed, shown by no door, and only administrators make mailboxes")
    func passwordsAreSealed() throws {
        let world = try World()
        try world.makeUser("boss", groups: ["base.group_system"])
        try world.makeUser("manager", groups: ["referrals.group_manager"])
        let values: ValueMap = [
            "name": "Faxes", "url": "imaps://mail.example/INBOX", "login": "fax", "password": "a secret of the mailbox",
        ]
        let id = try world.act(as: "boss") { env in try env.create(Mailbox.self, values).id }
        #expect(try world.read(as: "boss") { try $0.record(Mailbox.self, id).value("password") } == "")
        #expect(throws: Refusal.self) { try world.read(as: "boss") { try $0.record(Mailbox.self, id).value("password_sealed") } }
        try world.act { (env) throws in
            let sealed = env.record(Mailbox.self, id).sealedPassword
            #expect(!sealed.isEmpty && !sealed.contains("secret"))
            #expect(try Secrets.open(sealed, of: Mailbox.name, id, env) == "a secret of the mailbox")
        }
        #expect(throws: Refusal.self) { try world.act(as: "manager") { env in _ = try env.create(Mailbox.self, values) } }
        let refusal = #expect(throws: Refusal.self) { try world.act(as: "boss") { try $0.record(Mailbox.self, id).write(["last_uid": 7]) } }
        #expect(refusal?.code == "record.by_machine_only")
    }

    @Test(
        "a mailbox is asked over TLS, on this machine also without, and its address names no user",
        arguments: [
            "imap://mail.example/INBOX", "imaps://user:secret@mail.example/", "smtp://mail.example", "imaps:///INBOX", "file:///etc/passwd",
            "imaps://mail.example/a;UID=1", "imaps://mail.example/a\"b",
        ])
    func badAddresses(_ text: String) { #expect(MailboxAddress(text) == nil) }

    @Test("the folder is the inbox unless said, and the caller of a fax is found in the words of gateways")
    func addressesAndCallers() {
        #expect(MailboxAddress("imaps://mail.example:1993")?.server == "imaps://mail.example:1993")
        #expect(MailboxAddress("imaps://mail.example:1993")?.folder == "INBOX")
        #expect(MailboxAddress("imap://127.0.0.1/Faxes")?.folder == "Faxes")
        #expect(CallerNumber.find(in: "Fax from +1 (218) 555-0142 (3 pages)") == "+12185550142")
        #expect(CallerNumber.find(in: "New fax message, CallerID: 12185550142") == "+12185550142")
        #expect(CallerNumber.find(in: "Fax from unknown") == "" && CallerNumber.find(in: "Call from 2185550142") == "")
    }
}
