import Foundation
import Governance
import JSON
import Kernel
import Store
import TestKit
import Testing

@Suite struct ShippingTests {
    static func shipped(_ text: String, _ release: String) -> ShippedDefinitions {
        ShippedDefinitions(app: "greetings", release: release) {
            [DefinitionFile(kind: "greeting", key: "shipped", title: "Shipped", content: ["text": .string(text)])]
        }
    }

    @Test("what an app ships is in force from the start, and a second start changes nothing")
    func ships() throws {
        let house = try GovernedWorld(shipping: [ShippingTests.shipped("Welcome", "0.3")])
        #expect(try house.greeting("shipped") == "Welcome")
        try house.world.database.seed()
        try house.world.act { env in
            let versions = try env.search(DefinitionVersion.self, .where("key", .equal, "shipped"))
            #expect(versions.map(\.shippedWith) == ["0.3"])
            #expect(versions.first?.definition?.shippedBy == "greetings")
            #expect(versions.first?.releaser?.id == 1)
        }
    }

    @Test("a new shipped version replaces an older one that is in force")
    func upgrade() throws {
        let text = Locked("Welcome")
        let house = try GovernedWorld(shipping: [
            ShippedDefinitions(app: "greetings", release: "0.3") {
                [
                    DefinitionFile(
                        kind: "greeting", key: "upgraded", title: "Shipped", content: ["text": .string(text.withLock { $0 })])
                ]
            }
        ])
        text.withLock { $0 = "Welcome back" }
        try house.world.database.seed()
        #expect(try house.greeting("upgraded") == "Welcome back")
    }

    @Test("a tenant's own version stays in force; the new shipped one waits as a draft")
    func tenantsFirst() throws {
        let text = Locked("Welcome")
        let house = try GovernedWorld(shipping: [
            ShippedDefinitions(app: "greetings", release: "0.3") {
                [DefinitionFile(kind: "greeting", key: "tenant", title: "Shipped", content: ["text": .string(text.withLock { $0 })])]
            }
        ])
        try house.release("Ours", key: "tenant")
        text.withLock { $0 = "Theirs" }
        try house.world.database.seed()
        try house.world.database.seed()
        #expect(try house.greeting("tenant") == "Ours")
        let drafts = try house.world.act { env in
            try env.search(DefinitionVersion.self, .where("key", .equal, "tenant") & .where("state", .equal, "draft")).map(\.content)
        }
        #expect(drafts == [["text": "Theirs"]])
    }

    @Test("a shipped definition with a problem stops the start and names it")
    func badShipped() throws {
        do {
            _ = try GovernedWorld(shipping: [ShippingTests.shipped("", "0.4 broken")])
            Issue.record("an empty greeting was shipped")
        } catch let refusal as Refusal {
            #expect(refusal.code == "governance.check_failed" && refusal.message.contains("greeting:shipped@1"))
        }
    }

    @Test("files of a folder are shipped, and a broken one is named with its line")
    func folder() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-shipped-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("hello.yaml")
        try "kind: greeting\nkey: filed\ncontent:\n  text: Filed\n".write(to: file, atomically: true, encoding: .utf8)
        let house = try GovernedWorld(shipping: [ShippedDefinitions(app: "greetings", release: "0.3", folder: folder)])
        #expect(try house.greeting("filed") == "Filed")
        try "kind: greeting\nkey: [\n".write(to: file, atomically: true, encoding: .utf8)
        do {
            try house.world.database.seed()
            Issue.record("a broken file was shipped")
        } catch let refusal as Refusal {
            #expect(refusal.code == "governance.bad_file")
            #expect(refusal.message.contains("hello.yaml") && refusal.message.contains("line"))
        }
    }

    @Test("an exported definition is imported as a draft of the same content")
    func exportAndImport() throws {
        let house = try GovernedWorld()
        let content: JSON = ["text": "Hi: \"you\" #1\nand all", "list": [1, 2.5, true, nil, [], [:], ["a": ["b": "yes"]]]]
        let id = try house.world.act(as: "ann") { env in
            let definition = try env.create(Definition.self, ["kind": "greeting", "key": "hello", "title": "Hello"])
            return try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content)]).id
        }
        let text = try house.world.read(as: "ann") { env in
            try env.registry.requireModel("governance.version").method("export_yaml")?.body(env.records("governance.version", [id]), [:])
        }
        let yaml = try #require(text?.textValue)
        let copy = try house.world.act(as: "bob") { env in
            let model = try env.registry.requireModel("governance.definition")
            return try model.method("import_yaml")?.body(Records(model, [], env), ["text": .text(yaml)]).intValue
        }
        try house.world.act { env in
            let version = env.record(DefinitionVersion.self, try #require(copy))
            #expect(version.content == content)
            #expect(version.state == .draft && version.origin == .imported && version.author?.login == "bob")
            #expect(version.number == 2)
        }
        #expect(throws: Refusal.self) {
            try house.world.act(as: "ida") { env in
                let model = try env.registry.requireModel("governance.definition")
                _ = try model.method("import_yaml")?.body(Records(model, [], env), ["text": .text(yaml)])
            }
        }
    }
}
