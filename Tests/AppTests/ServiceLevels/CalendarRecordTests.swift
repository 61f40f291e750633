import Base
import Foundation
import Governance
import JSON
import Kernel
import ServiceLevels
import Store
import TestKit
import Testing
import YAML

/// Calendars as records: Odoo's names and methods, and what is refused.
@Suite struct CalendarRecordTests {
    private func method(_ name: String, _ arguments: ValueMap, _ world: World, as login: String = "planner") throws -> Value? {
        try world.act(as: login) { env in
            let id = try Reference.require("resource.resource_calendar_std", env)
            let records = try env.records("resource.calendar", [id])
            return try records.model.method(name)?.body(records, arguments)
        }
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do { try body() } catch { return (error as? Refusal)?.code ?? "\(error)" }
        return ""
    }

    private func world() throws -> World {
        let world = try World()
        try world.makeUser("planner", groups: ["service_levels.group_manager"])
        try world.makeUser("reader", groups: ["base.group_user"])
        return world
    }

    @Test("plan_hours, plan_days and get_work_hours_count answer as Odoo does, times off counted when asked")
    func methods() throws {
        let world = try world()
        let monday: Value = "2026-03-02 09:00:00"
        #expect(
            try method("plan_hours", ["hours": 8.0, "day_dt": monday], world) == .instant(Instant(Day(2026, 3, 3), secondOfDay: 9 * 3_600)))
        #expect(
            try method("plan_days", ["days": 2, "day_dt": monday], world) == .instant(Instant(Day(2026, 3, 3), secondOfDay: 17 * 3_600)))
        let week: ValueMap = ["start_dt": monday, "end_dt": "2026-03-09 09:00:00"]
        #expect(try method("get_work_hours_count", week, world) == .double(40))
        try world.act { env in
            _ = try env.create(
                Leave.self, ["name": "Holiday", "date_from": "2026-03-03 00:00:00", "date_to": "2026-03-04 00:00:00", "company_id": .null])
        }
        #expect(try method("get_work_hours_count", week, world) == .double(32))
        #expect(
            try method("plan_days", ["days": 2, "day_dt": monday], world) == .instant(Instant(Day(2026, 3, 3), secondOfDay: 17 * 3_600)))
        let counted: ValueMap = ["days": 2, "day_dt": monday, "compute_leaves": true]
        #expect(try method("plan_days", counted, world) == .instant(Instant(Day(2026, 3, 4), secondOfDay: 17 * 3_600)))
        #expect(
            try method("next_opening", ["day_dt": "2026-03-02 18:00:00"], world)
                == .instant(Instant(Day(2026, 3, 4), secondOfDay: 8 * 3_600)))
    }

    @Test("hours, special days and zones that make no sense are refused", arguments: ["hours", "overlap", "zone", "leave", "argument"])
    func nonsense(_ what: String) throws {
        let world = try world()
        let codes = [
            "hours": "calendar.hours", "overlap": "calendar.overlap", "zone": "calendar.zone", "leave": "calendar.leave_order",
            "argument": "rpc.bad_argument",
        ]
        let code = refusal {
            if what == "argument" { _ = try method("plan_days", ["days": "x", "day_dt": "2026-03-02"], world) }
            try world.act(as: "planner") { env in
                let calendar = Value.int(try Reference.require("resource.resource_calendar_std", env))
                switch what {
                case "hours":
                    try env.create(Attendance.self, ["calendar_id": calendar, "dayofweek": "5", "hour_from": 12.0, "hour_to": 25.0])
                case "overlap":
                    try env.create(Attendance.self, ["calendar_id": calendar, "dayofweek": "0", "hour_from": 11.0, "hour_to": 14.0])
                case "zone": try env.create(ResourceCalendar.self, ["name": "Lost", "tz": "../../etc/passwd"])
                case "leave":
                    try env.create(
                        Leave.self, ["calendar_id": calendar, "date_from": "2026-03-03 00:00:00", "date_to": "2026-03-02 00:00:00"])
                default: break
                }
            }
        }
        #expect(code == codes[what])
    }

    @Test("only administrators of service levels change calendars; promises, clocks and events nobody writes, and evidence stays")
    func rights() throws {
        let world = try world()
        try world.ship(
            "sla", "contact", ["name": "Contact", "model": "res.partner", "start": "[('name', '=', 'Late')]", "minutes": 10])
        let policy = try world.act { env in try #require(try env.search(Policy.self, .where("key", .equal, "contact")).first?.id) }
        let partner = try world.act { env in try env.create(Partner.self, ["name": "Late"]).id }
        let clock = try world.act { env in try env.search(Clock.self, .where("res_id", .equal, .int(partner))).ids }
        #expect(clock.count == 1)
        for login in ["planner", "reader"] {
            #expect(refusal { try world.act(as: login) { _ = try $0.create(Policy.self, ["name": "x"]) } }.hasPrefix("access."))
            #expect(
                refusal { try world.act(as: login) { try $0.record(Policy.self, policy).write(["target_minutes": 1]) } }.hasPrefix(
                    "access."))
            #expect(
                refusal { try world.act(as: login) { try $0.records(Clock.self, clock).write(["is_breached": false]) } }.hasPrefix(
                    "access."))
            #expect(refusal { try world.act(as: login) { try $0.records(Clock.self, clock).unlink() } }.hasPrefix("access."))
        }
        #expect(refusal { try world.act(as: "reader") { _ = try $0.create(ResourceCalendar.self, ["name": "Mine"]) } }.hasPrefix("access."))
        let changed = refusal { try world.act { try $0.search(ClockRecordEvent.self).write(["kind": "pause"]) } }
        #expect(changed == "record.kept", "not even the machine changes an event")
    }

    @Test(
        "a definition that does not fit is refused with the place",
        arguments: [
            ("key", ["key": "Not Plain"]), ("model", ["model": "no.model"]), ("start", ["start": "[('no_field', '=', 1)]"]),
            ("stop", ["stop": "[('name', '="]), ("minutes", ["minutes": 0]), ("warn", ["warn": 101]), ("hours", ["hours": "moon"]),
            ("calendar", ["hours": "calendar"]), ("tell_user", ["tell_user": "no.body"]), ("minuets", ["minuets": 3]),
        ] as [(String, [String: JSON])])
    func definitions(_ place: String, _ change: [String: JSON]) throws {
        let world = try world()
        var content: [String: JSON] = ["key": "k", "name": "N", "model": "res.partner", "start": "[('name', '=', 'x')]", "minutes": 10]
        content.merge(change) { _, new in new }
        let json = JSON.object(JSONObject(content.map { JSONObject.Member(key: $0.key, value: $0.value) }))
        do {
            try world.act { env in try PolicyContent(json).check(env) }
            Issue.record("nothing was refused")
        } catch {
            let refusal = try #require(error as? Refusal)
            #expect(refusal.code == "sla.definition")
            #expect(refusal.details["place"] == .text(place))
        }
    }

    @Test("a new version takes the place of the old one and clocks keep theirs; a retired one makes its clocks void")
    func versions() throws {
        let world = try world()
        func ship(_ minutes: Int) throws {
            try world.ship(
                "sla", "contact",
                ["name": "Contact", "model": "res.partner", "start": "[('name', 'like', 'Late')]", "minutes": JSON(minutes)])
        }
        try ship(10)
        try world.act { env in _ = try env.create(Partner.self, ["name": "Late first"]) }
        try ship(20)
        try world.act { env in _ = try env.create(Partner.self, ["name": "Late second"]) }
        #expect(try world.act { env in try env.search(Clock.self, order: "id").map(\.target) } == [10, 20])
        #expect(try world.act { env in try env.search(Policy.self, .where("key", .equal, "contact")).map(\.number) } == [2])
        let cause = try world.act { env in try env.search(ClockRecordEvent.self, order: "id").map(\.reason) }
        #expect(cause == ["sla:contact@1", "sla:contact@2"])
        try world.makeUser("rex", groups: ["governance.group_releaser"])
        try world.act(as: "rex") { env in
            let newest = try env.search(DefinitionVersion.self, .where("key", .equal, "contact"), order: "number desc", limit: 1)
            _ = try newest.call("action_roll_back", ["reason": "Too long"])
        }
        try world.act { env in _ = try env.create(Partner.self, ["name": "Late third"]) }
        #expect(try world.act { env in try env.search(Clock.self, order: "id").map(\.target) } == [10, 20, 10])
        #expect(try world.act { env in try env.search(Clock.self).map(\.outcome) } == [nil, nil, nil])
        try world.act(as: "rex") { env in
            let first = try env.search(DefinitionVersion.self, .where("key", .equal, "contact"), order: "number", limit: 1)
            _ = try first.call("action_retire", ["reason": "No promise"])
        }
        #expect(try world.act { env in try env.search(Clock.self).map(\.outcome) } == [.void, .void, .void])
    }

    @Test("the definition on the page is one, and its clock runs, rests and stops as the page says")
    func page() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..").standardizedFileURL
        let page = try String(contentsOf: root.appendingPathComponent("docs/reference/clocks.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "```")
        let block = try #require(parts.first { $0.hasPrefix("yaml\n") }).dropFirst(5)
        let content = try YAML.parse(Array(block.utf8))
        let world = try world()
        try world.ship("sla", content["key"]?.stringValue ?? "", content)
        let states = try world.act { env in
            let partner = try env.create(Partner.self, ["name": "Someone", "function": "waiting"])
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(partner.id)))
            let changes: [ValueMap] = [["name": "Still"], ["active": false], ["active": true], ["function": "answered"]]
            return try changes.map { change in
                try partner.write(change)
                return clock.first?.state?.rawValue ?? ""
            }
        }
        #expect(states == ["running", "paused", "running", "stopped"])
    }

    @Test("people of another site read neither its calendars nor its clocks")
    func sites() throws {
        let world = try world()
        let other = try world.act { env in try env.create(Company.self, ["name": "Site B"]).id }
        try world.makeUser("stranger", groups: ["service_levels.group_manager"], companies: [other])
        let own = try world.act(as: "planner") { env in try env.create(ResourceCalendar.self, ["name": "Ours"]).id }
        #expect(try world.read(as: "stranger") { try $0.search(ResourceCalendar.self, .where("id", .equal, .int(own))).count } == 0)
        #expect(refusal { try world.act(as: "stranger") { try $0.record(ResourceCalendar.self, own).write(["name": "Theirs"]) } } != "")
    }
}
