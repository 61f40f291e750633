import Base
import Kernel
import Messaging
import TestKit
import Testing

@Suite struct StaleTests {
    private func world() throws -> (World, order: Int) {
        let world = try ShopApp.world()
        for name in ["ann", "bob"] { try world.makeUser(name, groups: ["shop.group_user"]) }
        let order = try world.act(as: "ann") { try $0.create(ShopOrder.self, ["name": "A"]).id }
        return (world, order)
    }

    private func stale(_ world: World, _ order: Int, _ version: Int, as login: String = "ann") throws -> Refusal {
        let refusal = #expect(throws: Refusal.self) {
            try world.act(as: login, context: ["expected_version": .int(version)]) { (env: Environment) throws in
                try env.record(ShopOrder.self, order).write(["name": "mine"])
            }
        }
        return try #require(refusal)
    }

    @Test("a stale write is told which fields changed since its version, by whom and when, the newest first")
    func whatChanged() throws {
        let (world, order) = try world()
        let version = try world.read(as: "ann") { $0.record(ShopOrder.self, order).version }
        world.clock.advance(seconds: 60)
        try world.act(as: "bob") { try $0.record(ShopOrder.self, order).write(["name": "B", "due": "2026-05-01"]) }
        world.clock.advance(seconds: 60)
        let last = try world.act(as: "ann") { env in
            let record = env.record(ShopOrder.self, order)
            try record.write(["state": "done"])
            return env.now
        }
        let refusal = try stale(world, order, version)
        #expect(refusal.code == "record.stale")
        #expect(refusal.details["changed"] == .list(["state", "name", "due"]))
        let changes = refusal.details["changes"]?.listValue ?? []
        #expect(changes.count == 2)
        #expect(changes.first?.mapValue?["user"]?.listValue?.last == "ann" && changes.last?.mapValue?["user"]?.listValue?.last == "bob")
        #expect(changes.first?.mapValue?["at"] == .instant(last))
        #expect(refusal.message.contains("Changed since: state, name, due."))
        let later = try stale(world, order, version + 1)
        #expect(later.details["changed"] == .list(["state"]))
    }

    @Test("fields that the caller may not see, and secrets, are not among what changed")
    func masked() throws {
        let (world, order) = try world()
        let version = try world.read(as: "ann") { $0.record(ShopOrder.self, order).version }
        try world.act { try $0.record(ShopOrder.self, order).write(["margin": "9", "due": "2026-05-01"]) }
        let refusal = try stale(world, order, version)
        #expect(refusal.details["changed"] == .list(["due"]))
        #expect(!"\(refusal)".contains("margin"))
    }

    @Test("an action from an old version is told the same")
    func actions() throws {
        let (world, order) = try world()
        let version = try world.read(as: "ann") { $0.record(ShopOrder.self, order).version }
        try world.act(as: "bob") { try $0.record(ShopOrder.self, order).write(["name": "B"]) }
        let refusal = #expect(throws: Refusal.self) {
            try world.act(as: "ann", context: ["expected_version": .int(version)]) { (env: Environment) throws in
                _ = try env.records(ShopOrder.self, [order]).call("action_done")
            }
        }
        #expect(refusal?.details["changed"] == .list(["name"]))
    }
}
