import Base
import Exceptions
import Governance
import JSON
import Kernel
import TestKit
import Testing

@testable import ServiceLevels

/// Service levels as definitions: where a version holds, and minutes that a decision table names.
@Suite struct GovernedClockTests {
    /// A promise for contacts, by a table of their function and country.
    private func world() throws -> World {
        let world = try World()
        try world.ship("decision", "contact.minutes", table(urgent: 30))
        try world.ship("sla", "contact", level)
        return world
    }

    private let level: JSON = [
        "name": "Contact", "model": "res.partner", "start": "[('comment', '=', 'waiting')]", "hours": "always", "minutes": 600,
        "table": "contact.minutes", "inputs": ["urgency": "function", "land": "country_id.code"],
    ]

    private func table(urgent: Int) -> JSON {
        [
            "hit_policy": "first",
            "inputs": [["name": "urgency", "type": "string", "optional": true], ["name": "land", "type": "string", "optional": true]],
            "outputs": [["name": "minutes", "type": "integer"], ["name": "warn", "type": "integer"]],
            "rules": [
                ["when": ["urgency": "\"urgent\"", "land": "\"BE\""], "then": ["minutes": 10, "warn": 80]],
                ["when": ["urgency": "\"urgent\""], "then": ["minutes": JSON(urgent), "warn": 50]],
                ["when": ["urgency": "\"never\""], "then": ["minutes": 0, "warn": 0]],
            ],
        ]
    }

    private func start(_ world: World, _ function: String) throws -> Int {
        try world.act { env in
            try env.create(Partner.self, ["name": "P", "comment": "waiting", "function": .text(function)]).id
        }
    }

    private func clock(_ world: World, _ partner: Int) throws -> String {
        try world.act { env in
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(partner)) & .where("res_model", .equal, "res.partner"))
                .first
            return "\(clock?.target ?? 0) \(clock?.warn ?? 0) \(clock?.decision ?? "")"
        }
    }

    private func proof(_ world: World, _ partner: Int) throws -> ValueMap? {
        try world.act { env in
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(partner)) & .where("res_model", .equal, "res.partner"))
            return try clock.records.model.method("prove")?.body(clock.records, [:]).listValue?.first?.mapValue
        }
    }

    @Test("the table names the minutes of each record; the version and what it was asked stay in the clock's events")
    func minutes() throws {
        let world = try world()
        let urgent = try start(world, "urgent")
        #expect(try clock(world, urgent) == "30 50 decision:contact.minutes@1")
        let event = try world.act { env in
            let event = try env.search(ClockRecordEvent.self, .where("clock_id.res_id", .equal, .int(urgent))).first
            return ["\(event?.target ?? 0)", event?.decision ?? "", event?.reason ?? "", event?.inputs.text() ?? ""]
        }
        #expect(
            event == [
                "30", "decision:contact.minutes@1", "sla:contact@1", #"{"inputs":{"urgency":"urgent","land":null},"rows":[2]}"#,
            ])
        #expect(try clock(world, try start(world, "calm")) == "600 0 decision:contact.minutes@1", "no row: the service level's own minutes")
    }

    @Test("a later version of the table changes no clock that runs; another input gives it another promise, and the proof finds both")
    func laterVersion() throws {
        let world = try world()
        let urgent = try start(world, "urgent")
        try world.ship("decision", "contact.minutes", table(urgent: 5))
        world.clock.advance(seconds: 600)
        // A change that the table does not ask about.
        try world.act { env in try env.record(Partner.self, urgent).write(["name": "Q"]) }
        #expect(try clock(world, urgent) == "30 50 decision:contact.minutes@1")
        #expect(try clock(world, try start(world, "urgent")) == "5 50 decision:contact.minutes@2")
        let belgium = try world.act { env in try Reference.require("base.be", env) }
        try world.act { env in try env.record(Partner.self, urgent).write(["country_id": .int(belgium)]) }
        #expect(try clock(world, urgent) == "10 80 decision:contact.minutes@2")
        let proof = try proof(world, urgent)
        #expect(proof?["proven"] == true)
        #expect(proof?["elapsed_minutes"] == 10 && proof?["is_breached"] == true)
        let decisions = proof?["stretches"]?.listValue?.map { $0.mapValue?["decision"] }
        #expect(decisions == ["decision:contact.minutes@1", "decision:contact.minutes@2"])
    }

    @Test("a table that cannot answer stops nobody: the service level's own minutes hold, and somebody hears of it")
    func brokenTable() throws {
        let world = try world()
        let partner = try start(world, "never")
        #expect(try clock(world, partner) == "600 0 ")
        func retry() throws -> Value? {
            try world.act { env in
                let cases = try env.search(ExceptionCase.self, .where("cause", .equal, "sla.table"))
                #expect(cases.map(\.reference) == ["contact"])
                return try cases.call("action_retry").listValue?.first?.mapValue?["message"]
            }
        }
        #expect(try retry()?.textValue?.contains("minutes") == true, "still the same table")
        #expect(try clock(world, partner) == "600 0 ")
        var mended = table(urgent: 30).objectValue ?? [:]
        mended["rules"] = [["when": ["urgency": "\"never\""], "then": ["minutes": 45, "warn": 10]]]
        try world.ship("decision", "contact.minutes", .object(mended))
        #expect(try retry() == "The promise is 45 minutes.")
        #expect(try clock(world, partner) == "45 10 decision:contact.minutes@2")
        #expect(try proof(world, partner)?["proven"] == true)
    }

    @Test("a service level whose table cannot be asked is refused with the place")
    func checks() throws {
        let world = try world()
        func place(_ change: JSONObject) throws -> String {
            var content = level.objectValue ?? [:]
            for member in change.members { content[member.key] = member.value }
            let whole = JSON.object(content)
            return try world.act { env in try ServiceLevelKind().check(whole, in: env).first?.place ?? "" }
        }
        #expect(try place([:]).isEmpty)
        #expect(try place(["table": "no.table"]) == "table")
        #expect(try place(["inputs": ["urgency": "color", "land": "country_id.code"]]) == "inputs.urgency")
        #expect(try place(["inputs": ["urgency": "function", "land": "country_id"]]) == "inputs.land")
        #expect(try place(["inputs": ["urgency": "function", "land": "country_id.code", "moon": "name"]]) == "inputs.moon")
    }

    @Test("a site's own version goes first there, and ending it brings everybody's back")
    func sites() throws {
        let world = try world()
        let site = try world.act { env in try env.create(Company.self, ["name": "Site B"]).id }
        try world.makeUser("ann", groups: ["governance.group_author"], companies: [1, site])
        try world.makeUser("rex", groups: ["governance.group_releaser"], companies: [1, site])
        var own = level.objectValue ?? [:]
        own["table"] = nil
        own["inputs"] = nil
        own["minutes"] = 77
        let content = JSON.object(own)
        let version = try world.act(as: "ann") { env in
            let definition = try env.create(
                Definition.self, ["kind": "sla", "key": "contact", "title": "Contact at B", "company_id": .int(site)])
            let version = try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content)])
            _ = try version.asSet.call("action_submit")
            return version.id
        }
        try world.act(as: "rex") { env in _ = try env.records(DefinitionVersion.self, [version]).call("action_release") }
        func target(_ company: Int) throws -> Int {
            try world.act { env in
                let partner = try env.create(Partner.self, ["name": "P", "comment": "waiting", "company_id": .int(company)])
                return try env.search(Clock.self, .where("res_id", .equal, .int(partner.id))).first?.target ?? 0
            }
        }
        #expect(try [target(1), target(site)] == [600, 77])
        try world.act(as: "rex") { env in
            _ = try env.records(DefinitionVersion.self, [version]).call("action_retire", ["reason": "No more"])
        }
        #expect(try [target(1), target(site)] == [600, 600])
        let outcomes = try world.act { env in try env.search(Clock.self, .where("target_minutes", .equal, 77)).map(\.state) }
        #expect(outcomes == [.running], "everybody's version takes its place, so that the clock runs on")
    }
}
