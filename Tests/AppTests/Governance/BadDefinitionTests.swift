import Automation
import Base
import Governance
import JSON
import Kernel
import TestKit
import Testing

@testable import Approvals

/// Definitions that cannot work: refused when they are written or submitted, or stopped when they run, each with its place and a remedy.
@Suite struct BadDefinitionTests {
    /// One way in which a definition can be bad.
    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        /// Words that name the place.
        let places: [String]
        let attempt: @Sendable (Desk) throws -> Void
    }

    static let all: [Bad] = [
        Bad(testDescription: "an unknown field", code: "automation.bad_domain", places: ["'Lost'", "filter_domain", "nowhere"]) { desk in
            try desk.rule("Lost", "on_create", ["filter_domain": "[('nowhere', '=', 1)]"], actions: [Desk.set("mark", "x")])
        },
        Bad(testDescription: "a type error", code: "governance.check_failed", places: ["decision:bad@1", "rules[2].amount"]) { desk in
            try submit(desk, [["when": ["amount": "< 10"], "then": ["days": 1]], ["when": ["amount": "\"much\""], "then": ["days": 2]]])
        },
        Bad(testDescription: "a cycle", code: "automation.action_depth", places: ["'Outer'", "levels deep"]) { desk in
            try desk.world.act { env in
                let model = try Desk.modelId("desk.ticket", env)
                let outer = try env.create(ServerAction.self, ["name": "Outer", "model_id": .int(model), "state": "multi"])
                let inner = try env.create(
                    ServerAction.self, ["name": "Inner", "model_id": .int(model), "state": "multi", "parent_id": .int(outer.id)])
                try outer.write(["parent_id": .int(inner.id)])
            }
        },
        Bad(testDescription: "an overlap", code: "governance.check_failed", places: ["decision:bad@1", "rules[1]"]) { desk in
            try submit(desk, [["when": ["amount": "< 10"], "then": ["days": 1]], ["when": ["amount": "< 20"], "then": ["days": 2]]])
        },
        Bad(testDescription: "a missing approver", code: "governance.check_failed", places: ["step_ids[0]", "'Heads'"]) { desk in
            try desk.world.makeUser("mia", groups: ["approvals.group_manager", "governance.group_author"])
            let group = try desk.world.act { env in try env.create(Group.self, ["name": "Empty"]).id }
            try desk.world.act(as: "mia") { env in
                let step: ValueMap = ["name": "Heads", "kind": "group", "group_id": .int(group)]
                _ = try env.create(
                    Policy.self,
                    [
                        "name": "P", "model": "care.referral", "action": "action_book", "domain": "[]",
                        "step_ids": .list([[0, 0, .map(step)]]),
                    ])
                let draft = Domain.where("kind", .equal, "approval_policy") & .where("state", .equal, "draft")
                _ = try env.search(DefinitionVersion.self, draft).call("action_submit")
            }
        },
        Bad(testDescription: "an infinite loop of rules", code: "automation.loop", places: ["rule:breed-"]) { desk in
            let model = try desk.world.act { env in try Desk.modelId("desk.ticket", env) }
            try desk.rule("Breed", "on_create", actions: [["state": "object_create", "crud_model_id": .int(model), "value": "Child"]])
            _ = try desk.ticket()
        },
        Bad(testDescription: "an endless script", code: "script.cpu", places: ["Spin"]) { desk in
            try desk.rule("R", "on_create", actions: [["name": "Spin", "state": "code", "code": "while (true) {}"]])
            _ = try desk.ticket()
        },
    ]

    /// Submits a unique decision table with rules over an amount.
    private static func submit(_ desk: Desk, _ rules: [JSON]) throws {
        try desk.world.makeUser("author", groups: ["decisions.group_author"])
        try desk.world.act(as: "author") { env in
            let definition = try env.create(Definition.self, ["kind": "decision", "key": "bad", "title": "Bad"])
            let content: JSON = [
                "hit_policy": "unique", "inputs": [["name": "amount", "type": "number"]],
                "outputs": [["name": "days", "type": "integer"]], "rules": .array(rules),
            ]
            let version = try env.create(DefinitionVersion.self, ["definition_id": .int(definition.id), "content": .json(content)])
            _ = try version.asSet.call("action_submit")
        }
    }

    @Test("a bad definition is refused or stopped with its place and its remedy, and the next unit of work runs as before", arguments: all)
    func refused(_ bad: Bad) throws {
        let desk = try Desk()
        let refusal = #expect(throws: Refusal.self) { try bad.attempt(desk) }
        #expect(refusal?.code == bad.code, "\(refusal.map { "\($0)" } ?? "")")
        for place in bad.places { #expect(refusal?.message.contains(place) == true, "\(refusal?.message ?? "")") }
        #expect(refusal?.instruction.isEmpty == false)
        try desk.world.act { env in _ = try env.create(Partner.self, ["name": "Goes on"]) }
    }
}
