import Automation
import Base
import CRM
import Engine
import Foundation
import HTTPServer
import Kernel
import Store
import TestKit
import Testing
import WebhookDoor
import Webhooks

/// The examples of `docs/reference/webhooks.md`, run as they stand there, with the tools that they name.
@Suite struct WebhookReferenceTests {
    /// The code of the page in a language.
    private static func example(_ language: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardizedFileURL
        let page = try String(contentsOf: root.appendingPathComponent("docs/reference/webhooks.md"), encoding: .utf8)
        let start = try #require(page.range(of: "```\(language)\n"))
        let end = try #require(page.range(of: "\n```", range: start.upperBound..<page.endIndex))
        return String(page[start.upperBound..<end.lowerBound])
    }

    private static func run(_ program: String, _ arguments: [String], _ environment: [String: String], input: [UInt8] = []) throws -> String
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let (into, out) = (Pipe(), Pipe())
        process.standardInput = into
        process.standardOutput = out
        try process.run()
        into.fileHandleForWriting.write(Data(input))
        try into.fileHandleForWriting.close()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("the page's call, made with curl and openssl, is believed by a real server and runs its rule; with another key it is not")
    func call() async throws {
        let world = try World()
        world.clock.advance(seconds: Int(Date().timeIntervalSince1970) - world.clock.now.seconds)
        let secret = WebhookSecret.random()
        let (hook, lead) = try world.act { env in
            let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"), limit: 1).first).id
            let action: ValueMap = ["state": "object_write", "model_id": .int(model), "update_path": "name", "value": "Called"]
            let rule: ValueMap = [
                "name": "Hook", "model_id": .int(model), "trigger": "on_webhook", "webhook_secret": .text(secret.text),
                "action_server_ids": .list([.list([0, 0, .map(action)])]),
            ]
            let made = try env.create(AutomationRule.self, rule)
            return (made.webhook, try env.create(Lead.self, ["name": "Pump"]).id)
        }
        var router = Router()
        WebhookDoor(database: world.database).routes(into: &router)
        let server = HTTPServer(configuration: HTTPServerConfiguration(host: "127.0.0.1", port: 0), handler: router)
        try server.start()
        let url = "http://127.0.0.1:\(server.port)/web/hook/\(hook)"
        let script = try Self.example("bash")
        let wrong = try Self.run("bash", ["-c", script], ["URL": url, "SECRET": WebhookSecret.random().text, "RECORD": String(lead)])
        #expect(wrong == #"{"status":"error"}"#)
        #expect(try world.act { env in try env.records("crm.lead", [lead]).value("name").textValue } == "Pump")
        let right = try Self.run("bash", ["-c", script], ["URL": url, "SECRET": secret.text, "RECORD": String(lead)])
        #expect(right == #"{"status":"ok"}"#)
        #expect(try world.act { env in try env.records("crm.lead", [lead]).value("name").textValue } == "Called")
        await server.stop(graceSeconds: 1)
    }

    @Test("the page's check believes what the sender really sends, and nothing that was changed on its way")
    func check() async throws {
        let (world, receiver) = (try World(), try WebhookReceiver())
        world.clock.advance(seconds: Int(Date().timeIntervalSince1970) - world.clock.now.seconds)
        let (url, secret) = (receiver.url, WebhookSecret.random())
        try world.act { env in
            _ = try env.create(Parameter.self, ["key": .text(Webhooks.allowedNetworks), "value": "127.0.0.1"])
            try env.create(WebhookEndpoint.self, ["name": "Lab", "url": .text(url), "secret": .text(secret.text)])
            _ = try Webhooks.enqueue(url: url, payload: ["name": "Überweisung"], env: env)
        }
        let sender = WebhookSender(database: world.database)
        let queues = [JobOptions.Queue(WebhookSender.queue)]
        try await JobRunner(database: world.database, handlers: [sender.handler], options: JobOptions(queues: queues)).drain()
        let request = try #require(receiver.requests.first)
        let script = try Self.example("python")
        func answer(_ body: [UInt8], _ secret: WebhookSecret, id: String? = nil) throws -> String {
            let environment = [
                "SECRET": secret.text, "WEBHOOK_ID": id ?? request.headers["webhook-id"] ?? "",
                "WEBHOOK_TIMESTAMP": request.headers["webhook-timestamp"] ?? "",
                "WEBHOOK_SIGNATURE": request.headers["webhook-signature"] ?? "",
            ]
            return try Self.run("python3", ["-c", script], environment, input: body)
        }
        #expect(try answer(request.body, secret) == "believed")
        #expect(try answer(request.body + [0x20], secret) == "refused")
        #expect(try answer(request.body, .random()) == "refused")
        #expect(try answer(request.body, secret, id: "msg_other") == "refused")
        await receiver.stop()
    }
}
