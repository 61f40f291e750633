import Automation
import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// Drafts of rules of clocks, held against the time that has passed.
@Suite struct TimeReplayTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
        try desk.world.makeUser(
            "eve", groups: ["base.group_system", "desk.group_user", "governance.group_author", "governance.group_releaser"])
    }

    private var now: Instant { desk.world.clock.now }

    private func due(_ hours: Int) -> Value { .instant(now + hours * 3_600) }

    /// A rule after the field `due`, made by somebody, whose rules are drafts, or by the machine, whose rules are in force.
    private func rule(_ domain: String, _ hours: Int, as login: String? = nil, _ more: ValueMap = [:]) throws -> Int {
        let field = try desk.fieldId("due")
        let make: @Sendable (Environment) throws -> Int = { env in
            let model = try Desk.modelId("desk.ticket", env)
            let values: ValueMap = [
                "name": "Late", "model_id": .int(model), "trigger": "on_time", "trg_date_id": .int(field), "trg_date_range": .int(hours),
                "trg_date_range_type": "hour", "filter_domain": .text(domain),
                "action_server_ids": .list([[0, 0, .map(Desk.set("mark", "late", ["model_id": .int(model)]))]]),
            ]
            return try env.create(AutomationRule.self, values.merging(more)).id
        }
        return try login.map { try desk.world.act(as: $0, make) } ?? desk.world.act(make)
    }

    private func simulate(_ rule: Int, days: Int = 30) async throws -> JSON {
        let version = try desk.world.act { env in
            let own =
                Domain.where("definition_id.res_model", .equal, "base.automation") & .where("definition_id.res_id", .equal, .int(rule))
            return try #require(
                try env.search(DefinitionVersion.self, own & .where("state", .equal, "draft"), order: "number desc", limit: 1).first
            ).id
        }
        let asked = try desk.world.act(as: "eve") { env in
            try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": .int(days)])
        }
        return try await Simulation(desk.world.database).run(try #require(asked.idList?.first)).report
    }

    @Test("a draft of a time rule tells which records would have come due, and what stood in them when they did")
    func asTheyStood() async throws {
        let late = try desk.ticket(["name": "Late", "due": due(24), "state": "open"])
        let closed = try desk.ticket(["name": "Closed in time", "due": due(24), "state": "open"])
        let moved = try desk.ticket(["name": "Moved", "due": due(24), "state": "open"])
        _ = try desk.ticket(["name": "Not yet", "due": due(240), "state": "open"])
        let archived = try desk.ticket(["name": "Archived", "due": due(24), "state": "open"])
        let moment = now + 26 * 3_600
        desk.world.clock.advance(seconds: 12 * 3_600)
        try desk.write(closed, ["state": "done"])
        try desk.write(moved, ["due": due(400)])
        try desk.write(archived, ["active": false])
        desk.world.clock.advance(seconds: 48 * 3_600)
        // What happens afterwards changes nothing about it.
        try desk.write(late, ["state": "done"])
        try desk.write(closed, ["state": "open"])
        try desk.write(archived, ["active": true])
        let report = try await simulate(try rule("[('state', '=', 'open')]", 2, as: "eve"))
        #expect(report["against"] == .null && report["complete"] == true)
        #expect(report["concerned"] == 1 && report["changed_records"] == 1, "\(report)")
        let example = try #require(report["examples"]?[0])
        #expect(example["id"]?.intValue == late && example["after"]?["writes"]?["mark"] == "late")
        // A check that is made later finds it; the first one that could is a second after the delay.
        #expect(example["after"]?["due"]?.stringValue == (moment + 1).description)
        #expect(try desk.mark(late) == "", "nothing of it stays")
        #expect(report["microseconds"]?["draft"]?.intValue ?? 0 > 0)
    }

    @Test("records to which nothing happened in the days that are looked at come due too")
    func atRest() async throws {
        let id = try desk.ticket(["due": due(24 * 50), "state": "open"])
        desk.world.clock.advance(seconds: 60 * 86_400)
        let draft = try rule("[]", 1, as: "eve")
        let report = try await simulate(draft)
        #expect(report["concerned"] == 1 && report["examples"]?[0]?["id"]?.intValue == id, "\(report)")
        #expect(try await simulate(draft, days: 5)["concerned"] == 0, "it came due before")
    }

    @Test("against the rule in force the report tells who would have been reached at another time, though the rule has been at work since")
    func againstTheRuleInForce() async throws {
        let made = try rule("[('mark', '=', False)]", 2)
        await AutomationTime.check(made, on: desk.world.database)
        let both = try desk.ticket(["name": "Both", "due": due(0)])
        let quick = try desk.ticket(["name": "Dealt with", "due": due(0)])
        desk.world.clock.advance(seconds: 3 * 3_600)
        await AutomationTime.check(made, on: desk.world.database)
        #expect(try desk.mark(both) == "late")
        desk.world.clock.advance(seconds: 3_600)
        try desk.write(quick, ["mark": "done by hand"])
        desk.world.clock.advance(seconds: 86_400)
        try desk.world.act(as: "eve") { env in try env.record(AutomationRule.self, made).write(["trg_date_range": 8]) }
        let report = try await simulate(made)
        #expect(report["against"]?.stringValue?.hasPrefix("rule:late-") == true)
        // Both were reached by the rule in force; eight hours later only one was still waiting.
        #expect(report["changed_records"] == 2, "\(report)")
        let examples = report["examples"]?.arrayValue ?? []
        func times(_ id: Int, _ side: String) -> Int { examples.filter { $0["id"]?.intValue == id && $0[side]?["due"] != nil }.count }
        #expect(times(both, "before") == 1 && times(both, "after") == 1)
        #expect(times(quick, "before") == 1 && times(quick, "after") == 0)
    }

    @Test("delays ahead of a date, in working days of a calendar and after the creation are counted as the rule itself counts them")
    func delays() async throws {
        let id = try desk.ticket(["due": due(48), "state": "open"])
        let start = now
        desk.world.clock.advance(seconds: 20 * 86_400)
        let ahead = try await simulate(try rule("[]", 4, as: "eve", ["trg_date_range_mode": "before"]))
        #expect(ahead["examples"]?[0]?["after"]?["due"]?.stringValue == (start + 44 * 3_600 + 1).description)
        let created = try await simulate(try rule("[]", 24, as: "eve", ["trigger": "on_time_created"]))
        #expect(created["examples"]?[0]?["after"]?["due"]?.stringValue == (start + 24 * 3_600 + 1).description)
        let calendar = try desk.world.act { try Reference.require("resource.resource_calendar_std", $0) }
        let working = try await simulate(
            try rule("[]", 3, as: "eve", ["trg_date_range_type": "day", "trg_date_calendar_id": .int(calendar)]))
        #expect(working["examples"]?[0]?["id"]?.intValue == id)
        let updated = try await simulate(try rule("[]", 24, as: "eve", ["trigger": "on_time_updated"]))
        #expect(updated["examples"]?[0]?["after"]?["due"]?.stringValue == (start + 24 * 3_600 + 1).description)
    }
}
