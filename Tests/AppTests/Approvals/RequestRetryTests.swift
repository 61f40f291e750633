import Exceptions
import Kernel
import TestKit
import Testing

@testable import Approvals

@Suite struct RequestRetryTests {
    @Test("a request that nobody could decide stays open while nobody can, and goes to whoever may decide by now")
    func nobody() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"])])
        let order = try ward.order()
        let request = try ward.confirm(order)
        for (login, amount) in [("bob", 7_000.0), ("cid", 8_000.0)] {
            try ward.world.act(as: login) { env in try env.record(WardOrder.self, order).write(["amount": .double(amount)]) }
        }
        func retry() throws -> Bool {
            try ward.world.act { env in
                let open = try env.search(ExceptionCase.self, .where("state", .equal, "open"))
                #expect(open.count == 1 && open.first?.recordModel == "approval.request")
                return try open.call("action_retry").listValue?.first?.mapValue?["retried"] == true
            }
        }
        #expect(try !retry())
        let dora = try ward.id("dora")
        try ward.world.act { env in try env.search(PolicyStep.self).write(["user_ids": .list([[4, .int(dora)]])]) }
        #expect(try retry())
        #expect(try ward.waiting(request) == ["dora"])
        try ward.call("action_approve", request, as: "dora")
        #expect(try ward.isConfirmed(order) && ward.times(order) == 1)
        let states = try ward.world.act { env in try env.search(ExceptionCase.self).map(\.state) }
        #expect(states == [.resolved])
    }
}
