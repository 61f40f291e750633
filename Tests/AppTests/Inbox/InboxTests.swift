import Base
import Exceptions
import Inbox
import Kernel
import Messaging
import TestKit
import Testing

@testable import Approvals

@Suite struct InboxTests {
    private func ask(_ world: World, _ method: String, as login: String, _ arguments: ValueMap = [:]) throws -> Value {
        try world.act(as: login) { env in
            let model = try env.registry.requireModel("inbox.item")
            return try model.method(method)?.body(Records(model, [], env), arguments) ?? .null
        }
    }

    @Test("approvals, activities, exceptions and messages of one person are one list with counts, and nobody sees another's")
    func oneList() throws {
        let world = try World()
        try world.makeUser("ann", groups: ["crm.group_user", "exceptions.group_user"])
        try world.makeUser("bob", groups: ["crm.group_user", "exceptions.group_user"])
        let bob = try world.user("bob").id
        let partner = try #require(try world.user("bob").partnerId)
        try world.act { env in
            let lines: Value = .list([[0, 0, ["user_id": .int(bob)]]])
            try env.create(Category.self, ["name": "Trip", "approver_ids": lines])
            try env.create(ExceptionCase.self, ["name": "Broken", "cause": "test", "user_id": .int(bob)])
        }
        try world.act(as: "ann") { env in
            let category = try env.search(Category.self).first?.id ?? 0
            let request = try env.create(Request.self, ["name": "Congress", "category_id": .int(category)])
            _ = try request.asSet.call("action_confirm")
            let lead = try env.create(env.registry.requireModel("crm.lead"), [["name": "Lead"]])
            try env.create(
                Activity.self, ["res_model": "crm.lead", "res_id": .int(lead.ids[0]), "summary": "Call them", "user_id": .int(bob)])
            var post = Post(body: "<p>Please look</p>")
            post.recipients = [partner]
            _ = try Chatter.post(on: lead, post)
        }
        let counts = try ask(world, "counts", as: "bob").mapValue
        #expect(counts?["approval"] == 1 && counts?["activity"] == 1 && counts?["exception"] == 1 && counts?["message"] == 1)
        #expect(counts?["total"] == 4)
        let items = try ask(world, "items", as: "bob").listValue?.compactMap(\.mapValue) ?? []
        #expect(items.compactMap { $0["kind"]?.textValue } == ["approval", "activity", "exception", "message"])
        #expect(items.compactMap { $0["name"]?.textValue } == ["Congress", "Call them", "Broken", "Please look"])
        let page = try ask(world, "items", as: "bob", ["limit": 2, "offset": 1]).listValue?.compactMap { $0.mapValue?["kind"]?.textValue }
        #expect(page == ["activity", "exception"])
        let others = try ask(world, "counts", as: "ann").mapValue
        #expect(others?["total"] == 0)
        let message = try #require(items.last?["id"])
        _ = try ask(world, "mark_read", as: "bob", ["message_ids": .list([message])])
        #expect(try ask(world, "counts", as: "bob").mapValue?["message"] == 0)
    }
}
