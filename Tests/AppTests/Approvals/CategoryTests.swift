import Base
import Kernel
import Messaging
import TestKit
import Testing

@testable import Approvals

@Suite struct CategoryTests {
    private func category(_ ward: Ward, _ approvers: [(String, Bool)], _ more: ValueMap = [:]) throws -> Int {
        let lines = try approvers.enumerated().map { place, row in
            Value.list([0, 0, ["user_id": .int(try ward.id(row.0)), "required": .bool(row.1), "sequence": .int(place)]])
        }
        return try ward.world.act { env in
            let values: ValueMap = ["name": "Trip", "approver_ids": .list(lines), "approval_minimum": 1]
            return try env.create(Category.self, values.merging(more)).id
        }
    }

    private func request(_ ward: Ward, _ category: Int, _ more: ValueMap = [:]) throws -> Int {
        try ward.world.act(as: "ann") { env in
            let values: ValueMap = ["name": "Congress", "category_id": .int(category)]
            return try env.create(Request.self, values.merging(more)).id
        }
    }

    @Test("a request is approved with the minimum, when all required approvers are among it")
    func minimumAndRequired() throws {
        let ward = try Ward()
        let id = try request(ward, try category(ward, [("bob", true), ("cid", false), ("dora", false)], ["approval_minimum": 2]))
        #expect(try ward.status(id) == .new)
        try ward.call("action_confirm", id, as: "ann")
        #expect(try ward.waiting(id) == ["bob", "cid", "dora"])
        try ward.call("action_approve", id, as: "cid")
        try ward.call("action_approve", id, as: "dora")
        #expect(try ward.status(id) == .pending)
        try ward.call("action_approve", id, as: "bob")
        #expect(try ward.status(id) == .approved)
    }

    @Test("in sequence the next approver waits for the one before")
    func inSequence() throws {
        let ward = try Ward()
        let bob = try ward.id("bob")
        let ann = try ward.id("ann")
        try ward.world.act { try $0.record(User.self, ann).write(["manager_id": .int(bob)]) }
        let id = try request(
            ward, try category(ward, [("cid", true)], ["approver_sequence": true, "manager_approval": "required", "approval_minimum": 2]))
        try ward.call("action_confirm", id, as: "ann")
        #expect(try ward.waiting(id) == ["bob"])
        try ward.call("action_approve", id, as: "bob")
        #expect(try ward.waiting(id) == ["cid"])
        try ward.call("action_approve", id, as: "cid")
        #expect(try ward.status(id) == .approved)
    }

    @Test("what a category requires must be there before a request is submitted")
    func requirements() throws {
        let ward = try Ward()
        let category = try category(ward, [("bob", false)], ["has_amount": "required", "requirer_document": "required"])
        let id = try request(ward, category)
        ward.refused("field.required") { try ward.call("action_confirm", id, as: "ann") }
        try ward.world.act(as: "ann") { try $0.record(Request.self, id).write(["amount": 10]) }
        ward.refused("approval.document_missing") { try ward.call("action_confirm", id, as: "ann") }
        try ward.world.act(as: "ann") { env in
            _ = try env.create(
                Attachment.self, ["name": "a", "datas": .bytes([1]), "res_model": "approval.request", "res_id": .int(id)])
        }
        try ward.call("action_confirm", id, as: "ann")
        #expect(try ward.status(id) == .pending)
        ward.refused("approval.submitted") { try ward.world.act(as: "ann") { try $0.record(Request.self, id).write(["amount": 99]) } }
        ward.refused("approval.by_action_only") {
            try ward.world.act(as: "ann") { try $0.record(Request.self, id).write(["request_status": "approved"]) }
        }
        try ward.call("action_cancel", id, as: "ann")
        try ward.call("action_draft", id, as: "ann")
        #expect(try ward.status(id) == .new)
    }

    @Test("nobody approves their own request, and only those concerned see it")
    func ownRequest() throws {
        let ward = try Ward()
        let id = try request(ward, try category(ward, [("ann", false), ("bob", false)]))
        try ward.call("action_confirm", id, as: "ann")
        #expect(try ward.waiting(id) == ["bob"])
        ward.refused("action.not_possible") { try ward.call("action_approve", id, as: "ann") }
        ward.refused("access.rule") { try ward.call("action_approve", id, as: "cid") }
        ward.refused("approval.foreign_owner") { _ = try request(ward, 1, ["request_owner_id": .int(try ward.id("bob"))]) }
        let activities = try ward.world.act { env in
            try env.search(Activity.self, .where("res_model", .equal, "approval.request")).map { $0.user?.login }
        }
        #expect(activities == ["bob"])
    }
}
