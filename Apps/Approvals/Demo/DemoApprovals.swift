import Base
import Governance
import JSON
import Kernel

/// Categories, a policy and requests of the demo hospital group.
enum DemoApprovals {
    static func fill(_ env: Environment) throws {
        let users = try people(env)
        guard let manager = users["manager"], let coordinator = users["coordinator"], let physician = users["physician"] else { return }
        try env.record(User.self, coordinator).write(["manager_id": .int(manager)])
        let categories = try categories(manager: manager, physician: physician, env)
        if env.registry.model("crm.lead") != nil {
            try Definitions.ship(ShippedDefinitions(app: "approvals", release: "the demo") { [agreements] }, in: env)
            try Reference.ensure(
                "approvals.demo_policy_lead", Policy.self,
                [
                    "name": "Agreements above 100,000", "model": "crm.lead", "action": "action_set_won",
                    "domain": "[('expected_revenue', '>', 100000)]", "relevant_fields": "name, expected_revenue, partner_name",
                    "step_ids": .list([
                        [
                            0, 0,
                            [
                                "name": "By amount", "kind": "table", "table_key": "demo.agreements",
                                "table_inputs": .json(["revenue": "expected_revenue"]),
                            ],
                        ]
                    ]),
                ], env)
        }
        try requests(categories, ["coordinator": coordinator, "physician": physician], env)
    }

    /// Who agrees to what: the manager above 100,000, and above 250,000 a physician after that.
    private static let agreements = DefinitionFile(
        kind: "decision", key: "demo.agreements", title: "Agreements: who decides",
        content: [
            "hit_policy": "rule_order", "inputs": [["name": "revenue", "title": "Expected revenue", "type": "number"]],
            "outputs": [
                ["name": "name", "type": "string"], ["name": "kind", "type": "string"], ["name": "who", "type": "string"],
                ["name": "deadline", "title": "Hours until a reminder", "type": "integer"],
            ],
            "rules": [
                row("-", "Referral manager", "manager", hours: 24), row("> 250000", "Physician", "physician", hours: 48),
            ],
            "tests": [
                [
                    "name": "a large one", "given": ["revenue": 300_000],
                    "expect": [
                        ["name": "Referral manager", "kind": "users", "who": "manager", "deadline": 24],
                        ["name": "Physician", "kind": "users", "who": "physician", "deadline": 48],
                    ],
                ]
            ],
        ])

    private static func row(_ revenue: String, _ name: String, _ login: String, hours: Int) -> JSON {
        [
            "when": ["revenue": .string(revenue)],
            "then": [
                "name": .string("\"\(name)\""), "kind": "\"users\"", "who": .string("\"\(login)\""), "deadline": JSON(hours),
            ],
        ]
    }

    private static func people(_ env: Environment) throws -> [String: Int] {
        let logins: [Value] = ["manager", "coordinator", "physician"]
        let users = try env.search(User.self, .where("login", .in, .list(logins)))
        return Dictionary(users.map { ($0.login, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    private static func categories(manager: Int, physician: Int, _ env: Environment) throws -> [Int] {
        let seats: (Int) -> Value = { .list([[0, 0, ["user_id": .int($0), "required": true]]]) }
        let travel = try Reference.ensure(
            "approvals.demo_travel", Category.self,
            [
                "name": "Business trip", "has_period": "required", "has_location": "required", "has_amount": "optional",
                "company_id": .null, "manager_approval": "required", "approver_ids": seats(physician), "approval_minimum": 2,
                "approver_sequence": true, "deadline_hours": 24,
            ], env)
        let equipment = try Reference.ensure(
            "approvals.demo_equipment", Category.self,
            [
                "name": "Equipment below the purchasing limit", "has_amount": "required", "has_quantity": "optional",
                "company_id": .null, "approver_ids": seats(manager), "approval_minimum": 1, "automated_sequence": true,
                "sequence_code": "EQ",
            ], env)
        return [travel.id, equipment.id]
    }

    private static func requests(_ categories: [Int], _ users: [String: Int], _ env: Environment) throws {
        let wishes: [(String, Int, ValueMap)] = [
            (
                "coordinator", categories[0],
                [
                    "name": "Referral conference", "location": "Springfield", "amount": 640,
                    "date_start": .instant(env.now + 20 * 86_400), "date_end": .instant(env.now + 22 * 86_400),
                ]
            ),
            ("coordinator", categories[1], ["amount": 380, "quantity": 2, "reason": "<p>Two headsets</p>"]),
            ("physician", categories[1], ["amount": 1_150, "quantity": 1, "reason": "<p>A vein finder</p>"]),
        ]
        for (login, category, values) in wishes {
            guard let id = users[login], let user = try BaseDirectory().user(id, in: env) else { continue }
            let own = env.with(user: user)
            let request = try own.create(Request.self, values.merging(["category_id": .int(category)]))
            _ = try request.asSet.call("action_confirm")
        }
    }
}
