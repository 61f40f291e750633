import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

@Suite struct RowTests {
    @Test("writing a governed record makes a draft; engines go on with what was released")
    func drafts() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Be calm")
        #expect(try house.rows().isEmpty)
        #expect(try house.shown(id) == "draft")
        try house.releaseRow(id)
        #expect(try house.rows().map(\.values["mood"]) == ["calm"])
        try house.write(id, ["mood": "loud"])
        #expect(try house.shown(id) == "draft")
        #expect(try house.rows().map(\.values["mood"]) == ["calm"])
        try house.releaseRow(id)
        #expect(try house.rows().map(\.values["mood"]) == ["loud"])
        #expect(try house.rows().first?.cause == "probe:be-calm-\(id)@2")
        #expect(try house.shown(id) == "released")
    }

    @Test("a draft goes on until it is submitted, and goes away when the record is as released again")
    func oneDraft() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Rule")
        try house.write(id, ["mood": "loud"])
        try house.write(id, ["weight": 2.5])
        #expect(try house.versions(id).count == 1)
        try house.releaseRow(id)
        try house.write(id, ["mood": "calm"])
        #expect(try house.versions(id).count == 2)
        try house.write(id, ["mood": "loud"])
        #expect(try house.versions(id).map(\.1) == ["released"])
    }

    @Test("the definition of a record that is there is not deleted: the next start would take the record for one of before governance")
    func definitionsStay() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Rule")
        house.refused("governance.has_record") {
            try house.world.act(as: "ann") { env in try env.search(Definition.self, .where("res_id", .equal, .int(id))).unlink() }
        }
        #expect(try house.rows().isEmpty)
    }

    @Test("whoever wrote the record does not release it")
    func writersAreAuthors() throws {
        let house = try GovernedWorld()
        try house.world.act { env in
            let group = try Reference.require("governance.group_releaser", env)
            try env.search(User.self, .where("login", .equal, "joe")).write(["group_ids": .list([[4, .int(group)]])])
        }
        let id = try house.makeRule("Rule")
        let version = try #require(try house.versions(id).first?.0)
        try house.call("action_submit", version, as: "ann")
        house.refused("governance.self_release") { try house.call("action_release", version, as: "joe") }
    }

    @Test("lines are part of their record: making, writing and deleting one makes a draft")
    func lines() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Rule", ["step_ids": [[0, 0, ["name": "one"]]]])
        try house.releaseRow(id)
        #expect(try house.steps() == ["one"])
        let step = try house.world.act(as: "joe") { env in try env.create(ProbeStep.self, ["name": "two", "rule_id": .int(id)]).id }
        #expect(try house.shown(id) == "draft")
        #expect(try house.steps() == ["one"])
        try house.releaseRow(id)
        #expect(try house.steps() == ["one", "two"])
        try house.world.act(as: "joe") { env in try env.records(ProbeStep.self, [step]).unlink() }
        try house.releaseRow(id)
        #expect(try house.steps() == ["one"])
    }

    @Test("where the parameter names the model a write is released at once, and the trail says so")
    func directChanges() throws {
        let house = try GovernedWorld()
        try house.world.act { env in
            _ = try env.create(Parameter.self, ["key": .text(GovernedRows.directChanges), "value": "sale.order, probe.rule"])
        }
        let id = try house.makeRule("Rule", ["step_ids": [[0, 0, ["name": "one"]]]])
        #expect(try house.rows().count == 1)
        #expect(try house.versions(id).map(\.1) == ["released"])
        try house.write(id, ["mood": "loud"])
        #expect(try house.rows().map(\.values["mood"]) == ["loud"])
        let details = try house.world.database.inspectBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit WHERE kind = 'definition' ORDER BY seq", [], [.text])
        }
        #expect(details.filter { ($0.textValue ?? "").contains("\"direct change\"") }.count == 2)
        house.refused("governance.check_failed") { try house.write(id, ["weight": 13]) }
        try house.world.act(as: "joe") { env in try env.records(ProbeRule.self, [id]).unlink() }
        #expect(try house.rows().isEmpty)
    }

    @Test("only administrators allow direct changes, and the trail keeps that they did")
    func parameter() throws {
        let house = try GovernedWorld()
        #expect(throws: Refusal.self) {
            try house.world.act(as: "rex") { env in
                _ = try env.create(Parameter.self, ["key": .text(GovernedRows.directChanges), "value": "*"])
            }
        }
        try house.world.act(as: "admin") { env in
            _ = try env.create(Parameter.self, ["key": .text(GovernedRows.directChanges), "value": "*"])
        }
        let lines = try house.world.database.inspectBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit WHERE model = 'ir.config_parameter' AND user_id = 2", [], [.text])
        }
        #expect(lines.contains { ($0.textValue ?? "").contains(GovernedRows.directChanges) })
    }

    @Test("a record that is in force is retired before it is deleted")
    func deleting() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Rule")
        try house.releaseRow(id)
        house.refused("governance.retire_first") {
            try house.world.act(as: "joe") { env in try env.records(ProbeRule.self, [id]).unlink() }
        }
        let version = try #require(try house.versions(id).first?.0)
        try house.call("action_retire", version, as: "rex", ["reason": "Done"])
        try house.world.act(as: "joe") { env in try env.records(ProbeRule.self, [id]).unlink() }
        #expect(try house.rows().isEmpty)
    }

    @Test("values of every kind come back from a snapshot as they were")
    func values() throws {
        let house = try GovernedWorld()
        let id = try house.makeRule("Rule", ["until": "2026-05-06", "weight": 2, "user_ids": [[6, 0, [2]]], "active": false])
        try house.releaseRow(id)
        let row = try #require(try house.rows().first)
        #expect(row["until"] == .day(Day(2026, 5, 6)))
        #expect(row["weight"] == .double(2))
        #expect(row["user_ids"] == .ids([2]))
        #expect(row["active"] == .bool(false))
        #expect(row["name"] == "Rule")
        #expect(row.id == id)
    }
}

extension GovernedWorld {
    func makeRule(_ name: String, _ values: ValueMap = [:]) throws -> Int {
        try world.act(as: "joe") { env in try env.create(ProbeRule.self, ValueMap([("name", .text(name))]).merging(values)).id }
    }

    func write(_ id: Int, _ values: ValueMap) throws {
        try world.act(as: "joe") { env in try env.records(ProbeRule.self, [id]).write(values) }
    }

    func rows() throws -> [GovernedRow] { try world.act { try GovernedRows.inForce("probe", in: $0) } }

    func steps() throws -> [String] {
        try rows().first?.values["step_ids"]?.listValue?.compactMap { $0.mapValue?["name"]?.textValue } ?? []
    }

    /// Ids and states of a record's versions.
    func versions(_ id: Int) throws -> [(Int, String)] {
        try world.act { env in
            try env.search(DefinitionVersion.self, .where("definition_id.res_id", .equal, .int(id)), order: "number").map {
                ($0.id, $0.state?.rawValue ?? "")
            }
        }
    }

    /// What the record itself says.
    func shown(_ id: Int) throws -> String? {
        try world.read(as: "joe") { env in try env.record(ProbeRule.self, id).value("governance_state").textValue }
    }

    func releaseRow(_ id: Int) throws {
        let version = try #require(try versions(id).last { $0.1 == "draft" }?.0)
        try call("action_submit", version, as: "ann")
        try call("action_release", version, as: "rex")
    }
}
