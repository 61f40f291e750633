import Automation
import Base
import Engine
import Exceptions
import HTTPServer
import JSON
import Kernel
import Messaging
import Store
import TestKit
import Testing
import Webhooks

@Suite struct WebhookSenderTests {
    /// A database whose webhooks go to receivers on this machine.
    private struct Post {
        let world: World
        let runner: JobRunner

        init(allowed: String = "127.0.0.1") throws {
            world = try World()
            let sender = WebhookSender(database: world.database)
            runner = JobRunner(
                database: world.database, handlers: [sender.handler], options: JobOptions(queues: [JobOptions.Queue(WebhookSender.queue)]))
            try world.act { env in _ = try env.create(Parameter.self, ["key": .text(Webhooks.allowedNetworks), "value": .text(allowed)]) }
            try world.makeUser("chief", groups: ["base.group_system"])
            try world.makeUser("ann", groups: ["base.group_user"])
        }

        func endpoint(_ url: String, attempts: Int = 3, timeout: Int = 10) throws -> (id: Int, secret: WebhookSecret) {
            try world.act { env in
                let endpoint = try env.create(
                    WebhookEndpoint.self,
                    ["name": "Lab", "url": .text(url), "max_attempts": .int(attempts), "timeout_seconds": .int(timeout)])
                guard let secret = WebhookSecret(try Secrets.open(endpoint.secretValue, of: "webhook.endpoint", endpoint.id, env)) else {
                    throw Refusal("test.no_secret", .invalid, "No key was made.")
                }
                return (endpoint.id, secret)
            }
        }

        func send(_ url: String, _ payload: JSON = ["a": 1]) throws {
            try world.act { env in _ = try Webhooks.enqueue(url: url, payload: payload, env: env) }
        }

        func delivery() throws -> (state: String, attempts: Int, status: Int, error: String, next: Instant?) {
            try world.act { env in
                guard let one = try env.search(WebhookDelivery.self, limit: 1).first else { throw Refusal("test.none", .missing, "None.") }
                return (one.state?.rawValue ?? "", one.attempts, one.status, one.error, one.next)
            }
        }

        func openCases() throws -> [String] {
            try world.act { env in
                try env.search(ExceptionCase.self, .where("state", .equal, "open")).map {
                    "\($0.cause) \($0.user?.id ?? 0) \($0.displayedName)"
                }
            }
        }
    }

    private static func check(_ request: HTTPRequest, _ secrets: [WebhookSecret], _ now: Instant) -> Bool {
        do {
            try StandardWebhook.check(
                id: request.headers["webhook-id"], timestamp: request.headers["webhook-timestamp"],
                signature: request.headers["webhook-signature"],
                body: request.body, secrets: secrets, now: now)
            return true
        } catch { return false }
    }

    @Test("a message leaves after the commit, signed, once; a rollback sends nothing")
    func commit() async throws {
        let (post, receiver) = (try Post(), try WebhookReceiver())
        let secret = try post.endpoint(receiver.url).secret
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try post.world.act { env in
                try Webhooks.enqueue(url: receiver.url, payload: ["never": true], env: env)
                throw Undone()
            }
        }
        try await post.runner.drain()
        #expect(receiver.requests.isEmpty)
        try post.send(receiver.url, ["name": "Überweisung"])
        #expect(receiver.requests.isEmpty)
        try await post.runner.drain()
        try await post.runner.drain()
        let request = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(Self.check(request, [secret], post.world.clock.now))
        #expect(try JSON.parse(request.body) == ["name": "Überweisung"])
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(try post.delivery().state == "delivered")
        await receiver.stop()
    }

    @Test("a failing receiver is tried again with growing pauses under the same id, and as late as it asks")
    func retries() async throws {
        let post = try Post()
        let asks = HTTPResponse(status: 503, headers: ["Retry-After": "900"])
        let receiver = try WebhookReceiver([HTTPResponse(status: 500), asks])
        let secret = try post.endpoint(receiver.url).secret
        try post.send(receiver.url)
        try await post.runner.drain()
        let first = try post.delivery()
        #expect(first.state == "retrying" && first.status == 500 && first.attempts == 1)
        #expect((5...6).contains(try #require(first.next) - post.world.clock.now))
        try await post.runner.drain()
        #expect(receiver.requests.count == 1)
        post.world.clock.advance(seconds: 6)
        try await post.runner.drain()
        #expect(try #require(try post.delivery().next) - post.world.clock.now == 900)
        post.world.clock.advance(seconds: 900)
        try await post.runner.drain()
        #expect(receiver.requests.count == 3)
        #expect(Set(receiver.requests.map { $0.headers["webhook-id"] ?? "" }).count == 1)
        #expect(Self.check(receiver.requests[2], [secret], post.world.clock.now))
        #expect(try post.delivery().state == "delivered")
        await receiver.stop()
    }

    @Test("after its last attempt a message is dead, has an owner, and can be sent again in bulk; the exception is then resolved")
    func dead() async throws {
        let post = try Post()
        let receiver = try WebhookReceiver(Array(repeating: HTTPResponse(status: 500), count: 2))
        _ = try post.endpoint(receiver.url, attempts: 2)
        try post.send(receiver.url)
        try await post.runner.drain()
        post.world.clock.advance(seconds: 60)
        try await post.runner.drain()
        #expect(try post.delivery().state == "dead")
        #expect(try post.openCases() == ["webhook.dead 2 A webhook to Lab was given up after 2 attempts: The receiver answered 500."])
        try post.world.act(as: "chief") { env in _ = try env.search(WebhookDelivery.self).call("action_redrive") }
        try await post.runner.drain()
        let sent = try post.delivery()
        #expect(sent.state == "delivered" && sent.attempts == 3)
        #expect(try post.openCases().isEmpty)
        await receiver.stop()
    }

    @Test("410 closes the receiver: nothing more is sent to it until somebody enables it")
    func gone() async throws {
        let post = try Post()
        let receiver = try WebhookReceiver([HTTPResponse(status: 410)])
        let id = try post.endpoint(receiver.url).id
        try post.send(receiver.url)
        try await post.runner.drain()
        #expect(try post.delivery().state == "dead")
        #expect(try post.openCases().count == 1)
        #expect(throws: Refusal.self) { try post.send(receiver.url) }
        try post.world.act(as: "chief") { env in _ = try env.records("webhook.endpoint", [id]).call("action_enable") }
        try post.world.act(as: "chief") { env in _ = try env.search(WebhookDelivery.self).call("action_redrive") }
        try await post.runner.drain()
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }

    @Test("a slow receiver, a redirect and an endless answer cost no more than they may")
    func awkward() async throws {
        let slow = try WebhookReceiver(slow: 3_000)
        let post = try Post()
        _ = try post.endpoint(slow.url, timeout: 1)
        try post.send(slow.url)
        let start = ContinuousClock.now
        try await post.runner.drain()
        #expect(start.duration(to: .now) < .seconds(3))
        #expect(try post.delivery().error.contains("was not reached"))
        let other = try WebhookReceiver()
        let moved = try WebhookReceiver([HTTPResponse(status: 302, headers: ["Location": other.url])])
        try post.send(moved.url)
        try await post.runner.drain()
        #expect(try post.delivery().error == "The receiver answered 302: redirects are not followed.")
        #expect(other.requests.isEmpty)
        let long = try WebhookReceiver([HTTPResponse(status: 200, body: Array(repeating: 0x78, count: 4 << 20))])
        try post.send(long.url)
        try await post.runner.drain()
        #expect(try post.delivery().state == "delivered")
        for receiver in [slow, other, moved, long] { await receiver.stop() }
    }

    @Test("an address inside is not reached, whatever name leads to it, unless the setting names it")
    func inside() async throws {
        let receiver = try WebhookReceiver()
        let port = receiver.url.split(separator: ":").last.map(String.init) ?? ""
        for (allowed, host) in [("", "127.0.0.1"), ("10.0.0.0/8", "localhost"), ("", "[::1]"), ("", "2130706433"), ("", "0x7f.1")] {
            let post = try Post(allowed: allowed)
            for scheme in ["http", "https"] {
                try post.send("\(scheme)://\(host):\(port)")
                try await post.runner.drain()
                let refused = try post.delivery()
                #expect(refused.state == "dead" && refused.attempts == 1, "\(scheme) \(host)")
                #expect(refused.error.hasSuffix("is not a public one."), "\(scheme) \(host): \(refused.error)")
            }
        }
        #expect(receiver.requests.isEmpty)
        await receiver.stop()
    }

    @Test("while a key is replaced both keys sign; later only the new one")
    func rotation() async throws {
        let (post, receiver) = (try Post(), try WebhookReceiver())
        let (id, old) = try post.endpoint(receiver.url)
        let answer = try post.world.act(as: "chief") { env in try env.records("webhook.endpoint", [id]).call("action_rotate_secret") }
        let fresh = try #require(WebhookSecret(answer.mapValue?["secret"]?.textValue ?? ""))
        try post.send(receiver.url)
        try await post.runner.drain()
        #expect(
            Self.check(receiver.requests[0], [old], post.world.clock.now) && Self.check(receiver.requests[0], [fresh], post.world.clock.now)
        )
        post.world.clock.advance(seconds: WebhookEndpoint.rotationHours * 3_600 + 1)
        try post.send(receiver.url)
        try await post.runner.drain()
        #expect(
            !Self.check(receiver.requests[1], [old], post.world.clock.now)
                && Self.check(receiver.requests[1], [fresh], post.world.clock.now))
        await receiver.stop()
    }

    @Test("keys can be set and not read, deliveries can be read and not edited, and only by administrators")
    func rights() async throws {
        let post = try Post()
        let given = WebhookSecret.random()
        let id = try post.endpoint("https://lab.example/hook").id
        func code(_ login: String, _ body: @escaping @Sendable (Environment) throws -> Void) -> String? {
            do {
                try post.world.act(as: login, body)
                return nil
            } catch { return (error as? Refusal)?.code ?? "\(error)" }
        }
        try post.send("https://lab.example/hook")
        try post.world.act(as: "chief") { env in
            let endpoint = env.record(WebhookEndpoint.self, id)
            try endpoint.write(["secret": .text(given.text)])
            #expect(endpoint.secret == Webhooks.mask)
            try endpoint.write(["secret": .text(Webhooks.mask), "name": "Laboratory"])
        }
        let stored = try post.world.act { env in env.record(WebhookEndpoint.self, id).secretValue }
        #expect(try World.keys.open(stored, for: "webhook.endpoint,\(id)") == given.text)
        #expect(code("chief") { env in _ = try env.record(WebhookEndpoint.self, id).value("secret_value") } == "access.field")
        #expect(code("chief") { env in _ = try env.search(WebhookEndpoint.self, .where("secret_value", .like, "whsec")) } == "access.field")
        #expect(code("chief") { env in try env.record(WebhookEndpoint.self, id).write(["secret": "short"]) } == "webhook.bad_secret")
        #expect(
            code("chief") { env in try env.record(WebhookEndpoint.self, id).write(["url": "https://u:p@lab.example"]) }
                == "webhook.bad_address")
        #expect(code("chief") { env in try env.record(WebhookEndpoint.self, id).write(["timeout_seconds": 61]) } == "webhook.bad_patience")
        #expect(code("chief") { env in try env.search(WebhookDelivery.self).write(["payload": "{}"]) } == "webhook.read_only")
        #expect(
            code("chief") { env in _ = try env.create(WebhookDelivery.self, ["message_id": "x", "url": "https://x"]) } == "access.denied")
        #expect(code("ann") { env in _ = try env.search(WebhookEndpoint.self) } == "access.denied")
        #expect(code("ann") { env in _ = try env.search(WebhookDelivery.self) } == "access.denied")
        let trail = try post.world.database.readBlocking(superuser: true) { env in try env.search(Message.self).map(\.body).joined() }
        #expect(!trail.contains(given.text))
    }

    @Test("a message is refused before it is stored when it is too large or goes nowhere")
    func refusals() throws {
        let post = try Post()
        let large = JSON.string(String(repeating: "x", count: Webhooks.payloadLimit))
        for (url, payload) in [("https://lab.example", large), ("ftp://lab.example", ["a": 1])] {
            #expect(throws: Refusal.self) { try post.send(url, payload) }
        }
    }

    @Test("the message of Odoo's action has sorted keys, links as ids and false for nothing")
    func odooForm() {
        let values: ValueMap = ["partner_id": 7, "name": "A", "note": .null, "tag_ids": .ids([1, 2])]
        #expect(
            OutgoingCall(url: "", model: "crm.lead", id: 4, action: "Tell", actionId: 9, values: values).payload.text()
                == #"{"_action":"Tell(#9)","_id":4,"_model":"crm.lead","name":"A","note":false,"partner_id":7,"tag_ids":[1,2]}"#)
    }
}
