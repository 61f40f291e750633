import Automation
import Base
import Kernel
import TestKit
import Testing

/// A small generator of numbers that are the same in every run.
private struct ChainDice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite struct ChainTests {
    @Test("a rule's action may set off other rules, each at most once per record in a chain, and the trail names each cause")
    func rulesFollowEachOther() throws {
        let desk = try Desk()
        let (note, mark) = (try desk.fieldId("note"), try desk.fieldId("mark"))
        let watch: @Sendable (Int) -> ValueMap = { ["trigger_field_ids": .list([[6, 0, .ids([$0])]])] }
        try desk.rule(
            "Ping", "on_write", watch(note),
            actions: [Desk.set("mark", "", ["evaluation_type": "equation", "value": "(record.mark || '') + 'p'"])])
        try desk.rule(
            "Pong", "on_write", watch(mark),
            actions: [Desk.set("note", "", ["evaluation_type": "equation", "value": "(record.note || '') + 'q'"])])
        let id = try desk.ticket()
        try desk.write(id, ["note": "start"])
        #expect(try desk.mark(id) == "p" && desk.text(id, "note") == "startq")
        let causes = try desk.causes("write").map { $0.split(separator: "-").first.map(String.init) ?? "" }
        // Each rule also stamps when it was at work.
        #expect(causes == ["", "rule:ping", "rule:ping", "rule:pong", "rule:pong"])
    }

    @Test("random graphs of rules come to their end, each rule at most once per record in a chain")
    func randomGraphsEnd() throws {
        for seed in 0..<12 {
            var dice = ChainDice(state: UInt64(seed) &+ 7)
            let desk = try Desk()
            let fields = ["note", "mark", "count", "day"]
            let ids = try fields.map { try desk.fieldId($0) }
            let size = Int.random(in: 2...5, using: &dice)
            for number in 0..<size {
                let (from, to) = (Int.random(in: 0..<3, using: &dice), Int.random(in: 0..<3, using: &dice))
                let value = to == 2 ? "(record.count || 0) + 1" : "(record.\(fields[to]) || '') + '\(number)'"
                try desk.rule(
                    "R\(number)", Bool.random(using: &dice) ? "on_write" : "on_create_or_write",
                    ["trigger_field_ids": .list([[6, 0, .ids([ids[from]])]])],
                    actions: [Desk.set(fields[to], value, ["evaluation_type": "equation"])])
            }
            let listener = try desk.ticket()
            try desk.write(listener, ["note": "go", "count": 1])
            // The trail tells what every rule did: along any chain no rule wrote a record twice.
            for chain in try desk.chains(of: listener) { #expect(Set(chain).count == chain.count, "seed \(seed): \(chain)") }
        }
    }

    @Test("rules that make records without end are stopped, and the refusal names the rules in the loop")
    func endlessMaking() throws {
        let desk = try Desk()
        let model = try desk.world.act { env in try Desk.modelId("desk.ticket", env) }
        try desk.rule("Breed", "on_create", actions: [["state": "object_create", "crud_model_id": .int(model), "value": "Child"]])
        let refusal = #expect(throws: Refusal.self) { try desk.ticket() }
        #expect(refusal?.code == "automation.loop")
        #expect(refusal?.message.contains("rule:breed-") ?? false)
        #expect(try desk.world.act { env in try env.count(DeskTicket.self) } == 0)
    }

    @Test("a rule that is made, changed or archived holds at once, in its own unit of work and in the next")
    func changesHoldAtOnce() throws {
        let desk = try Desk()
        let rule = try desk.rule("R", "on_create", actions: [Desk.set("mark", "one")])
        #expect(try desk.mark(desk.ticket()) == "one")
        try desk.world.act { env in
            env.record(AutomationRule.self, rule).actions[0].content = "two"
            let ticket = try env.create(DeskTicket.self, ["name": "Same unit"])
            #expect(ticket.mark == "two")
        }
        #expect(try desk.mark(desk.ticket()) == "two")
        try desk.world.act { env in env.record(AutomationRule.self, rule).active = false }
        #expect(try desk.mark(desk.ticket()) == "")
        try desk.world.act { env in try env.records(AutomationRule.self, [rule]).unlink() }
        #expect(try desk.mark(desk.ticket()) == "")
    }

    @Test("a change of rules that is rolled back leaves those that hold as they were")
    func rolledBackChanges() throws {
        let desk = try Desk()
        let rule = try desk.rule("R", "on_create", actions: [Desk.set("mark", "one")])
        #expect(throws: Refusal.self) {
            try desk.world.act { env in
                env.record(AutomationRule.self, rule).active = false
                let ticket = try env.create(DeskTicket.self, ["name": "Off"])
                #expect(ticket.mark == "")
                throw Refusal("test.undo", .userError, "Undone.")
            }
        }
        #expect(try desk.mark(desk.ticket()) == "one")
    }

    @Test("another process sees a changed rule by its version, without a restart")
    func anotherProcess() async throws {
        let desk = try Desk()
        let rule = try desk.rule("R", "on_create", actions: [Desk.set("mark", "one")])
        #expect(try desk.mark(desk.ticket()) == "one")
        // A change that this process is not told of: straight in the tables, as another process leaves it.
        try desk.world.database.systemBlocking { connection in
            try connection.run(
                "UPDATE governance_version SET state = 'retired' WHERE definition_id IN "
                    + "(SELECT id FROM governance_definition WHERE res_model = 'base.automation' AND res_id = \(rule))", [])
            try connection.run("UPDATE baton_setting SET value = CAST(value AS INTEGER) + 1 WHERE key = 'automation.version'", [])
        }
        try await Task.sleep(for: .milliseconds(600))
        #expect(try desk.mark(desk.ticket()) == "")
    }

    @Test("rules run as whoever set them off: what that person may not do is refused and undone")
    func rightsHold() throws {
        let desk = try Desk()
        try desk.rule("R", "on_write", actions: [Desk.set("secret", "x")])
        let id = try desk.ticket()
        let refusal = #expect(throws: Refusal.self) { try desk.write(id, ["count": 1]) }
        #expect(refusal?.kind == .accessDenied)
        #expect(try desk.value(id, "count") == 0)
        try desk.world.act(as: "admin") { env in try env.asSuperuser("test").record(DeskTicket.self, id).write(["count": 2]) }
        #expect(try desk.text(id, "secret") == "x")
    }

    @Test("date_automation_last is stamped when a rule runs, and not when none does")
    func stamp() throws {
        let desk = try Desk()
        try desk.rule("R", "on_write", ["filter_domain": "[('note', '=', 'x')]"], actions: [Desk.set("mark", "ran")])
        let id = try desk.ticket()
        try desk.write(id, ["note": "y"])
        #expect(try desk.value(id, "date_automation_last") == .null)
        try desk.write(id, ["note": "x"])
        #expect(try desk.value(id, "date_automation_last") == .instant(desk.world.clock.now))
    }

    @Test("a condition that names the user and one that is reckoned from now mean what they say at each run")
    func movingConditions() throws {
        let desk = try Desk()
        try desk.rule("Mine", "on_create", ["filter_domain": "[('user_id', '=', uid)]"], actions: [Desk.set("mark", "mine")])
        try desk.rule("Late", "on_create", ["filter_domain": "[('day', '<', 'today')]"], actions: [Desk.set("note", "late")])
        let ann = try desk.world.user("ann").id
        let (mine, other) = (try desk.ticket(["user_id": .int(ann)]), try desk.ticket(["user_id": 2, "day": "2026-03-01"]))
        #expect(try desk.mark(mine) == "mine" && desk.mark(other) == "" && desk.text(other, "note") == "late")
        let fresh = try desk.ticket(["day": "2026-03-02"])
        #expect(try desk.text(fresh, "note") == "")
        desk.world.clock.advance(days: 1)
        let later = try desk.ticket(["day": "2026-03-02"])
        #expect(try desk.text(later, "note") == "late")
    }
}

extension Desk {
    /// For each line that rules wrote on a ticket, the causes that led to it, as far as the trail tells.
    func chains(of id: Int) throws -> [[String]] {
        try world.database.systemBlocking { connection in
            try connection.query(
                "SELECT coalesce(json_extract(detail, '$.chain'), '[]') FROM baton_audit WHERE model = 'desk.ticket' AND kind = 'write' AND ids LIKE '%\(id)%'",
                [], [.text]
            ).compactMap(\.textValue)
        }.map { text in text.split(separator: ",").map { $0.filter { !"[]\" ".contains($0) } }.filter { !$0.isEmpty } }
    }
}
