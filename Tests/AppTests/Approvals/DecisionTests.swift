import Base
import Exceptions
import Kernel
import Messaging
import TestKit
import Testing

@testable import Approvals

@Suite struct DecisionTests {
    @Test("a decision carries who, for whom, when, its meaning, a comment and what was seen")
    func whatADecisionCarries() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"], ["meaning": "review"])])
        let request = try ward.confirm(try ward.order())
        try ward.call("action_approve", request, as: "bob", ["comment": "Looks right"])
        let bob = try ward.id("bob")
        try ward.world.act { env in
            let decision = try #require(env.record(Request.self, request).decisions.first)
            #expect(decision.user?.id == bob && decision.delegator == nil && decision.printedName == "bob")
            #expect(decision.decidedOn == env.now && decision.meaning == .review && decision.comment == "Looks right")
            #expect(decision.seen.count == 64 && decision.seenVersion > 0)
            let isSound = try Decision.isSound(decision)
            #expect(isSound)
        }
    }

    @Test("nobody writes, copies or deletes a decision, the machine included")
    func decisionsAreFinal() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"], quorum: 2)])
        let request = try ward.confirm(try ward.order())
        try ward.call("action_approve", request, as: "bob")
        let id = try ward.world.act { $0.record(Request.self, request).decisions.ids[0] }
        ward.refused("approval.decision_final") { try ward.world.act { try $0.record(Decision.self, id).write(["comment": "x"]) } }
        ward.refused("approval.decision_final") { try ward.world.act { try $0.records(Decision.self, [id]).unlink() } }
        ward.refused("approval.decision_final") { try ward.world.act { _ = try $0.records(Decision.self, [id]).records.copy() } }
        ward.refused("access.denied") { try ward.world.act(as: "mia") { try $0.record(Decision.self, id).write(["comment": "x"]) } }
        ward.refused("record.restricted") { try ward.world.act { try $0.records(Request.self, [request]).unlink() } }
    }

    @Test("a decision that was changed behind the machine's back does not count")
    func tampering() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"], quorum: 2)])
        let order = try ward.order()
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "bob")
        try ward.world.database.systemBlocking { connection in
            _ = try connection.run("UPDATE approval_decision SET meaning = 'authorship'", [])
        }
        ward.refused("approval.other_version") { try ward.call("action_approve", request, as: "cid") }
        #expect(try !ward.isConfirmed(order))
    }

    @Test("when the record changes in a field that counts, earlier agreements are void and the chain begins again, as the chatter says")
    func changedRecord() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"], quorum: 2)])
        let order = try ward.order()
        let request = try ward.confirm(order)
        let seen = try ward.world.act { $0.record(Request.self, request).seen }
        try ward.call("action_approve", request, as: "bob")
        try ward.world.act(as: "ann") { env in try env.record(WardOrder.self, order).write(["note": "does not count"]) }
        #expect(try ward.waiting(request) == ["cid"])
        try ward.world.act(as: "ann") { env in try env.record(WardOrder.self, order).write(["amount": 60_000]) }
        #expect(try ward.waiting(request) == ["bob", "cid"])
        #expect(try ward.chatter("ward.order", order).contains("begins again"))
        ward.refused("approval.other_version") { try ward.call("action_approve", request, as: "cid", ["seen": .text(seen)]) }
        try ward.call("action_approve", request, as: "cid")
        #expect(try !ward.isConfirmed(order))
        try ward.call("action_approve", request, as: "bob")
        #expect(try ward.isConfirmed(order))
    }

    @Test("whoever changes the record while it waits cannot agree to it any more, and a chain without people gets an owner")
    func changedByApprover() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"])])
        let order = try ward.order()
        let request = try ward.confirm(order)
        try ward.world.act(as: "bob") { env in try env.record(WardOrder.self, order).write(["amount": 7_000]) }
        #expect(try ward.waiting(request) == ["cid"])
        ward.refused("approval.barred") { try ward.call("action_approve", request, as: "bob") }
        try ward.world.act(as: "cid") { env in try env.record(WardOrder.self, order).write(["amount": 8_000]) }
        let raised = try ward.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "approval.no_approver")).first.map {
                ($0.displayedName, $0.user != nil)
            }
        }
        #expect(raised?.0.contains("Orders above 5,000") == true && raised?.1 == true)
        // Tried again while nobody is there, and once somebody is.
        func retry() throws -> Value? {
            try ward.world.act { env in
                let cases = try env.search(ExceptionCase.self, .where("cause", .equal, "approval.no_approver"))
                return try cases.call("action_retry").listValue?.first?.mapValue?["retried"]
            }
        }
        #expect(try retry() == false)
        let dora = try ward.id("dora")
        try ward.world.act { env in try env.search(PolicyStep.self).write(["user_ids": .list([[6, 0, .ids([dora])]])]) }
        #expect(try retry() == true)
        #expect(try ward.waiting(request) == ["dora"])
    }

    @Test("a refusal ends the request, whoever else has agreed")
    func refusal() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid", "dora"], quorum: 2)])
        let order = try ward.order()
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "bob")
        try ward.call("action_refuse", request, as: "cid", ["comment": "Too dear"])
        #expect(try ward.status(request) == .refused)
        #expect(try !ward.isConfirmed(order))
        #expect(try ward.chatter("ward.order", order).contains("Too dear"))
        #expect(try ward.confirm(order) != request)
    }

    @Test("an approver asks, the request waits for the answer, and goes on")
    func askForInformation() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"])])
        let request = try ward.confirm(try ward.order())
        try ward.call("action_ask", request, as: "bob", ["question": "Why so many?"])
        ward.refused("approval.question_open") { try ward.call("action_approve", request, as: "cid") }
        ward.refused("approval.not_owner") { try ward.call("action_answer", request, as: "cid", ["answer": "x"]) }
        try ward.call("action_answer", request, as: "ann", ["answer": "Two wards"])
        try ward.call("action_approve", request, as: "cid")
        #expect(try ward.status(request) == .approved)
        #expect(try ward.chatter("approval.request", request).contains("Two wards"))
    }

    @Test("the requester recalls what is not decided yet, and an approver takes back an agreement")
    func recallAndWithdraw() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"], quorum: 2)])
        let order = try ward.order()
        let request = try ward.confirm(order)
        try ward.call("action_approve", request, as: "bob")
        try ward.call("action_withdraw", request, as: "bob")
        #expect(try ward.waiting(request) == ["bob", "cid"])
        #expect(try ward.decisions(request) == 2)
        ward.refused("approval.not_owner") { try ward.call("action_cancel", request, as: "cid") }
        try ward.call("action_cancel", request, as: "ann")
        #expect(try ward.status(request) == .cancel)
        ward.refused("action.not_possible") { try ward.call("action_approve", request, as: "bob") }
    }

    @Test("many requests are decided in one call, and those that cannot be say why")
    func bulk() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"])])
        let requests = try [try ward.order(), try ward.order(by: "bob")].enumerated().map { place, order in
            try ward.confirm(order, as: place == 0 ? "ann" : "bob")
        }
        let answer = try ward.world.act(as: "bob") { env in
            let method = try #require(env.registry.model("approval.request")?.method("decide"))
            return try method.body(env.records("approval.request", requests), ["decision": "approve"])
        }
        let lines = answer.listValue?.compactMap(\.mapValue) ?? []
        #expect(lines.map { $0["done"] } == [true, false])
        #expect(lines.last?["code"] == "approval.barred")
    }

    @Test("who has not decided in time is reminded, then the next person is asked, then it gets an owner")
    func escalation() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"], ["deadline_hours": 4, "escalation_user_id": .int(try ward.id("dora"))])])
        let request = try ward.confirm(try ward.order())
        try ward.world.act { env in try ApprovalTimers.act(request: request, round: 1, step: 0, level: 1, env) }
        try ward.world.act { env in
            let bob = try env.search(User.self, .where("login", .equal, "bob")).first?.partner?.id ?? 0
            let reminders = try env.count(Message.self, .where("partner_ids", .in, .ids([bob])))
            #expect(reminders == 1)
        }
        try ward.world.act { env in try ApprovalTimers.act(request: request, round: 1, step: 0, level: 2, env) }
        #expect(try ward.waiting(request) == ["bob", "dora"])
        try ward.world.act { env in try ApprovalTimers.act(request: request, round: 1, step: 0, level: 3, env) }
        let overdue = try ward.world.act { env in try env.count(ExceptionCase.self, .where("cause", .equal, "approval.overdue")) }
        #expect(overdue == 1)
        let keys = try ward.world.database.inspectBlocking { connection in
            try connection.query("SELECT unique_key FROM baton_job WHERE queue = 'approvals' ORDER BY id", [], [.text]).compactMap(
                \.textValue)
        }
        #expect(keys == (1...3).map { "approval:\(request):1:0:\($0)" })
        try ward.call("action_approve", request, as: "dora")
        #expect(try ward.status(request) == .approved)
    }

    @Test("two approvers at once, one action run")
    func twoAtOnce() async throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob", "cid"])])
        for _ in 0..<8 {
            let order = try ward.order()
            let request = try ward.confirm(order)
            let users = try ["bob", "cid"].map { try ward.world.user($0) }
            let done = await withTaskGroup(of: Bool.self) { group in
                for user in users {
                    group.addTask {
                        do {
                            try await ward.world.database.write(as: user) { env in
                                _ = try env.records(Request.self, [request]).call("action_approve")
                            }
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
            #expect(try ward.times(order) == 1)
            #expect(try ward.decisions(request) == 1)
        }
    }
}
