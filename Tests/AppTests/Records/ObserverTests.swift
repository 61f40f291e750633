import Base
import Kernel
import Messaging
import TestKit
import Testing

/// Watches the shop's orders, and writes down what it hears.
private struct Listener: RecordObserver {
    let heard = Locked<[String]>([])
    let writes: Bool

    func events(of model: ModelSchema) -> RecordEvents { model.name == "shop.order" ? [.created, .writing, .recomputed, .deleting] : [] }

    func created(_ records: Records, values: [ValueMap]) throws { say("created \(records.ids)") }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        guard fields.contains(where: { $0.name == "name" }) else { return nil }
        return Follower(listener: self, records: records, before: try records.value("name").textValue ?? "")
    }

    func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool { field.name == "total" }

    func recomputed(_ records: Records, changes: [RecordChange]) throws {
        for change in changes { say("recomputed \(change.field.name) \(change.old) -> \(change.new)") }
        if writes {
            let line = try records.related("line_ids")
            try line.with(records.env.because("rule:endless@1", on: records))
                .write(["quantity": .int((try line.value("quantity").intValue ?? 0) + 1)])
        }
    }

    func deleting(_ records: Records) throws { say("deleting \(records.ids)") }

    func say(_ text: String) { heard.withLock { $0.append(text) } }

    struct Follower: WriteFollower {
        let listener: Listener
        let records: Records
        let before: String
        func written() throws { listener.say("written \(before) -> \(try records.value("name").textValue ?? "")") }
    }
}

/// Holds back finishing orders until a granted approval is the cause.
private struct Doorkeeper: ActionGuard {
    func judge(_ action: AnyAction, on records: Records, arguments: ValueMap) throws -> ActionVerdict {
        if records.env.cause?.name == "approval:large@1" { return .run }
        let large = try records.ids.filter { try records.value($0, "is_large") == true }
        if large.isEmpty { return .run }
        if try records.value(large[0], "name") == "Never" {
            throw Refusal("shop.never", .conflict, "This order is never done.", instruction: "Ask somebody else.")
        }
        return .replaced(by: .map(["request": .ids(large)]))
    }

    func offer(_ action: AnyAction, on records: Records, id: Int) throws -> ActionOffer {
        switch try records.value(id, "name").textValue {
        case "Hidden": .hidden
        case _ where try records.value(id, "is_large") == true: .marked("Needs approval")
        default: .plain
        }
    }
}

@Suite struct ObserverTests {
    private func world(_ observer: Listener = Listener(writes: false), guarded: Bool = false) throws -> World {
        let app = App("watch", "Watch", needs: ["shop"]) { app in
            app.observe(observer)
            if guarded { app.guardActions(Doorkeeper()) }
        }
        return try World(apps: [BaseApp.app, MessagingApp.app, ShopApp.app, app])
    }

    private static func order(_ env: Environment, _ name: String, price: Int = 10) throws -> Record<ShopOrder> {
        let pen = try env.create(ShopProduct.self, ["name": "Pen", "price": .int(price)])
        return try env.create(
            ShopOrder.self, ["name": .text(name), "line_ids": .list([[0, 0, ["product_id": .int(pen.id), "quantity": 2]]])])
    }

    @Test("an observer sees making, writing with old values, computing again and deleting, and nothing of other models")
    func anObserverSeesEverything() throws {
        let listener = Listener(writes: false)
        let world = try world(listener)
        let id = try world.act { env in try Self.order(env, "A").id }
        #expect(listener.heard.withLock { $0 } == ["created [\(id)]"])

        try world.act { env in
            try env.record(ShopOrder.self, id).write(["name": "B"])
            env.record(ShopOrder.self, id).due = Day(2026, 4, 1)
            let line = env.record(ShopOrder.self, id).lines[0]
            line.quantity = 3
            line.quantity = 4
        }
        try world.act { env in
            // Written as it was: it is computed again, and did not change.
            env.record(ShopOrder.self, id).lines[0].quantity = 4
            try env.record(ShopOrder.self, id).asSet.unlink()
        }
        let told = listener.heard.withLock { $0 }
        #expect(told[1...2] == ["written A -> B", "recomputed total \(Value.amount(20)) -> \(Value.amount(40))"])
        #expect(told.dropFirst(3) == ["deleting [\(id)]"])
    }

    @Test("changes that lead to each other without end are stopped, and what was at work is named")
    func endlessChangesAreStopped() throws {
        let world = try world(Listener(writes: true))
        let id = try world.act { env in try Self.order(env, "A").id }
        let refusal = #expect(throws: Refusal.self) {
            try world.act { env in env.record(ShopOrder.self, id).lines[0].quantity = 3 }
        }
        #expect(refusal?.code == "record.endless_changes")
        #expect(refusal?.instruction.contains("rule:endless@1") ?? false)
        #expect(try world.read(as: "admin") { env in env.asSuperuser("test").record(ShopOrder.self, id).lines[0].quantity } == 2)
    }

    @Test("the cause travels with every environment and stands in each line of the trail")
    func theCauseStandsInTheTrail() throws {
        let world = try world()
        try world.act { env in
            let caused = env.because("rule:first@1").because("rule:second@4", on: try Self.order(env, "A").records)
            #expect(caused.cause?.chain == ["rule:first@1", "rule:second@4"])
            for scope in [
                caused.asSuperuser("test"), caused.with(user: .system), try caused.with(context: ["lang": "de_DE"]), caused,
            ] {
                #expect(scope.cause?.name == "rule:second@4")
            }
            let order = try Self.order(caused.with(user: .system).asSuperuser("test"), "Made")
            try order.write(["name": "Changed"])
            _ = try order.records.call("action_done")
            try order.asSet.unlink()
        }
        let lines = try world.database.systemBlocking { connection in
            try connection.query(
                "SELECT kind || ' ' || CASE WHEN detail LIKE '%\"because\":\"rule:second@4\"%' THEN 'named' ELSE 'bare' END FROM baton_audit "
                    + "WHERE model = 'shop.order' ORDER BY seq", [], [.text]
            ).compactMap(\.textValue)
        }
        #expect(lines == ["create bare", "create named", "write named", "action named", "write named", "unlink named"])
    }

    @Test("a guard refuses an action, puts another answer in its place, and lets it run for its own cause")
    func aGuardDecides() throws {
        let world = try world(guarded: true)
        let (small, large, never) = try world.act { env in
            (try Self.order(env, "Small").id, try Self.order(env, "Large", price: 900).id, try Self.order(env, "Never", price: 900).id)
        }
        let state: @Sendable (Int) throws -> ShopOrder.State? = { id in
            try world.act { env in env.record(ShopOrder.self, id).state }
        }
        try world.act { env in _ = try env.record(ShopOrder.self, small).records.call("action_done") }
        #expect(try state(small) == .done)
        let answer = try world.act { env in try env.record(ShopOrder.self, large).records.call("action_done") }
        #expect(answer == .map(["request": .ids([large])]))
        #expect(try state(large) == .draft)
        let refusal = #expect(throws: Refusal.self) {
            try world.act { env in try env.record(ShopOrder.self, never).records.call("action_done") }
        }
        #expect(refusal?.code == "shop.never")
        try world.act { env in
            _ = try env.record(ShopOrder.self, large).records.with(env.because("approval:large@1")).call("action_done")
        }
        #expect(try state(large) == .done)
    }

    @Test("a guard marks and hides actions where they are listed")
    func aGuardMarksAndHides() throws {
        let world = try world(guarded: true)
        let marks = try world.act { env in
            try [("Small", 10), ("Large", 900), ("Hidden", 10)].map { name, price in
                let order = try Self.order(env, name, price: price)
                return try order.records.availableActions(order.id).map { $0.name + ":" + ($0.mark ?? "") }
            }
        }
        #expect(marks == [["action_done:"], ["action_done:Needs approval"], []])
    }

    @Test("what an app keeps beside a database is one thing per database, and what it keeps in a unit of work ends with it")
    func memoryIsPerDatabase() throws {
        final class Shelf: Sendable {}
        let (first, second) = (try world(), try world())
        let shelf: @Sendable (World) throws -> Shelf = { world in try world.act { env in env.unit.memory.thing(Shelf.self) { Shelf() } } }
        #expect(try shelf(first) === shelf(first))
        #expect(try shelf(first) !== shelf(second))
        let own: @Sendable () throws -> Shelf = {
            try first.act { env in
                let shelf = env.unit.thing(Shelf.self) { Shelf() }
                #expect(shelf === env.unit.thing(Shelf.self) { Shelf() })
                return shelf
            }
        }
        #expect(try own() !== own())
    }
}
