import Base
import Exceptions
import Kernel
import Store
import TestKit
import Testing

@testable import Schedules

/// Schedules as people and clients see them.
@Suite struct ScheduleTests {
    @Test("a schedule runs when it is due, once, and what was missed is skipped")
    func intervals() async throws {
        let bell = try Bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        try await bell.drain()
        try await bell.drain()
        #expect(try bell.marks().count == 1)
        bell.world.clock.advance(seconds: 5 * 3_600 + 600)
        try await bell.drain()
        #expect(try bell.marks().count == 2)
        let next = try bell.cron("bell.one") { $0.next }
        #expect(next?.description == "2026-03-02 15:00:00", "in step with the first run at nine")
    }

    @Test("a cron expression runs in the schedule's zone and follows its clocks")
    func expressions() async throws {
        let bell = try Bell([BuiltInSchedule("bell.night", "Night", cron: "30 2 * * *") { try Bell.mark($0, "run night \($0.env.now)") }])
        try bell.cron("bell.night") { cron in
            try cron.write(["tz": "America/Chicago", "nextcall": "2026-03-07 08:30:00"])
            let times = try cron.records.model.method("upcoming")?.body(cron.records, ["count": 3])
            #expect(
                times?.listValue?.map { Instant.present($0)?.description } == [
                    "2026-03-07 08:30:00", "2026-03-08 08:00:00", "2026-03-09 07:30:00",
                ])
        }
        for _ in 0..<8 {
            bell.world.clock.advance(days: 1)
            try await bell.drain()
        }
        #expect(try bell.marks("night%").count == 4, "the 7th, 8th, 9th and 10th: each is run at nine the next time the world looks")
        #expect(bell.refusal { try bell.cron("bell.night") { try $0.write(["cron_expression": "61 * * * *"]) } } == "cron.syntax")
        #expect(bell.refusal { try bell.cron("bell.night") { try $0.write(["tz": "Mars/Base"]) } } == "calendar.zone")
        #expect(bell.refusal { try bell.cron("bell.one") { try $0.write(["interval_number": 0]) } } == "schedule.interval")
    }

    @Test("a failing schedule is undone, counted and told once; it waits longer each time and recovers with its first success")
    func failures() async throws {
        let bell = try Bell()
        bell.on("bell.one") { turn in
            try Bell.mark(turn, "run half")
            throw Refusal("test.broken", .internalFault, "Broken.")
        }
        try await bell.drain()
        bell.world.clock.advance(seconds: 3_600)
        try await bell.drain()
        #expect(try bell.marks().isEmpty, "nothing of a failed run stays")
        #expect(try bell.cron("bell.one") { $0.failures } == 2)
        try bell.world.act { env in
            let cases = try env.search(ExceptionCase.self, .where("cause", .equal, "schedule.failed"))
            #expect(cases.map(\.occurrences) == [2])
            #expect(cases.first?.user != nil)
        }
        bell.on("bell.one") { try Bell.mark($0, "run whole") }
        bell.world.clock.advance(seconds: 7_200)
        try await bell.drain()
        #expect(try bell.cron("bell.one") { $0.failures == 0 && $0.firstFailure == nil })
        #expect(try bell.marks() == ["run whole"])
    }

    @Test("five failures within days are borne; five that span a week switch the schedule off and tell a person")
    func deactivation() async throws {
        let bell = try Bell()
        bell.on("bell.one") { _ in throw Refusal("test.broken", .internalFault, "Broken.") }
        for _ in 0..<6 {
            try await bell.drain()
            bell.world.clock.advance(seconds: 86_400 - 60)
        }
        #expect(try bell.cron("bell.one") { $0.stopped.isEmpty && $0.failures == 6 })
        bell.world.clock.advance(days: 2)
        try await bell.drain()
        #expect(try bell.cron("bell.one") { $0.stopped }.hasPrefix("It failed 7 times within a week"))
        #expect(try bell.world.act { try $0.count(ExceptionCase.self, .where("cause", .equal, "schedule.deactivated")) } == 1)
    }

    @Test("long work goes on for ten units, then makes room for others, and is remembered")
    func progress() async throws {
        let bell = try Bell()
        let left = Locked(25)
        bell.on("bell.one") { turn in
            let rest = left.withLock { count -> Int in
                count -= 1
                return count
            }
            try Bell.mark(turn, "run one")
            try turn.progress(done: 1, remaining: rest)
        }
        bell.on("bell.two") { try Bell.mark($0, "run two") }
        try await bell.drain(roomSeconds: 0)
        let runs = try bell.marks()
        #expect(runs.firstIndex(of: "run two") == 10)
        #expect(runs.count == 26)
        let rows = try bell.world.act { try $0.search(CronProgress.self).map { "\($0.done) \($0.remaining)" } }
        #expect(rows == ["25 0"])
        #expect(
            bell.refusal {
                try bell.world.act { env in
                    _ = try env.registry.requireModel("ir.cron").method("commit_progress")?.body(
                        try env.records("ir.cron", []), ["processed": 1])
                }
            } == "cron.not_running")
    }

    @Test("a schedule whose work says so switches itself off")
    func deactivateItself() async throws {
        let bell = try Bell()
        bell.on("bell.one") { turn in
            try Bell.mark(turn, "run last")
            try turn.progress(done: 1, remaining: 0, deactivate: true)
        }
        try await bell.drain()
        bell.world.clock.advance(days: 3)
        try await bell.drain()
        #expect(try bell.marks() == ["run last"])
    }

    @Test("triggers run a schedule in between, due ones together, and leave its usual times alone")
    func triggers() async throws {
        let bell = try Bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        try await bell.drain()
        let usual = try bell.cron("bell.one") { $0.next }
        try bell.cron("bell.one") { cron in
            try Dispatch.trigger(cron, at: [cron.env.now, cron.env.now, cron.env.now + 600])
        }
        try await bell.drain()
        #expect(try bell.marks().count == 2, "two that were due at once are one run")
        bell.world.clock.advance(seconds: 600)
        try await bell.drain()
        #expect(try bell.marks().count == 3)
        #expect(try bell.cron("bell.one") { $0.next } == usual)
        #expect(try bell.world.act { try $0.count(CronTrigger.self) } == 0)
    }

    @Test("a run by hand does the work at once; toggle switches by a domain; a schedule at work is not changed")
    func byHand() async throws {
        let bell = try Bell()
        bell.on("bell.two") { try Bell.mark($0, "run two") }
        try bell.world.makeUser("root", groups: ["base.group_system"])
        func call(_ name: String, _ arguments: ValueMap = [:]) throws -> Value? {
            try bell.world.act(as: "root") { env in
                let records = try env.records("ir.cron", [try Reference.require("bell.two", env)])
                return try records.model.method(name)?.body(records, arguments)
            }
        }
        #expect(try call("method_direct_trigger") == true)
        #expect(try bell.marks() == ["run two"])
        #expect(try call("toggle", ["model": "res.partner", "domain": .list([["name", "=", "nobody"]])]) == false)
        #expect(try call("toggle", ["model": "res.partner", "domain": .list([["name", "=", "run two"]])]) == true)
        try bell.cron("bell.two") { try $0.write(["running_job": 7, "running_until": .instant($0.env.now + 30)]) }
        let code = bell.refusal {
            try bell.world.act(as: "root") { env in
                try env.record(Cron.self, try Reference.require("bell.two", env)).write(["active": false])
            }
        }
        #expect(code == "cron.running")
    }

    @Test("only administrators see and change schedules, and their books are kept by runs alone")
    func rights() throws {
        let bell = try Bell()
        try bell.world.makeUser("reader", groups: ["base.group_user"])
        try bell.world.makeUser("root", groups: ["base.group_system"])
        let id = try bell.cron("bell.one") { $0.id }
        func code(_ login: String, _ body: @escaping @Sendable (Environment) throws -> Void) -> String {
            bell.refusal { try bell.world.act(as: login, body) }
        }
        #expect(code("reader") { _ = try $0.search(Cron.self) }.hasPrefix("access."))
        #expect(code("reader") { try $0.record(Cron.self, id).write(["active": false]) }.hasPrefix("access."))
        let direct = code("reader") { env in
            let records = try env.records("ir.cron", [id])
            _ = try records.model.method("method_direct_trigger")?.body(records, [:])
        }
        #expect(direct.hasPrefix("access."))
        #expect(code("root") { try $0.record(Cron.self, id).write(["failure_count": 0]) } == "cron.own_field")
        #expect(code("root") { try $0.record(Cron.self, id).write(["priority": 100]) } == "cron.priority")
        #expect(
            code("root") { _ = try $0.create(CronTrigger.self, ["cron_id": .int(id), "call_at": .instant($0.now)]) }.hasPrefix("access."))
    }

    @Test("a clock that was years ahead is noticed, and the schedule is put back")
    func wrongClock() async throws {
        let bell = try Bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        bell.world.clock.advance(days: 1_000)
        try await bell.drain()
        bell.world.clock.advance(days: -1_000)
        try bell.world.act { try CronKeeper.mend($0) }
        #expect(try bell.cron("bell.one") { $0.next }?.description == "2026-03-02 10:00:00")
    }
}
