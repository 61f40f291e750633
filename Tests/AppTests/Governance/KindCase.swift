import Automation
import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// How one kind of governed definition is tried by `GovernedKindTests`; a kind without a case makes them fail.
struct KindCase: Sendable, CustomTestStringConvertible {
    let kind: String
    /// Writes a draft of the first or the second content as somebody, and gives the version's id.
    let draft: @Sendable (GovernedWorld, Int, String) throws -> Int
    /// A test that the second content fails.
    let failing: JSON
    /// Which of the contents is in effect: "1", "2", or something else before any.
    let effect: @Sendable (GovernedWorld) throws -> String
    /// Lets the definition in force do something that stands in the trail; nil where what it installs stands there.
    var act: (@Sendable (GovernedWorld) throws -> Void)?
    /// Whether it is of the app of approvals, whose pairs of roles refuse before governance does.
    var isOfApprovals = false

    var testDescription: String { kind }
}

extension KindCase {
    /// A kind whose definitions are written as versions.
    static func written(
        _ kind: String, key: String, _ content: @escaping @Sendable (Int) -> JSON, failing: JSON,
        act: (@Sendable (GovernedWorld) throws -> Void)? = nil, effect: @escaping @Sendable (GovernedWorld) throws -> String
    ) -> KindCase {
        KindCase(
            kind: kind,
            draft: { house, step, login in
                try house.world.act(as: login) { env in
                    let own = Domain.where("kind", .equal, .text(kind)) & .where("key", .equal, .text(key))
                    let known = try env.search(Definition.self, own, limit: 1).first
                    let definition = try known ?? env.create(Definition.self, ["kind": .text(kind), "key": .text(key), "title": "Tried"])
                    return try env.create(
                        DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content(step))]
                    ).id
                }
            }, failing: failing, effect: effect, act: act)
    }

    /// A kind whose definitions are live records: `values` makes one, and `field` is what the second content writes.
    static func row(
        _ kind: String, model: String, named label: String = "name", field: String, _ contents: [String], isOfApprovals: Bool = false,
        act: (@Sendable (GovernedWorld) throws -> Void)? = nil,
        _ values: @escaping @Sendable (Environment) throws -> ValueMap
    ) -> KindCase {
        KindCase(
            kind: kind,
            draft: { house, step, login in
                let text = contents[step - 1]
                let id = try house.world.act(as: login) { env -> Int in
                    let schema = try env.registry.requireModel(model)
                    let everything = try env.with(context: ["active_test": false])
                    if let known = try everything.search(schema, .where(label, .equal, "Tried"), limit: 1).ids.first {
                        try env.records(model, [known]).write([field: .text(text)])
                        return known
                    }
                    return try env.create(schema, [values(env).merging([label: "Tried", field: .text(text)])]).ids[0]
                }
                return try house.world.act { env in
                    let own =
                        Domain.where("definition_id.res_model", .equal, .text(model)) & .where("definition_id.res_id", .equal, .int(id))
                        & .where("state", .equal, "draft")
                    return try #require(try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first).id
                }
            }, failing: [["name": "never so", "field": .string(field), "is": "something else"]],
            effect: { house in
                let found = try house.world.act { env in
                    try GovernedRows.inForce(kind, in: env).filter { $0[label] == "Tried" }.map { $0[field].textValue ?? "" }
                }
                return found.first.flatMap { contents.firstIndex(of: $0) }.map { String($0 + 1) } ?? ""
            }, act: act, isOfApprovals: isOfApprovals)
    }

    /// The cases, one for each kind of the product; a new kind adds its own here.
    static let all: [KindCase] = [
        .written(
            "role", key: "tried",
            { step in
                [
                    "group": "exceptions.group_user", "implies": ["base.group_user"],
                    "rights": ["ops.exception": step == 1 ? "rw" : "r", "ops.exception.occurrence": "r"],
                ]
            }, failing: [["name": "they write", "model": "ops.exception", "may": "w"]]
        ) { house in
            try house.world.makeOnce("olga", groups: ["exceptions.group_user"])
            return try house.world.act(as: "olga") { env in
                env.allows(.write, on: try env.registry.requireModel("ops.exception")) ? "1" : "2"
            }
        },
        .written(
            "decision", key: "tried.days",
            { step in
                [
                    "title": "Days", "hit_policy": "unique", "inputs": [["name": "amount", "type": "number"]],
                    "outputs": [["name": "days", "type": "integer"]], "rules": [["then": ["days": JSON(step)]]],
                ]
            }, failing: [["name": "one day", "given": ["amount": 1], "expect": ["days": 7]]]
        ) { house in
            try house.world.act { env in
                try Definitions.inForce("decision", "tried.days", in: env)?.content["rules"]?[0]?["then"]?["days"]?.intValue.map(
                    String.init)
                    ?? ""
            }
        },
        .row("rule", model: "base.automation", field: "filter_domain", ["[('color', '=', 1)]", "[('color', '=', 2)]"]) { env in
            ["model_id": .int(try Desk.modelId("res.partner", env)), "trigger": "on_create"]
        },
        .row(
            "action", model: "ir.actions.server", field: "value", ["1", "2"],
            act: { house in
                try house.world.act { env in
                    let partner = try env.create(Partner.self, ["name": "Changed"])
                    let action = try env.search(ServerAction.self, .where("name", .equal, "Tried")).ids
                    let told = try env.with(context: ["active_model": "res.partner", "active_ids": .ids([partner.id])])
                    _ = try env.registry.requireModel("ir.actions.server").method("run")?.body(
                        try told.records("ir.actions.server", action), [:])
                }
            }
        ) { env in ["model_id": .int(try Desk.modelId("res.partner", env)), "state": "object_write", "update_path": "function"] },
        .row("sms_template", model: "sms.template", field: "body", ["First", "Second"]) { env in
            ["model_id": .int(try Desk.modelId("res.partner", env))]
        },
        .row("mail_template", model: "mail.template", field: "subject", ["First", "Second"]) { env in
            ["model_id": .int(try Desk.modelId("res.partner", env)), "body_html": "<p>Body</p>"]
        },
        .written(
            "sla", key: "tried",
            { step in
                [
                    "key": "tried", "name": "Tried", "model": "care.referral", "start": "[('urgency', '=', 'routine')]",
                    "stop": "[('stage', '=', 'scheduled')]", "minutes": JSON(step * 60), "warn": 50,
                ]
            }, failing: [["name": "a kind without tests takes none"]]
        ) { house in
            try house.world.act { env in
                try Definitions.inForce("sla", "tried", in: env)?.content["minutes"]?.intValue.map { String($0 / 60) } ?? ""
            }
        },
        .written(
            "reading", key: "tried",
            { step in
                ["parts": ["referral": ["needed": ["family_name", "birth_date"], "sure": step == 1 ? 0.8 : 0.7]]]
            }, failing: [["name": "it goes on", "given": ["fields": ["reason": 1]], "expect": ["by_itself": true]]]
        ) { house in
            try house.world.act { env in
                let share = try Definitions.inForce("reading", "tried", in: env)?.content["parts"]?["referral"]?["sure"]?.doubleValue
                return share == 0.8 ? "1" : share == 0.7 ? "2" : ""
            }
        },
        .row(
            "approval_policy", model: "approval.policy", field: "relevant_fields", ["urgency", "urgency, stage"], isOfApprovals: true
        ) { env in
            let step: ValueMap = ["name": "Rex", "kind": "users", "user_ids": .list([[6, 0, .ids([try person("rex", env)])]])]
            return ["model": "care.referral", "action": "action_book", "domain": "[]", "step_ids": .list([[0, 0, .map(step)]])]
        },
        .row("approval_category", model: "approval.category", field: "has_amount", ["optional", "required"], isOfApprovals: true) { env in
            ["company_id": false, "approver_ids": .list([[0, 0, ["user_id": .int(try person("rex", env))]]])]
        },
        .row("toxic_pair", model: "sod.rule", field: "reason", ["One", "Two"], isOfApprovals: true) { _ in
            [
                "model_a": "care.referral", "action_a": "action_book", "model_b": "care.referral", "action_b": "action_defer",
            ]
        },
        .row(
            "schedule", model: "ir.cron", named: "cron_name", field: "cron_expression", ["0 3 * * *", "0 4 * * *"]
        ) { env in
            let model = try Desk.modelId("res.partner", env)
            let values: ValueMap = ["name": "Scheduled", "model_id": .int(model), "state": "code", "code": "log('x')"]
            return ["ir_actions_server_id": .int(try env.create(ServerAction.self, values).id)]
        },
        .row("webhook", model: "webhook.endpoint", field: "url", ["https://a.example/1", "https://a.example/2"]) { _ in
            ["company_id": false]
        },
    ]

    private static func person(_ login: String, _ env: Environment) throws -> Int {
        try env.search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id ?? 0
    }
}

extension World {
    /// Makes a user unless there is one already.
    func makeOnce(_ login: String, groups: [String]) throws {
        if (try? user(login)) == nil { try makeUser(login, groups: groups) }
    }
}
