import Base
import Kernel
import TestKit
import Testing

@testable import Approvals

/// Files that prove something, while people decide about what they prove.
@Suite struct EvidenceTests {
    /// An order with a quote to which bob has agreed, while cid has still to decide.
    private func begun() throws -> (Ward, order: Int, request: Int, quote: Int) {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"]), try ward.step(["cid"], order: 20)], ["document_kinds": "quote"])
        let order = try ward.order()
        let quote = try file(ward, "ward.order", order, "quote")
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "bob")
        #expect(try ward.waiting(request) == ["cid"])
        return (ward, order, request, quote)
    }

    private func file(_ ward: Ward, _ model: String, _ id: Int, _ proves: String?) throws -> Int {
        try ward.world.act(as: "ann") { env in
            try env.create(
                Attachment.self,
                [
                    "name": "q.pdf", "datas": .bytes([1]), "res_model": .text(model), "res_id": .int(id),
                    "evidence_kind": proves.map { .text($0) } ?? .null,
                ]
            ).id
        }
    }

    @Test(
        "agreements are void at once when a file that proves something is added, changed, moved, renamed in kind or deleted",
        arguments: ["added", "changed", "moved", "renamed", "deleted", "added to the request"])
    func changes(_ how: String) throws {
        let (ward, order, request, quote) = try begun()
        let other = try ward.order(10)
        switch how {
        case "added": _ = try file(ward, "ward.order", order, "consent")
        case "added to the request":
            try ward.world.act { env in
                _ = try env.create(
                    Attachment.self,
                    ["name": "n.pdf", "datas": .bytes([9]), "res_model": .text(Request.name), "res_id": .int(request)])
            }
        default:
            try ward.world.act(as: "ann") { env in
                let file = env.record(Attachment.self, quote)
                switch how {
                case "changed": try file.write(["datas": .bytes([2])])
                case "moved": try file.write(["res_id": .int(other)])
                case "renamed": try file.write(["evidence_kind": "consent"])
                default: try file.asSet.unlink()
                }
            }
        }
        #expect(try ward.waiting(request) == ["bob"])
        let said = try ward.chatter("ward.order", order)
        #expect(said.contains("changed the documents: 1 earlier agreements are void"))
    }

    @Test("a file that proves nothing, and one of another record, leave agreements as they are")
    func others() throws {
        let (ward, order, request, quote) = try begun()
        _ = try file(ward, "ward.order", order, nil)
        _ = try file(ward, "ward.order", try ward.order(10), "quote")
        try ward.world.act(as: "ann") { env in try env.record(Attachment.self, quote).write(["name": "better name.pdf"]) }
        #expect(try ward.waiting(request) == ["cid"])
    }

    @Test("the void agreement is undone with the change that is undone")
    func sameUnit() throws {
        let (ward, _, request, quote) = try begun()
        ward.refused("test.stop") {
            try ward.world.act(as: "ann") { env in
                try env.record(Attachment.self, quote).write(["datas": .bytes([3])])
                throw Refusal("test.stop", .userError, "Stop.", instruction: "Go on.")
            }
        }
        #expect(try ward.waiting(request) == ["cid"])
    }

    @Test("nobody agrees while a document that is required is missing, even if it was there when approval was asked for")
    func missing() throws {
        let (ward, order, request, quote) = try begun()
        try ward.world.act(as: "ann") { env in try env.records(Attachment.self, [quote]).unlink() }
        ward.refused("approval.document_missing") { try ward.call("action_approve", request, as: "bob") }
        _ = try file(ward, "ward.order", order, "quote")
        try ward.call("action_approve", request, as: "bob")
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.isConfirmed(order))
    }

    @Test("a request by hand begins again when one of its files changes")
    func byHand() throws {
        let ward = try Ward()
        let request = try ward.world.act { env in
            let seats = try ward.ids(["bob", "cid"]).map { Value.list([0, 0, ["user_id": .int($0)]]) }
            let category = try env.create(
                Category.self,
                ["name": "Travel", "approval_minimum": 2, "requirer_document": "required", "approver_ids": .list(seats)])
            return category.id
        }
        let id = try ward.world.act(as: "ann") { env in
            try env.create(Request.self, ["name": "Berlin", "category_id": .int(request)]).id
        }
        let ticket = try file(ward, Request.name, id, nil)
        try ward.call("action_confirm", id, as: "ann")
        try ward.call("action_approve", id, as: "bob")
        try ward.world.act(as: "ann") { env in try env.record(Attachment.self, ticket).write(["datas": .bytes([7])]) }
        #expect(try ward.waiting(id) == ["bob", "cid"])
        try ward.world.act(as: "ann") { env in try env.records(Attachment.self, [ticket]).unlink() }
        ward.refused("approval.document_missing") { try ward.call("action_approve", id, as: "bob") }
    }
}
