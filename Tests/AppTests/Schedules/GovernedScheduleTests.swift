import Base
import Exceptions
import Governance
import Kernel
import Store
import TestKit
import Testing

@testable import Schedules

/// Schedules as definitions: what runs is what was released, and everything else is state.
@Suite struct GovernedScheduleTests {
    private func bell() throws -> Bell {
        let bell = try Bell()
        for login in ["eve", "max"] {
            try bell.world.makeUser(
                login, groups: ["base.group_system", "governance.group_author", "governance.group_releaser"])
        }
        return bell
    }

    private func newest(_ id: Int, _ env: Environment) throws -> Record<DefinitionVersion> {
        let own = Domain.where("definition_id.res_model", .equal, "ir.cron") & .where("definition_id.res_id", .equal, .int(id))
        return try #require(try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first)
    }

    private func release(_ bell: Bell, _ id: Int) throws {
        for (login, action) in [("eve", "action_submit"), ("max", "action_release")] {
            try bell.world.act(as: login) { env in _ = try newest(id, env).records.call(action) }
        }
    }

    private func versions(_ bell: Bell, _ id: Int) throws -> [String] {
        try bell.world.act { env in
            let own = Domain.where("definition_id.res_model", .equal, "ir.cron") & .where("definition_id.res_id", .equal, .int(id))
            return try env.search(DefinitionVersion.self, own, order: "number").map {
                "\($0.state?.rawValue ?? "") \($0.origin?.rawValue ?? "")"
            }
        }
    }

    @Test("a change waits as a draft while the released schedule runs on, and holds from its release")
    func draft() async throws {
        let bell = try bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        let id = try bell.cron("bell.one") { $0.id }
        try await bell.drain()
        try bell.world.act(as: "eve") { env in
            try env.record(Cron.self, id).write(["interval_number": 2, "interval_type": "days", "priority": 9])
        }
        #expect(try versions(bell, id) == ["released shipped", "draft record"])
        for _ in 0..<2 {
            bell.world.clock.advance(seconds: 3_600)
            try await bell.drain()
        }
        #expect(try bell.marks().count == 3, "every hour, as released")
        try release(bell, id)
        let due = try bell.cron("bell.one") { $0.next }
        bell.world.clock.advance(seconds: 3_600)
        try await bell.drain()
        #expect(try bell.marks().count == 4)
        #expect(try bell.cron("bell.one") { try #require($0.next) - (try #require(due)) } == 2 * 86_400, "every other day, as released now")
    }

    @Test("a schedule that a person makes does not run, not even by hand, before a second person has released it")
    func unreleased() async throws {
        let bell = try bell()
        let id = try bell.world.act(as: "eve") { env in
            try env.create(Cron.self, ["cron_name": "Night shift", "interval_number": 1, "interval_type": "hours", "user_id": 1]).id
        }
        try await bell.drain()
        #expect(try bell.world.act { env in env.record(Cron.self, id).last } == nil)
        for name in ["method_direct_trigger", "trigger"] {
            let code = bell.refusal {
                try bell.world.act(as: "eve") { env in
                    let records = try env.records("ir.cron", [id])
                    _ = try records.model.method(name)?.body(records, [:])
                }
            }
            #expect(code == "cron.not_released")
        }
        try release(bell, id)
        try await bell.drain()
        let open = try bell.world.act { env in try env.search(ExceptionCase.self).map(\.displayedName) }
        #expect(open.count == 1 && open[0].contains("knows what"), "released, it ran and said that it has nothing to do")
    }

    @Test("every line of the trail that a run leaves names the version at work")
    func trail() async throws {
        let bell = try bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        let id = try bell.cron("bell.one") { $0.id }
        try await bell.drain()
        try bell.world.act { env in try env.record(Cron.self, id).write(["interval_number": 3]) }
        bell.world.clock.advance(seconds: 3 * 3_600)
        try await bell.drain()
        let details = try bell.world.database.inspectBlocking { connection in
            try connection.query(
                "SELECT detail FROM baton_audit WHERE kind = 'create' AND model = 'res.partner' ORDER BY seq DESC LIMIT 2", [], [.text])
        }
        #expect(details.count == 2)
        #expect(details[0].textValue?.contains("schedule:bell-one-\(id)@2") == true)
        #expect(details[1].textValue?.contains("schedule:bell-one-\(id)@1") == true)
    }

    @Test("where direct changes are allowed a write holds at once and its version says so; retired it runs no more")
    func direct() async throws {
        let bell = try bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        let id = try bell.cron("bell.one") { $0.id }
        try bell.world.act { env in _ = try env.create(Parameter.self, ["key": "governance.direct_changes", "value": "ir.cron"]) }
        try bell.world.act(as: "eve") { env in try env.record(Cron.self, id).write(["active": false]) }
        #expect(try versions(bell, id) == ["released shipped", "released direct"])
        try await bell.drain()
        #expect(try bell.marks().isEmpty)
        try bell.world.act(as: "max") { env in _ = try newest(id, env).records.call("action_roll_back", ["reason": "Still needed."]) }
        try await bell.drain()
        #expect(try bell.marks().count == 1, "the version before is in force again, and its turn follows")
        try bell.world.act(as: "max") { env in
            let own = Domain.where("definition_id.res_id", .equal, .int(id)) & .where("state", .equal, "released")
            _ = try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).records.call(
                "action_retire", ["reason": "Over."])
        }
        bell.world.clock.advance(days: 2)
        try await bell.drain()
        #expect(try bell.marks().count == 1)
    }

    @Test("times, books and what a run switched off are state: writing them makes no version")
    func state() async throws {
        let bell = try bell()
        bell.on("bell.one") { turn in
            try Bell.mark(turn, "run one")
            try turn.progress(done: 1, remaining: 0, deactivate: true)
        }
        let id = try bell.cron("bell.one") { $0.id }
        try bell.world.act(as: "eve") { env in try env.record(Cron.self, id).write(["nextcall": .instant(env.now + 60)]) }
        bell.world.clock.advance(seconds: 60)
        try await bell.drain()
        #expect(try bell.marks().count == 1)
        #expect(try bell.cron("bell.one") { $0.stopped } == "Its work is done.")
        #expect(try versions(bell, id) == ["released shipped"])
        bell.world.clock.advance(days: 1)
        try await bell.drain()
        #expect(try bell.marks().count == 1)
        try bell.world.act(as: "eve") { env in try env.record(Cron.self, id).write(["active": true]) }
        try await bell.drain()
        #expect(try bell.marks().count == 2, "switched on again, with nothing to release")
        #expect(try versions(bell, id) == ["released shipped"])
    }

    @Test("schedules that an older program left are taken over as released")
    func adoption() async throws {
        let bell = try bell()
        bell.on("bell.one") { try Bell.mark($0, "run one") }
        try bell.world.database.systemBlocking { connection in
            let fields = "user_id, active, interval_number, interval_type, nextcall, priority, builtin_key, turn"
            try connection.run(
                "INSERT INTO ir_cron (cron_name, \(fields)) SELECT 'Old', \(fields) FROM ir_cron WHERE builtin_key = 'bell.one'")
        }
        let id = try bell.world.act { env in try #require(try env.search(Cron.self, .where("cron_name", .equal, "Old"), limit: 1).first).id
        }
        #expect(try versions(bell, id).isEmpty)
        bell.world.clock.advance(seconds: 5)
        try await bell.drain()
        #expect(try bell.marks().count == 1, "only the one that was released")
        try bell.world.act { env in try GovernedRows.adopt(Schedule.governed, in: env) }
        #expect(try versions(bell, id) == ["released shipped"])
        try await bell.drain()
        #expect(try bell.marks().count == 2)
        try bell.world.act { env in try GovernedRows.adopt(Schedule.governed, in: env) }
        #expect(try versions(bell, id) == ["released shipped"])
    }
}
