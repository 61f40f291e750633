import Automation
import Base
import Engine
import Governance
import HTTPServer
import JSON
import Kernel
import Store
import TestKit
import Testing
import Webhooks

/// Receivers of webhooks as definitions.
@Suite struct GovernedReceiverTests {
    private struct Place {
        let world: World
        let runner: JobRunner

        init() throws {
            world = try World()
            let sender = WebhookSender(database: world.database)
            runner = JobRunner(
                database: world.database, handlers: [sender.handler], options: JobOptions(queues: [JobOptions.Queue(WebhookSender.queue)]))
            try world.act { env in _ = try env.create(Parameter.self, ["key": .text(Webhooks.allowedNetworks), "value": "127.0.0.1"]) }
            for login in ["eve", "max"] {
                try world.makeUser(login, groups: ["base.group_system", "governance.group_author", "governance.group_releaser"])
            }
        }

        func send(_ url: String) async throws {
            try world.act { env in _ = try Webhooks.enqueue(url: url, payload: ["a": 1], env: env) }
            try await runner.drain()
        }

        func step(_ login: String, _ action: String, _ id: Int) throws {
            try world.act(as: login) { env in
                let own =
                    Domain.where("definition_id.res_model", .equal, "webhook.endpoint") & .where("definition_id.res_id", .equal, .int(id))
                _ = try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).records.call(action)
            }
        }

    }

    @Test("a receiver that a person makes is sent nothing by name, and nothing signed, before a second person has released it")
    func unreleased() async throws {
        let (place, receiver) = (try Place(), try WebhookReceiver())
        let url = receiver.url
        let id = try place.world.act(as: "eve") { env in try env.create(WebhookEndpoint.self, ["name": "Lab", "url": .text(url)]).id }
        let refusal = #expect(throws: Refusal.self) {
            try place.world.act(as: "eve") { env in _ = try env.records("webhook.endpoint", [id]).call("action_send_test") }
        }
        #expect(refusal?.code == "webhook.not_released")
        try await place.send(url)
        #expect(receiver.requests.count == 1 && receiver.requests[0].headers["webhook-signature"] == nil)
        try place.step("eve", "action_submit", id)
        #expect(throws: Refusal.self) { try place.step("eve", "action_release", id) }
        try place.step("max", "action_release", id)
        try await place.send(url)
        #expect(receiver.requests.count == 2 && receiver.requests[1].headers["webhook-signature"] != nil)
        await receiver.stop()
    }

    @Test("a change of address waits, and messages go to the released one meanwhile; disabling and new keys hold at once")
    func change() async throws {
        let (place, old, new) = (try Place(), try WebhookReceiver(), try WebhookReceiver())
        let (first, second) = (old.url, new.url + "/new")
        let id = try place.world.act { env in try env.create(WebhookEndpoint.self, ["name": "Lab", "url": .text(first)]).id }
        try place.world.act(as: "eve") { env in
            try env.record(WebhookEndpoint.self, id).write(["url": .text(second), "timeout_seconds": 3])
        }
        func test() async throws {
            try place.world.act(as: "max") { env in _ = try env.records("webhook.endpoint", [id]).call("action_send_test") }
            try await place.runner.drain()
        }
        try await test()
        #expect(old.requests.count == 1 && new.requests.isEmpty)
        try place.step("eve", "action_submit", id)
        try place.step("max", "action_release", id)
        try await test()
        #expect(old.requests.count == 1 && new.requests.count == 1)
        try place.world.act(as: "eve") { env in _ = try env.records("webhook.endpoint", [id]).call("action_disable") }
        await #expect(throws: Refusal.self) { try await place.send(second) }
        let count = try place.world.act { env in
            try env.search(DefinitionVersion.self, .where("definition_id.res_model", .equal, "webhook.endpoint")).count
        }
        #expect(count == 2, "neither tests nor disabling made a version")
        await old.stop()
        await new.stop()
    }

    @Test("the trail of a delivery names the receiver's version from its making to its end")
    func trail() async throws {
        let (place, receiver) = (try Place(), try WebhookReceiver())
        let url = receiver.url
        let id = try place.world.act { env in try env.create(WebhookEndpoint.self, ["name": "Lab", "url": .text(url)]).id }
        try await place.send(url)
        let lines = try place.world.database.inspectBlocking { connection in
            try connection.query("SELECT kind, detail FROM baton_audit WHERE model = 'webhook.delivery' ORDER BY seq", [], [.text, .text])
        }
        let details = stride(from: 0, to: lines.count, by: 2).map { (lines[$0].textValue ?? "", lines[$0 + 1].textValue ?? "") }
        #expect(details.first?.0 == "create" && details.last?.0 == "write")
        for (kind, detail) in details { #expect(detail.contains("webhook:lab-\(id)@1"), "\(kind) \(detail)") }
        await receiver.stop()
    }
}
