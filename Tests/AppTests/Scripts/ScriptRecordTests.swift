import Base
import Foundation
import JSON
import Kernel
import Scripts
import TestKit
import Testing

@Suite struct ScriptRecordTests {
    private func shop() throws -> (World, [Int]) {
        let world = try ShopApp.world()
        try world.makeUser("ann", groups: ["shop.group_user"])
        try world.makeUser("aud", groups: ["shop.group_auditor"])
        let orders = try world.act(as: "ann") { env in
            let product = try env.create(ShopProduct.self, ["name": "Pump", "price": 25.5])
            let tag = try env.create(ShopTag.self, ["name": "urgent"])
            return try env.create(
                ShopOrder.self,
                [
                    [
                        "name": "A", "due": "2026-03-09", "tag_ids": [[6, 0, [.int(tag.id)]]],
                        "line_ids": [[0, 0, ["product_id": .int(product.id), "quantity": 3]]],
                    ],
                    ["name": "B", "line_ids": [[0, 0, ["product_id": .int(product.id), "quantity": 6]]]],
                ]
            ).ids
        }
        return (world, orders)
    }

    private static func run(
        _ text: String, _ ids: [Int], _ env: Environment, model: String = "shop.order", payload: JSON = .null,
        log: @escaping (ScriptLogLine) -> Void = { _ in }
    ) throws -> JSON {
        try ScriptWorkers.engine.run(ScriptSource(name: "Rule", text: text), on: try env.records(model, ids), payload: payload, log: log)
    }

    @Test("a script reads fields of every kind")
    func reading() throws {
        let (world, orders) = try shop()
        let text = """
            return records.map((order) => [order.name, order.state, order.total, order.line_count, order.is_large, order.due, order.risk_note,
              order.tag_ids.map((tag) => tag.name), order.line_ids.mapped("product_id").map((product) => product.price),
              order.company_id.name, order.display_name, order.create_date])
            """
        let answer = try world.act(as: "ann") { env in try Self.run(text, orders, env) }
        let company = try world.act { env in env.record(Company.self, 1).displayedName }
        let expected: JSON = [
            "A", "draft", 76.5, 1, false, "2026-03-09", nil, ["urgent"], [25.5], .string(company), "A", "2026-03-02 09:00:00",
        ]
        #expect(answer[0] == expected)
        #expect(answer[1]?[2] == 153)
        #expect(answer[1]?[5] == JSON.null)
    }

    @Test("what a script writes is part of the unit of work: computed values follow, and all of it goes with a rollback")
    func writing() throws {
        let (world, orders) = try shop()
        let text = """
            const line = record.line_ids.first;
            const before = record.total;
            line.quantity = 10;
            const tag = env("shop.tag").create({name: "large"});
            record.write({tag_ids: [Command.link(tag.id)], due: new Date(), name: record.name + "!"});
            return [before, record.total, record.is_large, record.tag_ids.length, record.due, record.name];
            """
        let answer = try world.act(as: "ann") { env in try Self.run(text, [orders[0]], env) }
        #expect(answer == [76.5, 255, true, 2, "2026-03-02", "A!"])
        #expect(throws: Refusal.self) {
            try world.act(as: "ann") { env in try Self.run("record.name = 'gone'; throw new UserError('No.')", [orders[0]], env) }
        }
        #expect(try world.read(as: "ann") { env in env.record(ShopOrder.self, orders[0]).displayedName } == "A!")
    }

    @Test("a script finds, counts, copies, acts and deletes")
    func environment() throws {
        let (world, orders) = try shop()
        let text = """
            const found = env("shop.order").search([["state", "=", "draft"]], {order: "name desc"});
            const copy = found.filter((order) => order.name === "A").copy({name: "C"});
            copy.action_done();
            records.call("message_post", {body: "Seen by a script"});
            env("shop.order").browse(records.ids[1]).unlink();
            const left = found.filter((order) => order.exists().length > 0);
            return [left.map((order) => order.name), copy.state, env("shop.order").count(), records.exists().length, model.model, env.uid,
              env.hasGroup("shop.group_user"), env.hasGroup("base.group_system"), env.today];
            """
        let answer = try world.act(as: "ann") { env in try Self.run(text, orders, env) }
        let uid = try world.user("ann").id
        #expect(answer == [["A"], "done", 2, 1, "shop.order", JSON(uid), true, false, "2026-03-02"])
    }

    @Test("everything is done with the caller's access, and a refusal of it ends the unit")
    func access() throws {
        let (world, orders) = try shop()
        func code(_ login: String, _ text: String, _ model: String = "shop.order") -> String? {
            do {
                try world.act(as: login) { env in _ = try Self.run(text, model == "shop.order" ? orders : [1], env, model: model) }
                return nil
            } catch { return (error as? Refusal)?.code ?? "\(error)" }
        }
        #expect(code("aud", "record.name = 'x'") == "access.denied")
        #expect(code("aud", "return record.name") == "access.rule")
        #expect(code("aud", "try { env('shop.order').create({name: 'x'}) } catch {}") == "access.denied")
        #expect(code("aud", "return env('shop.tag').search()") == "access.denied")
        // A masked field is brought along for nobody and refused when asked for.
        #expect(code("ann", "return record.margin") == "access.field")
        #expect(code("ann", "return env('res.users').browse([1]).password_hash", "res.users") == "access.field")
        #expect(code("ann", "record.margin = 'x'") == "access.field")
        #expect(code("ann", "return env('ir.nothing').search()") == "model.unknown")
        #expect(code("ann", "return record.nothing") == "field.unknown")
        #expect(code("ann", "record.call('_compute')") == "action.unknown")
        #expect(code("ann", "return env('shop.order').search([['margin', '=', 'x']])") == "access.field")
        #expect(code("ann", "record.name = 'forbidden'") == "shop.name")
        #expect(code("ann", "try { record.name = 'forbidden' } catch {}") == "shop.name")
        #expect(try world.read(as: "ann") { env in env.record(ShopOrder.self, orders[0]).displayedName } == "A")
    }

    @Test("the same script on the same records at the same time draws the same numbers")
    func seeds() throws {
        let (world, orders) = try shop()
        let draw: @Sendable (Environment) throws -> JSON = { env in try Self.run("return Math.random()", orders, env) }
        let first = try world.act(as: "ann", draw)
        #expect(try world.act(as: "ann", draw) == first)
        world.clock.advance(seconds: 1)
        #expect(try world.act(as: "ann", draw) != first)
    }

    @Test("a payload and the log reach the script and its caller")
    func payload() throws {
        let (world, orders) = try shop()
        let lines = Locked<[ScriptLogLine]>([])
        let answer = try world.act(as: "ann") { env in
            try Self.run(
                "log(`got ${payload.kind}`, 'warning'); return payload", orders, env, payload: ["kind": "ping"],
                log: { line in lines.withLock { $0.append(line) } })
        }
        #expect(answer == ["kind": "ping"])
        #expect(lines.withLock { $0 } == [ScriptLogLine("got ping", .warning)])
    }

    @Test("a thousand records are read with a few calls, not a thousand")
    func batches() throws {
        let (world, _) = try shop()
        let answer = try world.act(as: "ann") { env in
            let orders = try env.create(ShopOrder.self, (0..<1_500).map { ["name": .text("O\($0)")] })
            return try Self.run(
                "let n = 0; for (const order of records) n += order.name.length + (order.company_id ? 1 : 0); return n", orders.ids, env)
        }
        #expect(answer == JSON((0..<1_500).reduce(0) { $0 + "O\($1)".count + 1 }))
    }
}

@Suite struct ScriptReferenceTests {
    /// The examples of the reference, in their order.
    private static func examples() throws -> [String] {
        let text = try Reading.file("docs/reference/scripts.md")
        return text.components(separatedBy: "```js\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }

    @Test("the examples of the reference do what it says")
    func examplesRun() throws {
        let examples = try Self.examples()
        try #require(examples.count == 2)
        let world = try ShopApp.world()
        try world.makeUser("ann", groups: ["shop.group_user"])
        try world.act(as: "ann") { env in
            let pump = try env.create(ShopProduct.self, ["name": "Infusion pump", "price": 60])
            let order = try env.create(ShopOrder.self, ["name": "A", "line_ids": [[0, 0, ["product_id": .int(pump.id), "quantity": 2]]]])
            let records = try env.records("shop.order", [order.id])
            _ = try ScriptWorkers.engine.run(ScriptSource(name: "first example", text: examples[0]), on: records)
            #expect(try order.value("risk_note") == "large, without a tag")
            let action = try ScriptWorkers.engine.run(ScriptSource(name: "second example", text: examples[1]), on: records)
            let made = try #require(action["res_id"]?.intValue)
            #expect(action["type"] == "ir.actions.act_window")
            #expect(env.record(ShopOrder.self, made).lines.count == 1)
        }
    }

    @Test("each code that the reference names exists in the engine, and each of the engine's is named")
    func codes() throws {
        let reference = try Reading.file("docs/reference/scripts.md")
        let engine =
            try Reading.file("Sources/Automation/Scripts/Engine/Refusal+Scripts.swift")
            + Reading.file("Sources/Automation/Scripts/Engine/ScriptTalk.swift")
        let codes = Set(engine.matches(of: #/"(script\.[a-z_]+)"/#).map { String($0.1) })
        #expect(codes.count > 14)
        for code in codes { #expect(reference.contains("`\(code)`"), "\(code) is not in the reference") }
        for named in reference.matches(of: #/`(script\.[a-z_]+)`/#) {
            #expect(codes.contains(String(named.1)), "\(named.1) does not exist")
        }
    }
}

/// Files of the repository.
private enum Reading {
    static func file(_ path: String) throws -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
}
