import Base
import Kernel

/// Categories, a policy and requests of the demo hospital group.
enum DemoApprovals {
    static func fill(_ env: Environment) throws {
        let users = try people(env)
        guard let manager = users["manager"], let coordinator = users["coordinator"], let physician = users["physician"] else { return }
        try env.record(User.self, coordinator).write(["manager_id": .int(manager)])
        let categories = try categories(manager: manager, physician: physician, env)
        if env.registry.model("crm.lead") != nil {
            try Reference.ensure(
                "approvals.demo_policy_lead", Policy.self,
                [
                    "name": "Agreements above 100,000", "model": "crm.lead", "action": "action_set_won",
                    "domain": "[('expected_revenue', '>', 100000)]", "relevant_fields": "name, expected_revenue, partner_name",
                    "step_ids": .list([
                        [0, 0, ["name": "Referral manager", "kind": "users", "user_ids": .list([[6, 0, .ids([manager])]]), "quorum": 1]]
                    ]),
                ], env)
        }
        try requests(categories, ["coordinator": coordinator, "physician": physician], env)
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
