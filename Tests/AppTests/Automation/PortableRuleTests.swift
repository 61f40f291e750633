import Automation
import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// Rules that leave one database as files and come into another one.
@Suite struct PortableRuleTests {
    /// A desk with an administrator who writes definitions, and one who releases.
    private func desk(shifted: Int = 0) throws -> Desk {
        let desk = try Desk()
        // Numbers mean other things in every database.
        if shifted > 0 {
            try desk.world.act { env in
                for number in 0..<shifted { _ = try env.create(AutomationRule.self, try filler(number, env)) }
            }
        }
        try desk.world.makeUser("eve", groups: ["base.group_system", "desk.group_user", "governance.group_author"])
        try desk.world.makeUser("rex", groups: ["governance.group_releaser"])
        return desk
    }

    private func filler(_ number: Int, _ env: Environment) throws -> ValueMap {
        let model = try Desk.modelId("desk.plain", env)
        return [
            "name": .text("Filler \(number)"), "model_id": .int(model), "trigger": "on_create",
            "action_server_ids": .list([[0, 0, ["model_id": .int(model), "state": "object_write", "update_path": "name", "value": "x"]]]),
        ]
    }

    private func exported(_ desk: Desk, _ kind: String) throws -> [String] {
        try desk.world.read(as: "eve") { env in
            let model = try env.registry.requireModel("governance.version")
            let own = Domain.where("kind", .equal, .text(kind)) & .where("state", .equal, "released")
            return try env.search(DefinitionVersion.self, own, order: "id").ids.map { id in
                try model.method("export_yaml")?.body(env.records("governance.version", [id]), [:]).textValue ?? ""
            }
        }
    }

    private func imported(_ desk: Desk, _ yaml: String) throws -> Int {
        try desk.world.act(as: "eve") { env in
            let model = try env.registry.requireModel("governance.definition")
            return try model.method("import_yaml")?.body(Records(model, [], env), ["text": .text(yaml)]).intValue ?? 0
        }
    }

    @Test(
        "a rule and its action leave one database as files and work in another, whose numbers are others, once a second person has released them"
    )
    func rules() throws {
        let home = try desk()
        let watched = try home.fieldId("priority")
        try home.rule(
            "Urgent ones", "on_create_or_write",
            ["filter_domain": "[('priority', '=', '2')]", "trigger_field_ids": .list([[6, 0, .ids([watched])]])],
            actions: [Desk.set("mark", "urgent")])
        let (rule, action) = (try exported(home, "rule")[0], try exported(home, "action")[0])
        #expect(rule.contains("model_id: desk.ticket") && rule.contains("desk.ticket/priority"), "\(rule)")
        #expect(
            action.contains("base_automation_id: \"rule:urgent-ones") || action.contains("base_automation_id: rule:urgent-ones"),
            "\(action)")
        let away = try desk(shifted: 3)
        for yaml in [rule, action] {
            let version = try imported(away, yaml)
            let found = try away.world.act { env in env.record(DefinitionVersion.self, version).state }
            #expect(found == .draft)
        }
        #expect(try away.mark(try away.ticket(["priority": "2"])) == "", "a draft does nothing")
        let drafts = try away.world.act { try $0.search(DefinitionVersion.self, .where("state", .equal, "draft"), order: "id").ids }
        try away.world.act(as: "eve") { env in _ = try env.records(DefinitionVersion.self, drafts).call("action_submit") }
        try away.world.act(as: "rex") { env in _ = try env.records(DefinitionVersion.self, drafts).call("action_release") }
        #expect(try away.mark(try away.ticket(["priority": "2"])) == "urgent")
        #expect(try away.mark(try away.ticket(["priority": "1"])) == "")
        // A second import of the same file finds its record and changes nothing.
        let again = try imported(away, rule)
        #expect(drafts.contains(again))
        #expect(try away.world.act { try $0.count(AutomationRule.self, .where("name", .equal, "Urgent ones")) } == 1)
    }

    @Test("a name that the other database does not have is refused with its place, and who may not write rules imports none")
    func refusals() throws {
        let home = try desk()
        try home.rule("Urgent ones", "on_create", actions: [Desk.set("mark", "urgent")])
        let (rule, action) = (try exported(home, "rule")[0], try exported(home, "action")[0])
        let away = try desk()
        let lone = #expect(throws: Refusal.self) { _ = try imported(away, action) }
        #expect(lone?.code == "governance.unknown_name" && lone?.message.contains("values.base_automation_id") == true)
        let other = #expect(throws: Refusal.self) { _ = try imported(away, rule.replacing("desk.ticket", with: "desk.nothing")) }
        #expect(other?.code == "governance.unknown_name" && other?.message.contains("values.model_id") == true)
        try away.world.makeUser("ada", groups: ["governance.group_author"])
        let denied = #expect(throws: Refusal.self) {
            try away.world.act(as: "ada") { env in
                let model = try env.registry.requireModel("governance.definition")
                _ = try model.method("import_yaml")?.body(Records(model, [], env), ["text": .text(rule)])
            }
        }
        #expect(denied?.code == "access.denied")
    }
}
