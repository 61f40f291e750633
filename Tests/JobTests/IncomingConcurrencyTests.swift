import Automation
import Base
import Engine
import Foundation
import HTTPServer
import JSON
import Kernel
import Store
import TestKit
import Testing
import WebhookDoor
import Webhooks

/// Many who call the same webhook at once.
@Suite struct IncomingConcurrencyTests {
    /// A rule whose webhook makes one contact for each call that it runs.
    private struct Place {
        let world: World
        let door: WebhookDoor
        let router: Router
        let hook: String
        let secret = WebhookSecret.random()
        let body: [UInt8]

        init() throws {
            world = try World()
            let secret = secret
            let (hook, id) = try world.act { env in
                let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "res.partner"), limit: 1).first).id
                let action: ValueMap = ["state": "object_create", "model_id": .int(model), "crud_model_id": .int(model), "value": "Made"]
                let rule: ValueMap = [
                    "name": "Hook", "model_id": .int(model), "trigger": "on_webhook", "webhook_secret": .text(secret.text),
                    "webhook_per_minute": 6_000, "action_server_ids": .list([.list([0, 0, .map(action)])]),
                ]
                return (try env.create(AutomationRule.self, rule).webhook, try env.create(Partner.self, ["name": "Site"]).id)
            }
            self.hook = hook
            body = (["_model": "res.partner", "_id": JSON(id)] as JSON).serialized()
            door = WebhookDoor(database: world.database)
            var router = Router()
            door.routes(into: &router)
            self.router = router
        }

        func post(_ id: String, _ body: [UInt8], signedFor signed: [UInt8]? = nil, late seconds: Int = 0) async throws -> Int {
            let time = world.clock.now.seconds - seconds
            let signature = StandardWebhook.signature(id: id, seconds: time, body: signed ?? body, secrets: [secret])
            let headers: HTTPHeaders = ["webhook-id": id, "webhook-timestamp": String(time), "webhook-signature": signature]
            let request = try #require(HTTPRequest(.post, "/web/hook/" + hook, headers: headers, body: body))
            return await router.respond(to: request).status
        }

        func made() throws -> Int { try world.act { try $0.count(Partner.self, .where("name", .equal, "Made")) } }
    }

    @Test("fifty copies of ten messages at once run ten times; forged and late ones among them run never")
    func storm() async throws {
        let place = try Place()
        let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for copy in 0..<50 {
                for message in 0..<10 { group.addTask { (0, try await place.post("msg_\(message)", place.body)) } }
                group.addTask { (1, try await place.post("forged_\(copy)", place.body, signedFor: place.body + [0x20])) }
                group.addTask { (2, try await place.post("late_\(copy)", place.body, late: copy % 2 == 0 ? 301 : -301)) }
            }
            var found: [Int: Set<Int>] = [:]
            for try await (kind, status) in group { found[kind, default: []].insert(status) }
            return found
        }
        #expect(statuses == [0: [200], 1: [401], 2: [401]])
        #expect(try place.made() == 10)
        #expect(try place.world.act { try $0.count(IncomingCall.self) } == 10)
    }

    @Test("a message is known as long as its signature is believed, however many others came since")
    func remembered() async throws {
        let place = try Place()
        #expect(try await place.post("msg_first", place.body) == 200)
        try place.world.act { env in
            let rule = try #require(try env.search(IncomingCall.self, limit: 1).first?.rule?.id)
            let rows = (0..<IncomingCall.limit + 200).map { number -> ValueMap in
                ["rule_id": .int(rule), "webhook_id": .text("msg_\(number)"), "state": "done"]
            }
            for part in [rows.prefix(6_000), rows.dropFirst(6_000)] {
                _ = try env.create(try env.registry.requireModel("webhook.call"), Array(part))
            }
        }
        for number in 0..<100 { _ = try await place.post("msg_late_\(number)", place.body) }
        let before = try place.made()
        #expect(try await place.post("msg_first", place.body) == 200)
        #expect(try place.made() == before, "the first message is still known")
        place.world.clock.advance(seconds: 601)
        #expect(try await place.post("msg_first", place.body, late: 601) == 401)
        for number in 0..<100 { _ = try await place.post("msg_later_\(number)", place.body) }
        #expect(try place.world.act { try $0.count(IncomingCall.self) } <= IncomingCall.limit + 200, "what nobody can repeat is forgotten")
    }
}
