import Base
import Kernel
import TestKit
import Testing

@testable import Approvals

/// What changes an order without a write of its own: lines, and values computed from them.
@Suite struct DependentChangeTests {
    private func begun(_ relevant: String, _ more: ValueMap = [:]) throws -> (Ward, order: Int, request: Int) {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"]), try ward.step(["cid"], order: 20)], ["relevant_fields": .text(relevant)])
        let order = try ward.order(6_000, ["line_ids": [[0, 0, ["text": "Pump", "pieces": 2]], [0, 0, ["text": "Tube", "pieces": 5]]]])
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "bob")
        return (ward, order, request)
    }

    private func lines(_ ward: Ward, _ order: Int) throws -> [Int] { try ward.world.act { $0.record(WardOrder.self, order).lines.ids } }

    @Test(
        "agreements are void at once when a line is made, written, moved or taken away",
        arguments: ["made", "written", "moved", "deleted", "by the order"])
    func lines(_ how: String) throws {
        let (ward, order, request) = try begun("name, amount, line_ids")
        let line = try lines(ward, order)[0]
        let other = try ward.order(10)
        try ward.world.act(as: "ann") { env in
            switch how {
            case "made": try env.create(WardLine.self, ["order_id": .int(order), "text": "More"])
            case "written": try env.record(WardLine.self, line).write(["pieces": 3])
            case "moved": try env.record(WardLine.self, line).write(["order_id": .int(other)])
            case "deleted": try env.records(WardLine.self, [line]).unlink()
            default: try env.record(WardOrder.self, order).write(["line_ids": [[1, .int(line), ["pieces": 9]]]])
            }
        }
        #expect(try ward.waiting(request) == ["bob"])
        #expect(try ward.chatter("ward.order", order).contains("1 earlier agreements are void"))
        try ward.call("action_approve", request, as: "bob")
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.isConfirmed(order))
    }

    @Test("agreements are void at once when a stored computed value changes, and stay when it comes out the same")
    func computed() throws {
        let (ward, order, request) = try begun("name, weight")
        let ids = try lines(ward, order)
        try ward.world.act(as: "ann") { env in
            try env.record(WardLine.self, ids[0]).write(["pieces": 3])
            try env.record(WardLine.self, ids[1]).write(["pieces": 4])
        }
        #expect(try ward.waiting(request) == ["cid"], "two and five are seven, and three and four are too")
        try ward.world.act(as: "ann") { env in try env.record(WardLine.self, ids[0]).write(["text": "Other"]) }
        #expect(try ward.waiting(request) == ["cid"])
        try ward.world.act(as: "ann") { env in try env.record(WardLine.self, ids[0]).write(["pieces": 30]) }
        #expect(try ward.waiting(request) == ["bob"])
    }

    @Test("a write that no policy is about costs less than a few microseconds")
    func speed() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])])
        let time = try ward.world.act { env in
            let partner = try env.create(Partner.self, ["name": "P"]).records
            let order = try env.create(WardOrder.self, ["name": "O", "amount": 1]).records
            let field = try partner.model.requireField("phone")
            let clock = ContinuousClock()
            func best(_ body: () throws -> Void) rethrows -> Duration {
                try (0..<5).map { _ in try clock.measure { for _ in 0..<2_000 { try body() } } }.min() ?? .seconds(1)
            }
            let free = try best {
                _ = try ChangeObserver().writing(partner, fields: [field])
                _ = try LineObserver().writing(partner, fields: [field])
            }
            let watched = try best { _ = try ChangeObserver().writing(order, fields: [])?.written() }
            return [free / 2_000, watched / 2_000]
        }
        print("approvals cost \(time[0]) on a write that no policy is about, \(time[1]) where one is and nothing waits")
        #expect(time[0] < .microseconds(20) && time[1] < .microseconds(40))
    }
}
