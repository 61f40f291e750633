import Base
import Engine
import Exceptions
import Kernel
import Messaging
import Store
import TestKit
import Testing

@testable import Approvals

/// The timers of approvals, run by real runners while the clock goes on.
@Suite struct TimerTests {
    private func runner(_ ward: Ward) -> JobRunner {
        JobRunner(
            database: ward.world.database, handlers: ApprovalTimers.handlers,
            options: JobOptions(queues: [JobOptions.Queue(ApprovalTimers.queue)]))
    }

    /// Lets time pass and two runners work at once.
    private func pass(_ seconds: Int, _ ward: Ward) async throws -> Int {
        ward.world.clock.advance(seconds: seconds)
        let (one, two) = (runner(ward), runner(ward))
        async let first = one.drain()
        async let second = two.drain()
        return try await first + second
    }

    private func reminders(_ ward: Ward, of login: String) throws -> Int {
        let partner = try ward.world.user(login).partnerId ?? 0
        return try ward.world.act { env in
            try env.count(
                Message.self, .where("partner_ids", .in, .ids([partner])) & .where("body", .like, "still waits for your decision"))
        }
    }

    private func overdue(_ ward: Ward) throws -> Int {
        try ward.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "approval.overdue")).reduce(0) { $0 + $1.occurrences }
        }
    }

    @Test("reminder, next person and exception come at their hours, once each, with two runners at work")
    func course() async throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"], ["deadline_hours": 4, "escalation_user_id": .int(try ward.id("dora"))])])
        let request = try ward.confirm(try ward.order())
        #expect(try await pass(4 * 3_600 - 1, ward) == 0)
        #expect(try reminders(ward, of: "bob") == 0)
        #expect(try await pass(1, ward) == 1)
        #expect(try reminders(ward, of: "bob") == 1)
        #expect(try ward.waiting(request) == ["bob"])
        #expect(try await pass(3_600, ward) == 0, "nothing twice")
        #expect(try await pass(3 * 3_600, ward) == 1)
        #expect(try ward.waiting(request) == ["bob", "dora"])
        #expect(try reminders(ward, of: "bob") == 1)
        #expect(try await pass(4 * 3_600, ward) >= 1)
        #expect(try overdue(ward) == 1)
        _ = try await pass(40 * 3_600, ward)
        #expect(try overdue(ward) <= 2, "one for the step of each seat at most")
        try ward.call("action_approve", request, as: "dora")
        #expect(try ward.status(request) == .approved)
    }

    @Test("timers of a step that was decided, and of a chain that began again, do nothing")
    func stale() async throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"], ["deadline_hours": 4]), try ward.step(["cid"], order: 20, ["deadline_hours": 2])])
        let order = try ward.order()
        let request = try ward.confirm(order)
        ward.world.clock.advance(seconds: 3_600)
        try ward.call("action_approve", request, as: "bob")
        #expect(try await pass(2 * 3_600, ward) == 1)
        #expect(try reminders(ward, of: "cid") == 1)
        try ward.world.act(as: "ann") { env in try env.record(WardOrder.self, order).write(["amount": 9_000.0]) }
        #expect(try ward.waiting(request) == ["bob"])
        _ = try await pass(3 * 3_600, ward)
        #expect(try reminders(ward, of: "bob") == 0, "the first round's timer has run, the second round's is an hour away")
        #expect(try reminders(ward, of: "cid") == 1)
        _ = try await pass(3_600, ward)
        #expect(try reminders(ward, of: "bob") == 1)
    }

    @Test("deadlines and next persons of a decision table run as those of a policy")
    func fromTable() async throws {
        let ward = try Ward()
        try ward.table(
            "ward.late",
            [
                "hit_policy": "rule_order", "inputs": [["name": "amount", "type": "number"]],
                "outputs": [
                    ["name": "kind", "type": "string"], ["name": "who", "type": "string"], ["name": "deadline", "type": "integer"],
                    ["name": "escalation", "type": "string"],
                ],
                "rules": [["then": ["kind": "\"users\"", "who": "\"bob\"", "deadline": 1, "escalation": "\"eve\""]]],
            ])
        try ward.policy([["name": "By table", "kind": "table", "table_key": "ward.late"]])
        let request = try ward.confirm(try ward.order())
        _ = try await pass(3_600, ward)
        #expect(try reminders(ward, of: "bob") == 1)
        _ = try await pass(3_600, ward)
        #expect(try ward.waiting(request) == ["bob", "eve"])
    }
}
