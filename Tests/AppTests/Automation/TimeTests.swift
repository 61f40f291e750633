import Automation
import Base
import Engine
import Exceptions
import Kernel
import Schedules
import TestKit
import Testing

@Suite struct TimeTests {
    private let count = [Desk.set("mark", "due")]

    private func check(_ desk: Desk, _ rule: Int) async { await AutomationTime.check(rule, on: desk.world.database) }

    @Test("a rule after a date runs once when the delay is over, and not again")
    func afterADate() async throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        let rule = try desk.rule(
            "R", "on_time", ["trg_date_id": .int(due), "trg_date_range": 2, "trg_date_range_type": "hour"], actions: count)
        await check(desk, rule)
        let id = try desk.ticket(["due": .instant(desk.world.clock.now)])
        desk.world.clock.advance(seconds: 2 * 3_600)
        await check(desk, rule)
        // The window ends before its last second.
        #expect(try desk.mark(id) == "")
        desk.world.clock.advance(seconds: 1)
        await check(desk, rule)
        #expect(try desk.mark(id) == "due")
        try desk.write(id, ["mark": ""])
        desk.world.clock.advance(seconds: 600)
        await check(desk, rule)
        #expect(try desk.mark(id) == "")
    }

    @Test("the check of times is a schedule that every database has: a rule runs without anybody asking for it")
    func theScheduleChecks() async throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        _ = try desk.rule("R", "on_time", ["trg_date_id": .int(due), "trg_date_range": 1, "trg_date_range_type": "hour"], actions: count)
        let database = desk.world.database
        let queues = [Dispatch.queue, AutomationTime.queue].map { JobOptions.Queue($0, concurrency: 1) }
        let runner = JobRunner(
            database: database, handlers: [CronRunner(database).handler, AutomationTime.handler(database)],
            options: JobOptions(queues: queues))
        try desk.world.act { try CronKeeper.mend($0) }
        try await runner.drain()
        let id = try desk.ticket(["due": .instant(desk.world.clock.now)])
        for _ in 0..<4 {
            desk.world.clock.advance(seconds: 1_800)
            try await runner.drain()
        }
        #expect(try desk.mark(id) == "due")
    }

    @Test("a scheduled action runs its server action when it is due, as it was released and with the rights of its user")
    func aServerActionRunsAtItsTime() async throws {
        let desk = try Desk()
        let database = desk.world.database
        let ann = try desk.world.user("ann").id
        try desk.world.act { env in
            let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "desk.plain")).first)
            for (user, name) in [(ann, "By Ann"), (UserContext.system.id, "By the machine")] {
                let code = "env('desk.plain').create({name: '\(name)'}); env('ir.config_parameter').search([])"
                let action = try env.create(
                    ServerAction.self, ["name": .text(name), "model_id": .int(model.id), "state": "code", "code": .text(code)])
                try env.create(
                    Cron.self,
                    [
                        "cron_name": .text(name), "user_id": .int(user), "interval_type": "days",
                        "ir_actions_server_id": .int(action.id),
                    ])
            }
        }
        let queues = [JobOptions.Queue(Dispatch.queue, concurrency: 1)]
        try await JobRunner(database: database, handlers: [CronRunner(database).handler], options: JobOptions(queues: queues)).drain()
        let made = try desk.world.act { env in try env.search(DeskPlain.self).map(\.displayedName) }
        #expect(made == ["By the machine"], "Ann may not read settings, and what her schedule had made is undone")
    }

    @Test("a rule before a date runs ahead of it, and one on days counts days")
    func beforeADate() async throws {
        let desk = try Desk()
        let (due, day) = (try desk.fieldId("due"), try desk.fieldId("day"))
        let before = try desk.rule(
            "B", "on_time",
            ["trg_date_id": .int(due), "trg_date_range": 30, "trg_date_range_type": "minutes", "trg_date_range_mode": "before"],
            actions: count)
        let days = try desk.rule(
            "D", "on_time", ["trg_date_id": .int(day), "trg_date_range": 3, "trg_date_range_type": "day"],
            actions: [Desk.set("note", "days")])
        await check(desk, before)
        await check(desk, days)
        let id = try desk.ticket(["due": .instant(desk.world.clock.now + 3_600), "day": .day(desk.world.clock.now.day)])
        desk.world.clock.advance(seconds: 1_801)
        await check(desk, before)
        #expect(try desk.mark(id) == "due")
        desk.world.clock.advance(days: 2)
        await check(desk, days)
        #expect(try desk.text(id, "note") == "")
        desk.world.clock.advance(days: 1)
        await check(desk, days)
        #expect(try desk.text(id, "note") == "days")
    }

    @Test("rules after creation and after the last update follow the record's own dates")
    func ownDates() async throws {
        let desk = try Desk()
        let created = try desk.rule("C", "on_time_created", ["trg_date_range": 1, "trg_date_range_type": "day"], actions: count)
        let updated = try desk.rule(
            "U", "on_time_updated", ["trg_date_range": 1, "trg_date_range_type": "day", "filter_domain": "[('note', '=', 'idle')]"],
            actions: [Desk.set("count", "5")])
        await check(desk, created)
        await check(desk, updated)
        let id = try desk.ticket()
        desk.world.clock.advance(seconds: 43_200)
        try desk.write(id, ["note": "idle"])
        desk.world.clock.advance(seconds: 43_201)
        await check(desk, updated)
        await check(desk, created)
        #expect(try desk.mark(id) == "due")
        #expect(try desk.value(id, "count") == 0)
        desk.world.clock.advance(seconds: 86_402)
        await check(desk, updated)
        #expect(try desk.value(id, "count") == 5)
    }

    @Test("a schedule puts one job per time rule into the queue, and the window survives a restart")
    func jobsAndRestart() async throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        try desk.rule("R", "on_time", ["trg_date_id": .int(due), "trg_date_range": 1], actions: count)
        try desk.rule("E", "on_create", actions: [Desk.set("count", "1")])
        let runner = JobRunner(
            database: desk.world.database, handlers: [AutomationTime.handler(desk.world.database)],
            options: JobOptions(queues: [JobOptions.Queue(AutomationTime.queue)]))
        try desk.world.act { env in try AutomationTime.run(env) }
        #expect(try await runner.drain() == 1)
        let id = try desk.ticket(["due": .instant(desk.world.clock.now)])
        desk.world.clock.advance(days: 3)
        let last = try desk.world.act { env in try env.search(AutomationRule.self, .where("name", .equal, "R")).first?.lastRun }
        #expect(last == desk.world.clock.now - 3 * 86_400)
        try desk.world.act { env in try AutomationTime.run(env) }
        try await runner.drain()
        #expect(try desk.mark(id) == "due")
    }

    @Test("a failing time rule is undone, raises an exception with an owner, keeps its window, and others go on")
    func failingRule() async throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        let bad = try desk.rule(
            "Bad", "on_time", ["trg_date_id": .int(due), "trg_date_range": 1],
            actions: [Desk.set("note", "half"), ["state": "object_copy", "resource_ref": "desk.ticket,999999"]])
        let id = try desk.ticket(["due": .instant(desk.world.clock.now - 7_200)])
        await check(desk, bad)
        await check(desk, bad)
        #expect(try desk.text(id, "note") == "")
        let cases = try desk.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "automation.rule_failed")).map { ($0.occurrences, $0.user?.id) }
        }
        #expect(cases.count == 1 && cases[0].0 == 2 && cases[0].1 == 2)
        #expect(try desk.world.act { env in env.record(AutomationRule.self, bad).lastRun } == nil)
    }

    @Test("a delay of working days leaves out the weekend, and a calendar needs days")
    func workingDays() async throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        let calendar = try desk.world.act { env in try Reference.require("resource.resource_calendar_std", env) }
        let values: ValueMap = [
            "trg_date_id": .int(due), "trg_date_range": 2, "trg_date_range_type": "day", "trg_date_calendar_id": .int(calendar),
        ]
        let refusal = #expect(throws: Refusal.self) {
            try desk.rule("H", "on_time", values.merging(["trg_date_range_type": "hour"]), actions: count)
        }
        #expect(refusal?.code == "automation.calendar_unit")
        let rule = try desk.rule("R", "on_time", values, actions: count)
        desk.world.clock.advance(days: 4)
        await check(desk, rule)
        // Friday at nine: two working days later it is Monday's evening.
        let id = try desk.ticket(["due": .instant(desk.world.clock.now)])
        desk.world.clock.advance(days: 2)
        await check(desk, rule)
        #expect(try desk.mark(id) == "")
        desk.world.clock.advance(days: 2)
        await check(desk, rule)
        #expect(try desk.mark(id) == "due")
    }

    @Test("the interval of checks is a tenth of the smallest delay, between a minute and four hours")
    func intervals() throws {
        let desk = try Desk()
        let due = try desk.fieldId("due")
        let interval: @Sendable () throws -> Int = { try desk.world.act { env in try AutomationTime.interval(env) } }
        #expect(try interval() == 240)
        try desk.rule("H", "on_time", ["trg_date_id": .int(due), "trg_date_range": 10, "trg_date_range_type": "hour"], actions: count)
        #expect(try interval() == 60)
        try desk.rule("M", "on_time", ["trg_date_id": .int(due), "trg_date_range": 5, "trg_date_range_type": "minutes"], actions: count)
        #expect(try interval() == 1)
    }
}
