import Automation
import Base
import Governance
import Kernel
import TestKit
import Testing

@Suite struct GovernedRuleTests {
    /// The newest version about a record.
    private static func version(_ model: String, _ id: Int, _ env: Environment) throws -> Record<DefinitionVersion> {
        let own = Domain.where("definition_id.res_model", .equal, .text(model)) & .where("definition_id.res_id", .equal, .int(id))
        return try #require(try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first)
    }

    /// A desk with two people who may write rules and release definitions.
    private func desk() throws -> Desk {
        let desk = try Desk()
        for login in ["eve", "max"] {
            try desk.world.makeUser(
                login, groups: ["base.group_system", "desk.group_user", "governance.group_author", "governance.group_releaser"])
        }
        return desk
    }

    private func make(_ desk: Desk, as login: String) throws -> (rule: Int, action: Int) {
        try desk.world.act(as: login) { env in
            let model = try Desk.modelId("desk.ticket", env)
            let action = Desk.set("mark", "ran", ["model_id": .int(model)])
            let rule = try env.create(
                AutomationRule.self,
                [
                    "name": "Drafted", "model_id": .int(model), "trigger": "on_create",
                    "action_server_ids": .list([[0, 0, .map(action)]]),
                ])
            return (rule.id, rule.actions.ids[0])
        }
    }

    @Test("a rule that a person writes is a draft: it runs when a second person has released it and its action, and not before")
    func aSecondPersonReleases() throws {
        let desk = try desk()
        let (rule, action) = try make(desk, as: "eve")
        #expect(try desk.mark(desk.ticket()) == "")
        let step: @Sendable (String, String) throws -> Void = { login, name in
            for (model, id) in [("base.automation", rule), ("ir.actions.server", action)] {
                try desk.world.act(as: login) { env in _ = try Self.version(model, id, env).records.call(name) }
            }
        }
        try step("eve", "action_submit")
        let refusal = #expect(throws: Refusal.self) { try step("eve", "action_release") }
        // The pair of roles "writes rules, releases rules" speaks before governance does.
        #expect(refusal?.code == "sod.toxic_pair")
        #expect(try desk.mark(desk.ticket()) == "")
        try step("max", "action_release")
        #expect(try desk.mark(desk.ticket()) == "ran")
    }

    @Test("a change of a released rule waits for its release, and what was released goes on meanwhile")
    func aChangeWaits() throws {
        let desk = try desk()
        try desk.rule("R", "on_create", actions: [Desk.set("mark", "old")])
        try desk.world.act(as: "eve") { env in
            try env.search(ServerAction.self, limit: 1).first?.write(["value": "new"])
        }
        #expect(try desk.mark(desk.ticket()) == "old")
    }

    @Test("where direct changes are allowed a rule holds at once, and its versions say how they came about")
    func directChanges() throws {
        let desk = try desk()
        try desk.world.act { env in
            _ = try env.create(Parameter.self, ["key": "governance.direct_changes", "value": "base.automation,ir.actions.server"])
        }
        let (rule, _) = try make(desk, as: "eve")
        let id = try desk.ticket()
        #expect(try desk.mark(id) == "ran")
        #expect(try desk.causes("write").contains("rule:drafted-\(rule)@1"))
        #expect(try desk.world.act { env in try Self.version("base.automation", rule, env).origin } == .direct)
        try desk.world.act(as: "eve") { env in try env.record(AutomationRule.self, rule).write(["active": false]) }
        #expect(try desk.mark(desk.ticket()) == "")
    }

    @Test("an action that nobody released is refused when it is run by hand")
    func unreleasedAction() throws {
        let desk = try desk()
        let (_, action) = try make(desk, as: "eve")
        let id = try desk.ticket()
        let refusal = #expect(throws: Refusal.self) {
            try desk.world.act(as: "eve", context: ["active_model": "desk.ticket", "active_ids": .ids([id])]) { env in
                _ = try env.registry.requireModel("ir.actions.server").method("run")?.body(
                    try env.records("ir.actions.server", [action]), [:])
            }
        }
        #expect(refusal?.code == "automation.not_released")
    }
}
