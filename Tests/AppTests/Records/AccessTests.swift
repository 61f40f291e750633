import Base
import Kernel
import Messaging
import TestKit
import Testing

@Suite struct AccessTests {
    private func world() throws -> (World, Int, Int) {
        let world = try ShopApp.world()
        let other = try world.act { env in try env.create(Company.self, ["name": "Other"]).id }
        try world.makeUser("ann", groups: ["shop.group_user"])
        try world.makeUser("bob", groups: ["shop.group_user"], companies: [other])
        try world.makeUser("eve", groups: ["base.group_user"])
        try world.makeUser("aud", groups: ["shop.group_auditor"])
        let order = try world.act(as: "ann") { env in try env.create(ShopOrder.self, ["name": "A"]).id }
        return (world, order, other)
    }

    @Test("without a right nothing works, and the refusal says so")
    func withoutARightNothingWorks() throws {
        let (world, order, _) = try world()
        #expect(throws: Refusal.self) { try world.read(as: "eve") { env in _ = try env.search(ShopOrder.self) } }
        #expect(throws: Refusal.self) { try world.read(as: "eve") { env in _ = env.record(ShopOrder.self, order).displayedName } }
        #expect(throws: Refusal.self) { try world.act(as: "aud") { env in try env.record(ShopOrder.self, order).write(["name": "B"]) } }
    }

    @Test("another company's records are not found, not read, not written, not deleted")
    func anotherCompanysRecordsAreOutOfReach() throws {
        let (world, order, _) = try world()
        #expect(try world.read(as: "bob") { env in try env.search(ShopOrder.self).ids } == [])
        for attempt in Attempt.allCases {
            do {
                try world.act(as: "bob") { env in try attempt.run(env, order) }
                Issue.record("\(attempt) went through")
            } catch let refusal as Refusal { #expect(["access.rule", "access.company"].contains(refusal.code), "\(attempt): \(refusal)") }
        }
    }

    private enum Attempt: String, CaseIterable, Sendable {
        case read, write, unlink, act, message, move

        func run(_ env: Environment, _ order: Int) throws {
            let record = env.record(ShopOrder.self, order)
            switch self {
            case .read: _ = try record.value("name")
            case .write: try record.write(["name": "B"])
            case .unlink: try record.asSet.unlink()
            case .act: _ = try record.asSet.call("action_done")
            case .message: _ = try Chatter.post(on: record.records, Post(body: "<p>x</p>"))
            case .move: _ = try env.create(ShopOrder.self, ["name": "C", "company_id": 1])
            }
        }
    }

    @Test("messages are read by whoever may read the record, and by nobody else")
    func messagesFollowTheirRecord() throws {
        let (world, order, _) = try world()
        try world.act(as: "ann") { env in _ = try Chatter.post(on: env.record(ShopOrder.self, order).records, Post(body: "<p>hello</p>")) }
        let seen: @Sendable (String) throws -> Int = { login in
            try world.read(as: login) { env in try env.search(Message.self, .where("model", .equal, "shop.order")).count }
        }
        #expect(try seen("ann") == 2)
        #expect(try seen("bob") == 0)
        #expect(try seen("eve") == 0)
        #expect(try seen("aud") == 0)
        try world.act(as: "ann") { env in _ = try env.records(ShopOrder.self, [order]).call("action_done") }
        #expect(try seen("aud") > 0)
    }

    @Test("a masked field is neither read, written nor searched")
    func aMaskedFieldIsClosed() throws {
        let (world, order, _) = try world()
        #expect(throws: Refusal.self) { try world.act(as: "ann") { env in try env.record(ShopOrder.self, order).write(["margin": "9"]) } }
        #expect(throws: Refusal.self) {
            try world.act(as: "ann") { env in _ = try env.create(ShopOrder.self, ["name": "x", "margin": "9"]) }
        }
        #expect(throws: Refusal.self) {
            try world.read(as: "ann") { env in _ = try env.search(ShopOrder.self, .where("margin", .equal, "9")) }
        }
    }

    @Test("rules of several groups add up")
    func rulesOfSeveralGroupsAddUp() throws {
        let (world, order, _) = try world()
        try world.makeUser("both", groups: ["shop.group_user", "shop.group_auditor"])
        #expect(try world.read(as: "aud") { env in try env.search(ShopOrder.self).ids } == [])
        #expect(try world.read(as: "both") { env in try env.search(ShopOrder.self).ids } == [order])
    }

    @Test("the context cannot widen the companies")
    func theContextCannotWidenTheCompanies() throws {
        let (world, _, other) = try world()
        #expect(throws: Refusal.self) {
            try world.read(as: "ann", context: ["allowed_company_ids": .list([1, .int(other)])]) { env in _ = try env.search(ShopOrder.self)
            }
        }
    }

    @Test("a write from an old version is refused and says which version there is")
    func aStaleWriteIsRefused() throws {
        let (world, order, _) = try world()
        let version = try world.read(as: "ann") { env in env.record(ShopOrder.self, order).version }
        try world.act(as: "ann", context: ["expected_version": .int(version)]) { env in
            try env.record(ShopOrder.self, order).write(["name": "B"])
        }
        do {
            try world.act(as: "ann", context: ["expected_version": .int(version)]) { env in
                try env.record(ShopOrder.self, order).write(["name": "C"])
            }
            Issue.record("a stale write went through")
        } catch let refusal as Refusal {
            #expect(refusal.code == "record.stale")
            #expect(refusal.details["version"] == .int(version + 1))
        }
    }

    @Test("the server offers the actions that this user may take in this state")
    func theServerOffersActions() throws {
        let (world, order, _) = try world()
        let offered: @Sendable (String) throws -> [String] = { login in
            try world.read(as: login) { env in try env.record(ShopOrder.self, order).records.availableActions(order).map(\.name) }
        }
        #expect(try offered("ann") == ["action_done"])
        try world.act(as: "ann") { env in _ = try env.records(ShopOrder.self, [order]).call("action_done") }
        #expect(try offered("ann") == [])
        #expect(try offered("aud") == [])
        do {
            try world.act(as: "ann") { env in _ = try env.records(ShopOrder.self, [order]).call("action_done") }
            Issue.record("an action ran twice")
        } catch let refusal as Refusal { #expect(refusal.code == "action.not_possible") }
    }
}
