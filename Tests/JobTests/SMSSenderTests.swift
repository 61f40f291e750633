import Automation
import Base
import Engine
import Exceptions
import HTTPServer
import JSON
import Kernel
import Store
import TestKit
import Testing
import Webhooks

@Suite struct SMSSenderTests {
    /// A database whose text messages go to a gateway on this machine.
    private struct Post {
        static let secret = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldCE="
        let world: World
        let runner: JobRunner

        init(_ url: String, allowed: String = "127.0.0.1") throws {
            world = try World()
            let sender = SMSSender(database: world.database, gateway: try #require(SMSGateway(url: url, secret: Post.secret)))
            runner = JobRunner(
                database: world.database, handlers: [sender.handler], options: JobOptions(queues: [JobOptions.Queue(SMSText.queue)]))
            try world.act { env in _ = try env.create(Parameter.self, ["key": .text(Webhooks.allowedNetworks), "value": .text(allowed)]) }
        }

        func write(_ body: String = "Your pump is ready") throws -> Int {
            try world.act { env in try env.create(SMS.self, ["number": "+1 312 555 0142", "body": .text(body)]).id }
        }

        func text(_ id: Int) throws -> String {
            try world.act { env in
                let one = env.record(SMS.self, id)
                return "\(one.state?.rawValue ?? "") \(one.failure?.rawValue ?? "-") \(one.attempts)"
            }
        }

        func cases() throws -> [String] {
            try world.act { env in
                try env.search(ExceptionCase.self, .where("cause", .equal, "sms.failed")).map {
                    "\($0.state?.rawValue ?? "") \($0.user?.id ?? 0) \($0.displayedName)"
                }
            }
        }

        /// Works on what is due, then waits until the next attempt is.
        func rounds(_ count: Int) async throws {
            for _ in 0..<count {
                try await runner.drain()
                world.clock.advance(seconds: 90_000)
            }
        }
    }

    @Test("a text leaves once, signed, under an id of its own, and is sent")
    func leaves() async throws {
        let gateway = try WebhookReceiver()
        let post = try Post(gateway.url)
        let id = try post.write("Grüße")
        #expect(gateway.requests.isEmpty)
        try await post.runner.drain()
        try await post.runner.drain()
        let request = try #require(gateway.requests.first)
        #expect(gateway.requests.count == 1)
        #expect(try post.text(id) == "sent - 1")
        let body = try JSON.parse(request.body)
        #expect(body["type"] == "sms.send" && body["data"]?["number"] == "+13125550142" && body["data"]?["body"] == "Grüße")
        #expect(request.headers["webhook-id"] == "sms_" + (body["data"]?["uuid"]?.stringValue ?? ""))
        let secret = try #require(WebhookSecret(Post.secret))
        try StandardWebhook.check(
            id: request.headers["webhook-id"], timestamp: request.headers["webhook-timestamp"],
            signature: request.headers["webhook-signature"], body: request.body, secrets: [secret], now: post.world.clock.now)
    }

    @Test("a gateway that fails gets the same message again, later, under the same id")
    func retries() async throws {
        let gateway = try WebhookReceiver([HTTPResponse(status: 503), HTTPResponse(status: 500)])
        let post = try Post(gateway.url)
        let id = try post.write()
        try await post.runner.drain()
        #expect(try post.text(id) == "outgoing - 1")
        try await post.rounds(3)
        #expect(try post.text(id) == "sent - 3")
        #expect(gateway.requests.count == 3 && Set(gateway.requests.map { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(gateway.requests.map(\.body)).count == 1)
        #expect(try post.cases().isEmpty)
    }

    @Test("a text that the gateway refuses for good, or never takes, is dead with an owner, and leaves again when somebody sends it")
    func dead() async throws {
        let gateway = try WebhookReceiver([HTTPResponse(status: 422)] + (0..<SMSSender.attemptLimit).map { _ in HTTPResponse(status: 500) })
        let post = try Post(gateway.url)
        let refused = try post.write()
        try await post.runner.drain()
        #expect(try post.text(refused) == "error sms_rejected 1")
        let lost = try post.write()
        try await post.rounds(SMSSender.attemptLimit + 2)
        #expect(try post.text(lost) == "error sms_server \(SMSSender.attemptLimit)")
        let raised = try post.cases()
        #expect(raised.count == 2 && raised.allSatisfy { $0.hasPrefix("open 2 A text message could not be sent: The gateway answered") })
        try post.world.act { env in
            for item in try env.search(ExceptionCase.self, .where("cause", .equal, "sms.failed")) {
                _ = try item.asSet.call("action_retry")
            }
        }
        try await post.runner.drain()
        #expect(try post.text(refused).hasPrefix("sent") && post.text(lost).hasPrefix("sent"))
        #expect(try post.cases().allSatisfy { $0.hasPrefix("resolved") })
    }

    @Test("a text that was called off meanwhile is not sent, and an address inside is not reached unless a setting names it")
    func refused() async throws {
        let gateway = try WebhookReceiver()
        let post = try Post(gateway.url, allowed: "")
        let off = try post.write()
        try post.world.act { env in _ = try env.records(SMS.self, [off]).call("action_set_canceled") }
        let inside = try post.write()
        try await post.runner.drain()
        #expect(gateway.requests.isEmpty)
        #expect(try post.text(off) == "canceled - 0")
        #expect(try post.text(inside) == "error sms_server 1")
    }
}
