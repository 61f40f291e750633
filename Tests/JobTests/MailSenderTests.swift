import Base
import Engine
import Kernel
import MIME
import Messaging
import Store
import TestKit
import Testing

@Suite struct MailSenderTests {
    private struct Post {
        let world: World
        let runner: JobRunner
        let failures = Locked<[String]>([])

        init(_ url: String) throws {
            world = try World(apps: [BaseApp.app, MessagingApp.app])
            let transport = try #require(SMTPTransport(url))
            let sender = try #require(MailAddress("Harbour Hospital <desk@harbour.example>"))
            let failures = failures
            let mails = MailSender(database: world.database, transport: transport, sender: sender) { _, reason in
                failures.withLock { $0.append(reason) }
            }
            runner = JobRunner(
                database: world.database, handlers: [mails.handler], options: JobOptions(queues: [JobOptions.Queue(MailSender.queue)]))
        }

        func write(to address: String, subject: String = "Your referral") throws -> Int {
            try world.act { env in
                let mail = try env.create(
                    OutgoingMail.self,
                    ["subject": .text(subject), "body_html": "<p>We received your referral.</p>", "email_to": .text(address)])
                try env.unit.transaction.enqueue(JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)]))
                return mail.id
            }
        }

        func mail(_ id: Int) throws -> (state: String, failure: String, messageId: String) {
            try world.act { env in
                let mail = env.record(OutgoingMail.self, id)
                return (mail.state?.rawValue ?? "", mail.failure, mail.messageId)
            }
        }
    }

    @Test("a mail goes out once, with its headers and both of its parts")
    func goesOut() async throws {
        let server = try SMTPListener()
        defer { server.stop() }
        let post = try Post(server.url)
        let id = try post.write(to: "Praxis Müller <mueller@north.example>, desk@south.example", subject: "Überweisung erhalten")
        try await post.runner.drain()
        let mail = try post.mail(id)
        #expect(mail.state == "sent")
        let received = try #require(server.mails.first)
        #expect(server.mails.count == 1)
        #expect(received.recipients == ["<mueller@north.example>", "<desk@south.example>"])
        #expect(received.content.contains("Subject: =?UTF-8?Q?=C3=9Cberweisung_erhalten?="))
        #expect(received.content.contains("Message-ID: \(mail.messageId)"))
        #expect(received.content.contains("From: Harbour Hospital <desk@harbour.example>"))
        #expect(received.content.contains("<p>We received your referral.</p>"))
        #expect(received.content.contains("\nWe received your referral.\n"))
    }

    @Test("a second job for a mail that was sent does nothing")
    func sentOnce() async throws {
        let server = try SMTPListener()
        defer { server.stop() }
        let post = try Post(server.url)
        let id = try post.write(to: "desk@south.example")
        try await post.runner.drain()
        try post.world.act { env in
            try env.unit.transaction.enqueue(JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(id)]))
        }
        #expect(try await post.runner.drain() == 1)
        #expect(server.mails.count == 1)
    }

    @Test("a mail that the server refuses for good is marked, and a person hears of it")
    func refused() async throws {
        let server = try SMTPListener(recipientReply: "550 no such mailbox")
        defer { server.stop() }
        let post = try Post(server.url)
        let id = try post.write(to: "nobody@south.example")
        try await post.runner.drain()
        let mail = try post.mail(id)
        #expect(mail.state == "exception")
        #expect(mail.failure.contains("550"))
        #expect(post.failures.withLock { $0.count } == 1)
    }

    @Test("a mail waits while the server says later, or is not there")
    func later() async throws {
        let server = try SMTPListener(recipientReply: "451 try later")
        let post = try Post(server.url)
        let id = try post.write(to: "desk@south.example")
        try await post.runner.drain()
        #expect(try post.mail(id).state == "outgoing")
        let first = try post.mail(id).messageId
        server.stop()
        post.world.clock.advance(seconds: 60)
        try await post.runner.drain()
        #expect(try post.mail(id).state == "outgoing")
        #expect(try post.mail(id).messageId == first)
        #expect(try await JobQueue(post.world.database).counts("mail") == [.retryable: 1])
    }

    @Test("an address that is none is marked without asking the server")
    func badAddress() async throws {
        let server = try SMTPListener()
        defer { server.stop() }
        let post = try Post(server.url)
        let id = try post.write(to: "desk@south.example>\r\nRCPT TO:<other@south.example")
        try await post.runner.drain()
        #expect(try post.mail(id).state == "exception")
        #expect(server.mails.isEmpty)
    }

    @Test(
        "only addresses of mail servers are taken",
        arguments: ["http://mail", "smtp://", "mail.example", "smtp://h/path", "file:///etc/passwd"])
    func addresses(text: String) { #expect(SMTPTransport(text) == nil) }
}

@Suite struct MailAgainTests {
    @Test("a mail that failed is sent again when somebody says so, as a job of its own, and only then")
    func sendAgain() async throws {
        let server = try SMTPListener()
        defer { server.stop() }
        let world = try World(apps: [BaseApp.app, MessagingApp.app])
        let sender = try #require(MailAddress("desk@harbour.example"))
        let mails = MailSender(database: world.database, transport: try #require(SMTPTransport(server.url)), sender: sender)
        let runner = JobRunner(
            database: world.database, handlers: [mails.handler], options: JobOptions(queues: [JobOptions.Queue(MailSender.queue)]))
        try world.makeUser("chief", groups: ["base.group_system"])
        let id = try world.act { env in
            let mail = try env.create(OutgoingMail.self, ["subject": "S", "body_html": "<p>B</p>", "email_to": "no address"])
            try env.unit.transaction.enqueue(
                JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)], uniqueKey: "mail:\(mail.id)"))
            return mail.id
        }
        try await runner.drain()
        let state: @Sendable (Environment) throws -> String = { env in env.record(OutgoingMail.self, id).state?.rawValue ?? "" }
        #expect(try world.act(state) == "exception")
        try world.act(as: "chief") { env in
            let mail = env.record(OutgoingMail.self, id)
            try mail.write(["email_to": "desk@north.example"])
            _ = try mail.records.call("action_retry")
        }
        try await runner.drain()
        #expect(try world.act(state) == "sent")
        #expect(server.mails.count == 1)
        #expect(throws: Refusal.self) { try world.act(as: "chief") { env in _ = try env.records("mail.mail", [id]).call("action_retry") } }
    }
}
