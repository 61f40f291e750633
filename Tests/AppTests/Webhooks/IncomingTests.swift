import Automation
import Engine
import Exceptions
import HTTPServer
import JSON
import Kernel
import TestKit
import Testing
import WebhookDoor
import Webhooks

@Suite struct IncomingTests {
    /// A desk with a rule whose webhook marks the ticket that a call names.
    private struct Place {
        let desk: Desk
        let rule: Int
        let ticket: Int
        let door: WebhookDoor
        let router: Router

        init(_ values: ValueMap = [:]) throws {
            desk = try Desk()
            rule = try desk.rule("R", "on_webhook", values, actions: [Desk.set("mark", "ran")])
            ticket = try desk.ticket()
            door = WebhookDoor(database: desk.world.database)
            var router = Router()
            door.routes(into: &router)
            self.router = router
        }

        func hook() throws -> String {
            let rule = rule
            return try desk.world.act { env in env.record(AutomationRule.self, rule).webhook }
        }

        func body(_ id: Int) -> [UInt8] { (["_model": "desk.ticket", "_id": JSON(id)] as JSON).serialized() }

        func post(_ body: [UInt8], _ headers: HTTPHeaders = [:], hook: String? = nil) async throws -> HTTPResponse {
            let name = try hook ?? self.hook()
            let request = try #require(HTTPRequest(.post, "/web/hook/" + name, headers: headers, body: body))
            return await router.respond(to: request)
        }

        func signed(_ body: [UInt8], _ secret: WebhookSecret, id: String = "msg_1", late seconds: Int = 0) -> HTTPHeaders {
            let time = desk.world.clock.now.seconds - seconds
            return [
                "webhook-id": id, "webhook-timestamp": String(time),
                "webhook-signature": StandardWebhook.signature(id: id, seconds: time, body: body, secrets: [secret]),
            ]
        }

        func causes() throws -> [String] {
            try desk.world.act { env in try env.search(ExceptionCase.self).map { "\($0.cause) \($0.user != nil)" } }
        }

        func calls() throws -> [String] {
            try desk.world.act { env in try env.search(IncomingCall.self, order: "id").map { "\($0.state?.rawValue ?? "") \($0.attempts)" }
            }
        }

        func mark(_ text: String?) throws {
            try desk.world.act { [ticket] env in try env.record(DeskTicket.self, ticket).write(["mark": text.map { .text($0) } ?? .null]) }
        }
    }

    @Test("a body that says it is JSON and is none is told so, kept and owned; without the right signature nothing is kept")
    func unreadable() async throws {
        let place = try Place()
        let answer = try await place.post(Array("{\"a\":".utf8), ["Content-Type": "application/json; charset=utf-8"])
        guard case .bytes(let body) = answer.body else { throw Refusal("test.stream", .internalFault, "The answer is a stream.") }
        let told = try JSON.parse(body)
        #expect(answer.status == 400 && told["status"] == "error" && told["code"] == "webhook.unreadable")
        #expect(told["instruction"]?.stringValue?.isEmpty == false)
        #expect(try place.calls() == ["failed 1"] && place.causes() == ["webhook.call_failed true"])
        let signed = try Place(["webhook_secret": .text(WebhookSecret.random().text)])
        #expect(try await signed.post(Array("{".utf8), ["Content-Type": "application/json"]).status == 401)
        #expect(try signed.calls().isEmpty)
    }

    @Test("a call runs its rule and is told ok, by POST with JSON and by GET with arguments")
    func plain() async throws {
        let place = try Place()
        let answer = try await place.post(place.body(place.ticket))
        #expect(answer.status == 200 && answer.bytes == Array(#"{"status":"ok"}"#.utf8))
        #expect(try place.desk.mark(place.ticket) == "ran")
        try place.mark(nil)
        let target = "/web/hook/\(try place.hook())?_model=desk.ticket&_id=\(place.ticket)"
        let got = await place.router.respond(to: try #require(HTTPRequest(.get, target)))
        #expect(got.status == 200)
        #expect(try place.desk.mark(place.ticket) == "ran")
        #expect(try place.calls() == ["done 1", "done 1"])
    }

    @Test("an unknown address, a record that is none and another model get their status and no word more")
    func refusals() async throws {
        let place = try Place()
        let error = Array(#"{"status":"error"}"#.utf8)
        for name in ["00000000-0000-4000-8000-000000000000", "x", String(repeating: "a", count: 4_000)] {
            let answer = try await place.post(place.body(place.ticket), hook: name)
            #expect(answer.status == 404 && answer.bytes == error)
        }
        let other = (["_model": "res.users", "_id": 2] as JSON).serialized()
        for body in [place.body(999_999), other, [], Array("{".utf8), Array("[1]".utf8), [0xFF, 0xFE]] {
            let answer = try await place.post(body)
            #expect(answer.status == 500 && answer.bytes == error)
        }
        #expect(try place.desk.mark(place.ticket) == "")
    }

    @Test("a call that failed is kept, has an owner, and can be run again when its cause is gone")
    func replay() async throws {
        let place = try Place()
        #expect(try await place.post(place.body(place.ticket + 1)).status == 500)
        #expect(try place.calls() == ["failed 1"])
        let owners = try place.desk.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "webhook.call_failed")).map { $0.user?.id ?? 0 }
        }
        #expect(owners == [2])
        _ = try place.desk.ticket()
        try place.desk.world.act { env in _ = try env.search(IncomingCall.self).records.call("action_replay") }
        #expect(try place.calls() == ["done 2"])
        let open = try place.desk.world.act { env in try env.search(ExceptionCase.self, .where("state", .equal, "open")).count }
        #expect(open == 0)
        #expect(throws: Refusal.self) { try place.desk.world.act(as: "ann") { env in _ = try env.search(IncomingCall.self) } }
    }

    @Test("with a key only signed calls in time are believed, and a repeated one runs once")
    func signed() async throws {
        let secret = WebhookSecret.random()
        let place = try Place(["webhook_secret": .text(secret.text)])
        let body = place.body(place.ticket)
        #expect(try await place.post(body).status == 401)
        #expect(try await place.post(body, place.signed(body, .random())).status == 401)
        #expect(try await place.post(body, place.signed(body, secret, late: 301)).status == 401)
        #expect(try await place.post(body + [0x20], place.signed(body, secret)).status == 401)
        #expect(try place.calls().isEmpty)
        #expect(try await place.post(body, place.signed(body, secret)).status == 200)
        #expect(try place.desk.mark(place.ticket) == "ran")
        try place.mark(nil)
        #expect(try await place.post(body, place.signed(body, secret)).status == 200)
        #expect(try place.desk.mark(place.ticket) == "")
        #expect(try await place.post(body, place.signed(body, secret, id: "msg_2")).status == 200)
        #expect(try place.desk.mark(place.ticket) == "ran")
        let shown = try place.desk.world.act { [rule = place.rule] env in try env.record(AutomationRule.self, rule).value("webhook_secret")
        }
        #expect(shown == .text(Webhooks.mask))
    }

    @Test("a webhook takes so many calls a minute, and then others still take theirs")
    func rate() async throws {
        let place = try Place(["webhook_per_minute": 2])
        let body = place.body(place.ticket)
        for status in [200, 200, 429] { #expect(try await place.post(body).status == status) }
        place.desk.world.clock.advance(seconds: 60)
        #expect(try await place.post(body).status == 200)
    }

    @Test("what a crash left between storing and running is run at the next start, once")
    func recovery() async throws {
        let place = try Place()
        let (rule, payload) = (place.rule, String(decoding: place.body(place.ticket), as: UTF8.self))
        try place.desk.world.act { env in _ = try env.create(IncomingCall.self, ["rule_id": .int(rule), "payload": .text(payload)]) }
        try await place.door.open()
        try await place.door.open()
        #expect(try place.desk.mark(place.ticket) == "ran")
        #expect(try place.calls() == ["done 1"])
    }
}
