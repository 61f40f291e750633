import Automation
import Base
import Crypto
import Engine
import Foundation
import Kernel
import Store
import StoreSQLite
import TestKit
import Testing
import Webhooks

/// Keys of webhooks, in and out, as they lie on the disk.
@Suite struct SecretStorageTests {
    /// A world with a receiver and a rule whose keys are known.
    private struct Place {
        let world: World
        let receiver: Int
        let rule: Int
        let keys = [WebhookSecret.random(), WebhookSecret.random(), WebhookSecret.random()]

        init() throws {
            world = try World()
            let keys = keys
            receiver = try world.act { env in
                try env.create(
                    WebhookEndpoint.self, ["name": "Lab", "url": "https://lab.example/hook", "secret": .text(keys[0].text)]
                ).id
            }
            rule = try world.act { env in
                let model = try env.search(ModelRecord.self, .where("model", .equal, "res.partner"), limit: 1)
                return try env.create(
                    AutomationRule.self,
                    [
                        "name": "Hook", "model_id": .int(model.ids[0]), "trigger": "on_webhook", "webhook_secret": .text(keys[1].text),
                    ]
                ).id
            }
        }

        /// Whether any form of a text stands in any file of the database.
        func isOnDisk(_ text: String) throws -> Bool {
            var forms = [Data(text.utf8)]
            let inner = String(text.dropFirst("whsec_".count))
            if let raw = Data(base64Encoded: inner) { forms += [raw, Data(inner.utf8), Data(Hex.encode(Array(raw)).utf8)] }
            for file in try FileManager.default.contentsOfDirectory(atPath: world.folder.path) {
                let bytes = try Data(contentsOf: world.folder.appendingPathComponent(file))
                if forms.contains(where: { bytes.range(of: $0) != nil }) { return true }
            }
            return false
        }

        func stored(_ model: String, _ id: Int, _ field: String) throws -> String {
            try world.act { env in try env.records(model, [id]).value(field).textValue ?? "" }
        }
    }

    @Test("no key of a webhook stands in the bytes of the database, its log, its trail or its chatter, and each opens for its own record")
    func sealed() throws {
        let place = try Place()
        let (receiver, key) = (place.receiver, place.keys[2])
        let fresh = try place.world.act { env in
            try env.record(WebhookEndpoint.self, receiver).write(["secret": .text(key.text), "name": "Laboratory"])
            return try env.records("webhook.endpoint", [receiver]).call("action_rotate_secret").mapValue?["secret"]?.textValue ?? ""
        }
        for text in place.keys.map(\.text) + [fresh] { #expect(try !place.isOnDisk(text)) }
        let now = try place.stored("webhook.endpoint", receiver, "secret_value")
        let before = try place.stored("webhook.endpoint", receiver, "old_secret_value")
        #expect(try World.keys.open(now, for: "webhook.endpoint,\(receiver)") == fresh)
        #expect(try World.keys.open(before, for: "webhook.endpoint,\(receiver)") == key.text)
        let rule = try place.stored("base.automation", place.rule, "webhook_secret_value")
        #expect(try World.keys.open(rule, for: "base.automation,\(place.rule)") == place.keys[1].text)
        #expect(throws: CryptoError.self) { try World.keys.open(rule, for: "base.automation,\(place.rule + 1)") }
    }

    @Test("not even an administrator reads a key, and neither trail nor definitions hold one, sealed or plain")
    func closed() throws {
        let place = try Place()
        try place.world.makeUser("chief", groups: ["base.group_system"])
        for (model, id, field) in [
            ("webhook.endpoint", place.receiver, "secret_value"), ("base.automation", place.rule, "webhook_secret_value"),
        ] {
            let refusal = #expect(throws: Refusal.self) {
                try place.world.read(as: "chief") { env in _ = try env.records(model, [id]).value(field) }
            }
            #expect(refusal?.code == "access.field")
        }
        let texts = try place.world.database.inspectBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit UNION ALL SELECT content FROM governance_version", [], [.text])
        }
        #expect(
            texts.count > 10 && !texts.contains { $0.textValue?.contains("sealed:") == true || $0.textValue?.contains("whsec_") == true })
    }

    @Test("what an older program left plain is sealed once, and after the sweep the file's free pages do not show it either")
    func upgrade() throws {
        let place = try Place()
        let plain = place.keys.map(\.text)
        let (receiver, rule) = (place.receiver, place.rule)
        try place.world.act { env in
            try env.records("webhook.endpoint", [receiver]).write(["secret_value": .text(plain[0]), "old_secret_value": .text(plain[2])])
            try env.records("base.automation", [rule]).write(["webhook_secret_value": .text(plain[1]), "active": false])
        }
        #expect(try place.isOnDisk(plain[0]))
        let database = place.world.database
        let outcome = try SecretUpkeep.run(database)
        #expect(outcome.sealed == 3 && outcome.closed == 0)
        #expect(try SecretUpkeep.run(database).sealed == 0)
        #expect(try SecretUpkeep.needsSweep(database))
        try SQLiteDriver.sweep(path: place.world.folder.appendingPathComponent("baton.sqlite").path)
        try SecretUpkeep.swept(database)
        #expect(try !SecretUpkeep.needsSweep(database))
        for text in plain { #expect(try !place.isOnDisk(text)) }
        let stored = try place.stored("base.automation", rule, "webhook_secret_value")
        #expect(try World.keys.open(stored, for: "base.automation,\(rule)") == plain[1])
    }

    @Test("a rotated ring seals everything anew; without the right keys nothing opens, and the refusal says what to do")
    func rotation() throws {
        let place = try Place()
        let (database, receiver) = (place.world.database, place.receiver)
        let rotated = World.keys.rotated()
        Secrets.use(rotated, for: database.appMemory)
        #expect(try SecretUpkeep.run(database).sealed == 2)
        let stored = try place.stored("webhook.endpoint", receiver, "secret_value")
        #expect(rotated.isCurrent(stored))
        #expect(try rotated.newestOnly.open(stored, for: "webhook.endpoint,\(receiver)") == place.keys[0].text)
        Secrets.use(KeyRing(), for: database.appMemory)
        let outcome = try SecretUpkeep.run(database)
        #expect(outcome.sealed == 0 && outcome.closed == 2)
        let refusal = #expect(throws: Refusal.self) {
            try database.readBlocking(superuser: true) { env in _ = try Secrets.open(stored, of: "webhook.endpoint", receiver, env) }
        }
        #expect(refusal?.code == "secrets.closed" && refusal?.instruction.contains("file of keys") == true)
        #expect(refusal?.description.contains(place.keys[0].text) == false)
    }
}
