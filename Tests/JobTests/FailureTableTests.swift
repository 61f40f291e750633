import Automation
import Base
import Exceptions
import Kernel
import Store
import TestKit
import Testing

/// The one queue of exceptions, for every kind of thing that fails.
@Suite struct FailureTableTests {
    private func cases(_ plant: Plant, _ failing: Failing) throws -> [Int] {
        try plant.world.act { env in try env.search(ExceptionCase.self, .where("cause", .equal, .text(failing.cause)), order: "id").ids }
    }

    private func retry(_ plant: Plant, _ ids: [Int]) async throws {
        let answer = try plant.world.act(as: "olga") { env in try env.records(ExceptionCase.self, ids).call("action_retry") }
        for outcome in answer.listValue ?? [] { #expect(outcome.mapValue?["retried"] == true, "\(outcome)") }
        try await plant.work()
    }

    private func standing(_ plant: Plant, _ id: Int) throws -> (state: ExceptionCase.State?, times: Int, history: Int, retries: Int) {
        try plant.world.act { env in
            let item = env.record(ExceptionCase.self, id)
            return (item.state, item.occurrences, item.history.count, item.retries)
        }
    }

    @Test(
        "what fails makes one exception with everything on it; a retry that fails opens it again with its history; mended, it is done once",
        arguments: Failing.all)
    func table(_ failing: Failing) async throws {
        let plant = try Plant()
        try await failing.fail(plant)
        let ids = try cases(plant, failing)
        try #require(ids.count == 1)
        let id = ids[0]
        try plant.world.act { env in
            let item = env.record(ExceptionCase.self, id)
            #expect(item.kind == failing.kind && item.source == failing.kind && item.state == .open)
            #expect(item.user?.id == 2 && item.deadline != nil && !item.remedy.isEmpty && !item.displayedName.isEmpty)
            #expect(item.occurrences == 1 && item.history.count == 1)
            #expect(!item.recordModel.isEmpty || !item.reference.isEmpty)
        }
        try await retry(plant, ids)
        #expect(try cases(plant, failing) == ids, "the same cause is grouped")
        var now = try standing(plant, id)
        #expect(now.state == .open && now.times == 2 && now.history == 2 && now.retries == 1)
        #expect(try failing.done(plant) == 0)
        try failing.mend(plant)
        try await retry(plant, ids)
        now = try standing(plant, id)
        #expect(now.state == .resolved && now.times == 2 && now.retries == 2)
        #expect(try failing.done(plant) == 1)
        try await plant.work()
        #expect(try failing.done(plant) == 1 && cases(plant, failing) == ids, "it is done once")
    }

    @Test("many exceptions of all kinds are tried again at once, and each is done once")
    func bulk() async throws {
        let plant = try Plant()
        let some = Failing.all.filter { $0.kind != "automation" && $0.cause != "webhook.call_failed" }
        for failing in some { try await failing.fail(plant) }
        let ids = try plant.world.act { env in try env.search(ExceptionCase.self).ids }
        #expect(ids.count == some.count)
        plant.isBroken.withLock { $0 = false }
        try await retry(plant, ids)
        let open = try plant.world.act { env in try env.search(ExceptionCase.self, .where("state", .notEqual, "resolved")).count }
        #expect(open == 0)
        #expect(plant.done.withLock { $0 } == some.count)
    }

    @Test("what cannot be tried again stays open and says why, and the others are tried")
    func impossible() async throws {
        let plant = try Plant()
        try await Failing.all[0].fail(plant)
        let gone = try plant.world.act { env in
            try ExceptionCase.raise("schedule.failed", "Gone", remedy: "None.", source: "schedules", reference: "none", in: env).id
        }
        let ids = try cases(plant, Failing.all[0])
        let answer = try plant.world.act(as: "olga") { env in try env.records(ExceptionCase.self, ids).call("action_retry") }
        let outcomes = answer.listValue?.compactMap(\.mapValue) ?? []
        #expect(outcomes.first { $0["id"] == .int(gone) }?["retried"] == false)
        #expect(outcomes.count { $0["retried"] == true } == 1)
        #expect(try standing(plant, gone).state == .open)
    }

    @Test("a rule that refuses a change on purpose, and a change that fails without a rule, raise nothing")
    func onPurpose() async throws {
        let plant = try Plant()
        let id = try plant.world.act { env in
            let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "res.partner"), limit: 1).first).id
            let action: ValueMap = ["state": "code", "model_id": .int(model), "code": "throw new UserError('Not today.')"]
            let rule: ValueMap = [
                "name": "Closed", "model_id": .int(model), "trigger": "on_write",
                "action_server_ids": .list([.list([0, 0, .map(action)])]),
            ]
            try env.create(AutomationRule.self, rule)
            return try env.create(Partner.self, ["name": "Site"]).id
        }
        let refusal = #expect(throws: Refusal.self) {
            try plant.world.act(as: "olga") { env in try env.record(Partner.self, id).write(["name": "Clinic"]) }
        }
        #expect(refusal?.kind == .userError && refusal?.details["base_automation"] != nil)
        #expect(throws: Refusal.self) { try plant.world.act(as: "olga") { env in try env.record(Partner.self, id).write(["nothing": 1]) } }
        try await Task.sleep(for: .milliseconds(300))
        #expect(try plant.world.act { try $0.count(ExceptionCase.self) } == 0)
    }
}
