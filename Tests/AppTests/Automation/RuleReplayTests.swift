import Automation
import Base
import Governance
import JSON
import Kernel
import Messaging
import TestKit
import Testing

/// Drafts of rules and actions, held against what really happened at the desk.
@Suite struct RuleReplayTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
        try desk.world.makeUser(
            "eve", groups: ["base.group_system", "desk.group_user", "governance.group_author", "governance.group_releaser"])
    }

    /// The newest draft about a record.
    private func draft(_ model: String, _ id: Int) throws -> Int {
        try desk.world.act { env in
            let own =
                Domain.where("definition_id.res_model", .equal, .text(model)) & .where("definition_id.res_id", .equal, .int(id))
                & .where("state", .equal, "draft")
            return try #require(try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first).id
        }
    }

    private func simulate(_ version: Int) async throws -> JSON {
        let asked = try desk.world.act(as: "eve") { env in
            try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": 30])
        }
        return try await Simulation(desk.world.database).run(try #require(asked.idList?.first)).report
    }

    /// How many lines stand in tables that tell of the outside world, and in the trail by what they tell.
    private func outside() throws -> [String: Int] {
        try desk.world.database.systemBlocking { connection in
            var counts: [String: Int] = [:]
            for table in ["baton_outbox", "mail_mail", "mail_message", "mail_activity", "baton_counter", "desk_ticket"] {
                counts[table] = try connection.first("SELECT count(*) FROM \(table)", [], .integer)?.intValue
            }
            for line in try connection.query("SELECT kind || ' ' || model FROM baton_audit", [], [.text]) {
                counts[line.textValue ?? "", default: 0] += 1
            }
            return counts
        }
    }

    /// What became more since; of a simulation only that it was asked for.
    private func left(_ before: [String: Int]) throws -> [String] {
        try outside().filter { before[$0.key] != $0.value }.keys.sorted()
    }

    private static let asked = [
        "action governance.version", "create governance.simulation", "definition governance.version",
    ]

    private func rule(_ name: String, domain: String, _ actions: [ValueMap], as login: String) throws -> (rule: Int, actions: [Int]) {
        try desk.world.act(as: login) { env in
            let model = try Desk.modelId("desk.ticket", env)
            let lines = actions.map { Value.list([0, 0, .map(ValueMap([("model_id", .int(model))]).merging($0))]) }
            let rule = try env.create(
                AutomationRule.self,
                [
                    "name": .text(name), "model_id": .int(model), "trigger": "on_create_or_write", "filter_domain": .text(domain),
                    "action_server_ids": .list(lines),
                ])
            return (rule.id, rule.actions.ids)
        }
    }

    @Test("a draft of a rule is run on past tickets as they were: what it would have done, to which, at what cost; and nothing stays")
    func draftOfRule() async throws {
        let high = try desk.ticket(["name": "High", "priority": "1"])
        _ = try desk.ticket(["name": "Low"])
        // By now it is low: at its creation it was not.
        try desk.write(high, ["priority": "0"])
        let made = try rule("Look", domain: "[('priority', '=', '1')]", [Desk.set("mark", "seen")], as: "eve")
        let before = try outside()
        let report = try await simulate(try draft("base.automation", made.rule))
        #expect(report["against"] == .null)
        #expect(report["concerned"] == 1 && report["changed"] == 1 && report["changed_records"] == 1)
        let example = try #require(report["examples"]?[0])
        #expect(example["id"]?.intValue == high && example["before"] == .null)
        #expect(example["after"]?["writes"]?["mark"] == "seen")
        #expect(try desk.mark(high) == "")
        let more = try left(before)
        #expect(more == Self.asked)
    }

    @Test("against the rule in force the report tells the difference, and other rules that write the same field are conflicts")
    func againstTheRuleInForce() async throws {
        try desk.rule("Other", "on_create", ["filter_domain": "[]"], actions: [Desk.set("mark", "other")])
        let made = try desk.world.act { env -> Int in
            let model = try Desk.modelId("desk.ticket", env)
            return try env.create(
                AutomationRule.self,
                [
                    "name": "Mine", "model_id": .int(model), "trigger": "on_create", "filter_domain": "[('priority', '=', '2')]",
                    "action_server_ids": .list([[0, 0, .map(Desk.set("mark", "mine", ["model_id": .int(model)]))]]),
                ]
            ).id
        }
        for priority in ["0", "1", "2"] { _ = try desk.ticket(["priority": .text(priority)]) }
        try desk.world.act(as: "eve") { env in
            try env.record(AutomationRule.self, made).write(["filter_domain": "[('priority', 'in', ['1', '2'])]"])
        }
        let report = try await simulate(try draft("base.automation", made))
        #expect(report["against"]?.stringValue?.hasPrefix("rule:mine-") == true)
        // The urgent one is marked by both, the high one by the draft alone.
        #expect(report["concerned"] == 2 && report["changed"] == 1)
        #expect(report["conflicts"]?[0]?["count"] == 2)
        #expect(report["conflicts"]?[0]?["what"]?.stringValue?.hasSuffix("writes another value into 'mark'") == true)
        #expect(report["microseconds"]?["draft"]?.intValue ?? 0 > 0 && report["microseconds"]?["in_force"]?.intValue ?? 0 > 0)
    }

    @Test("a draft of an action is run in the rule in force that it belongs to")
    func draftOfAction() async throws {
        let id = try desk.rule("R", "on_create", actions: [Desk.set("mark", "old")])
        let ticket = try desk.ticket()
        try desk.world.act(as: "eve") { env in try env.record(AutomationRule.self, id).actions.write(["value": "new"]) }
        let action = try desk.world.act { env in env.record(AutomationRule.self, id).actions.ids[0] }
        let report = try await simulate(try draft("ir.actions.server", action))
        #expect(report["changed"] == 1)
        let example = try #require(report["examples"]?[0])
        #expect(example["id"]?.intValue == ticket)
        #expect(example["before"]?["writes"]?["mark"] == "old" && example["after"]?["writes"]?["mark"] == "new")
    }

    @Test("mails, webhooks, activities, numbers and scripts of a rehearsed rule stay inside")
    func nothingLeaves() async throws {
        let called = Locked(0)
        OutgoingCall.carry(for: desk.world.database.appMemory) { call, env in
            called.withLock { $0 += 1 }
            try env.unit.transaction.emit(OutboxEvent("desk.called", model: call.model, recordId: call.id))
        }
        _ = try desk.ticket()
        let (template, numbers) = try desk.world.act { env in
            let model = try Desk.modelId("desk.ticket", env)
            let template = try env.create(
                MailTemplate.self,
                ["name": "T", "model_id": .int(model), "subject": "S", "body_html": "<p>B</p>", "email_to": "someone@clinics.example"])
            let numbers = try env.create(Sequence.self, ["name": "N", "prefix": "N"])
            return (template.id, numbers.id)
        }
        let made = try rule(
            "All", domain: "[]",
            [
                ["state": "mail_post", "mail_post_method": "email", "template_id": .int(template)],
                ["state": "webhook", "webhook_url": "https://systems.example/in"],
                ["state": "next_activity", "activity_summary": "Look"],
                ["state": "object_write", "update_path": "note", "evaluation_type": "sequence", "sequence_id": .int(numbers)],
                ["state": "code", "code": "records.write({mark: 'script'})"],
            ], as: "eve")
        let before = try outside()
        let report = try await simulate(try draft("base.automation", made.rule))
        let after = try #require(report["examples"]?[0]?["after"])
        #expect(after["writes"]?["mark"] == "script" && after["writes"]?["note"] == "N1")
        #expect(after["does"]?["create mail.activity"] == 1, "\(after)")
        #expect(after["does"]?["create mail.mail"] == 1, "\(after)")
        #expect(called.withLock { $0 } == 1)
        let more = try left(before)
        #expect(more == Self.asked)
    }

    @Test("a rule whose refusal people would have met is told as such")
    func refusals() async throws {
        _ = try desk.ticket()
        let made = try rule(
            "Strict", domain: "[]", [["state": "code", "code": "throw new UserError('No tickets today.')"]], as: "eve")
        let report = try await simulate(try draft("base.automation", made.rule))
        #expect(report["failures"]?[0]?["what"] == "script.user_error" && report["failures"]?[0]?["count"] == 1)
        #expect(report["examples"]?[0]?["after"]?["refused"] == "script.user_error")
    }

    @Test("what the trail does not keep is refused when it is asked: edits, deletions, messages, webhooks, actions without a rule")
    func limits() throws {
        for trigger in ["on_change", "on_unlink", "on_message_received", "on_webhook"] {
            let id = try desk.world.act(as: "eve") { env -> Int in
                let model = try Desk.modelId("desk.ticket", env)
                return try env.create(
                    AutomationRule.self, ["name": .text(trigger), "model_id": .int(model), "trigger": .text(trigger)]
                ).id
            }
            let version = try draft("base.automation", id)
            let refusal = #expect(throws: Refusal.self) {
                try desk.world.act(as: "eve") { env in
                    _ = try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": 30])
                }
            }
            #expect(refusal?.code == "governance.not_replayable" && refusal?.message.contains("trail") == true, "\(trigger)")
        }
        let lone = try desk.world.act(as: "eve") { env -> Int in
            let model = try Desk.modelId("desk.ticket", env)
            return try env.create(ServerAction.self, Desk.set("mark", "x", ["model_id": .int(model), "name": "Lone"])).id
        }
        let version = try draft("ir.actions.server", lone)
        let refusal = #expect(throws: Refusal.self) {
            try desk.world.act(as: "eve") { env in
                _ = try env.records(DefinitionVersion.self, [version]).call("action_simulate", ["days": 30])
            }
        }
        #expect(refusal?.message.contains("no rule in force") == true)
    }
}
