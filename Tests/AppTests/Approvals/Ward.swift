import Base
import DecisionTables
import Exceptions
import Governance
import JSON
import Kernel
import Messaging
import TestKit
import Testing

@testable import Approvals

/// An order of a small shop: what policies of the tests are about.
struct WardOrder: Model {
    static let name = "ward.order"
    static let title = "Order"
    static let hasChatter = true

    let displayedName = Char("name", "Name", .required)
    let total = Float("amount", "Amount")
    let note = Char("note", "Note")
    let isConfirmed = Flag("confirmed", .initial(false))
    let confirmedBy = Many2one<User>("confirmed_by_id")
    let times = Integer("times", .initial(0))
    let budgetOwner = Many2one<User>("budget_user_id")
    let supplier = Many2one<Partner>("supplier_id")
    let user = Many2one<User>("user_id")
    let company = Many2one<Company>("company_id", .initially { .int($0.companyId) })
    let lines = One2many<WardLine>("line_ids", inverse: \.order)
    let weight = Integer(
        "weight", .computed(on: "line_ids.pieces", stored: true) { (order: Record<WardOrder>) in order.lines.reduce(0) { $0 + $1.pieces } })

    static let actions = [
        Action<WardOrder>("action_confirm", "Confirm", when: { !$0.isConfirmed }) { orders in
            for order in orders {
                try order.write(["confirmed": true, "confirmed_by_id": .int(order.env.user.id), "times": .int(order.times + 1)])
            }
        },
        Action<WardOrder>("action_receive", "Receive") { _ in },
        Action<WardOrder>("action_pay", "Pay", groups: ["ward.group_pay"]) { _ in },
    ]

    init() {}
}

/// One thing of an order.
struct WardLine: Model {
    static let name = "ward.line"
    static let title = "Line"
    static let nameField = "text"
    static let owner: OwnerLink? = .link("order_id")

    let order = Many2one<WardOrder>("order_id", onDelete: .cascade, .required, .indexed)
    let text = Char("text", "Text")
    let pieces = Integer("pieces", .initial(1))

    init() {}
}

enum WardApp {
    static let app = App("ward", "Ward", needs: ["base", "mail", "approvals"]) { app in
        app.add(WardOrder.self)
        app.add(WardLine.self)
        app.group("ward.group_buy", "Ward: buy", implies: ["base.group_user"])
        app.group("ward.group_pay", "Ward: pay", implies: ["base.group_user"])
        app.group("ward.group_head", "Ward: head", implies: ["base.group_user"])
        app.allow("base.group_user", "rwcd", on: "ward.order", "ward.line")
    }
}

/// A ward with people and one policy, for tests of approvals.
final class Ward: Sendable {
    static let apps = [
        BaseApp.app, MessagingApp.app, ExceptionsApp.app, GovernanceApp.app, DecisionTablesApp.app, ApprovalsApp.app, WardApp.app,
    ]
    let world: World

    init() throws {
        world = try World(apps: Ward.apps)
        for login in ["ann", "bob", "cid", "dora", "eve", "fred"] { try world.makeUser(login, groups: ["base.group_user"]) }
        try world.makeUser("sam", groups: ["approvals.group_sod"])
        try world.makeUser("mia", groups: ["approvals.group_manager", "governance.group_author"])
        try world.makeUser("rex", groups: ["governance.group_releaser"])
    }

    func id(_ login: String) throws -> Int { try world.user(login).id }
    func ids(_ logins: [String]) throws -> [Int] { try logins.map { try id($0) } }

    /// A policy for orders above 5,000.
    @discardableResult
    func policy(_ steps: [ValueMap], _ more: ValueMap = [:], by login: String? = nil) throws -> Int {
        let make: @Sendable (Environment) throws -> Int = { env in
            let lines = steps.map { Value.list([0, 0, .map($0)]) }
            let values: ValueMap = [
                "name": "Orders above 5,000", "model": "ward.order", "action": "action_confirm", "domain": "[('amount', '>', 5000)]",
                "relevant_fields": "name, amount, supplier_id, company_id", "step_ids": .list(lines),
            ]
            return try env.create(Policy.self, values.merging(more)).id
        }
        return try login.map { try world.act(as: $0, make) } ?? world.act(make)
    }

    /// Brings a decision table into force.
    func table(_ key: String, _ content: JSON) throws {
        try world.ship("decision", key, content)
    }

    /// The newest version of a governed record: its id, state and name.
    func newest(_ model: String, _ id: Int) throws -> (id: Int, state: DefinitionVersion.State?, cause: String) {
        try world.act { env in
            let own = Domain.where("definition_id.res_model", .equal, .text(model)) & .where("definition_id.res_id", .equal, .int(id))
            let version = try env.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first
            return (version?.id ?? 0, version?.state, version?.cause ?? "")
        }
    }

    /// Has the newest version of a governed record submitted by mia and released by rex.
    func release(_ model: String, _ id: Int, by login: String = "rex") throws {
        let version = try newest(model, id).id
        try world.act(as: "mia") { env in _ = try env.records(DefinitionVersion.self, [version]).call("action_submit") }
        try world.act(as: login) { env in _ = try env.records(DefinitionVersion.self, [version]).call("action_release") }
    }

    /// A step of named users.
    func step(_ logins: [String], quorum: Int = 1, order: Int = 10, _ more: ValueMap = [:]) throws -> ValueMap {
        let values: ValueMap = [
            "name": .text(logins.joined(separator: " or ")), "kind": "users", "user_ids": .list([[6, 0, .ids(try ids(logins))]]),
            "quorum": .int(quorum), "sequence": .int(order),
        ]
        return values.merging(more)
    }

    func order(_ amount: Double = 6_000, by login: String = "ann", _ more: ValueMap = [:]) throws -> Int {
        try world.act(as: login) { env in
            let values: ValueMap = ["name": "Pumps", "amount": .double(amount)]
            return try env.create(WardOrder.self, values.merging(more)).id
        }
    }

    /// Confirms an order as somebody; gives the request's id, 0 when none was put in its place.
    @discardableResult
    func confirm(_ order: Int, as login: String = "ann") throws -> Int {
        let answer = try world.act(as: login) { env in try env.records(WardOrder.self, [order]).call("action_confirm") }
        return answer.mapValue?["res_id"]?.intValue ?? 0
    }

    @discardableResult
    func call(_ action: String, _ request: Int, as login: String, _ arguments: ValueMap = [:]) throws -> Value {
        try world.act(as: login) { env in try env.records(Request.self, [request]).call(action, arguments) }
    }

    func status(_ request: Int) throws -> Request.Status? { try world.act { $0.record(Request.self, request).status } }
    func isConfirmed(_ order: Int) throws -> Bool { try world.act { $0.record(WardOrder.self, order).isConfirmed } }
    func times(_ order: Int) throws -> Int { try world.act { $0.record(WardOrder.self, order).times } }

    /// Those whose decision is awaited.
    func waiting(_ request: Int) throws -> Set<String> {
        try world.act { env in
            Set(env.record(Request.self, request).approvers.filter { $0.status == .pending }.compactMap { $0.user?.login })
        }
    }

    func decisions(_ request: Int) throws -> Int { try world.act { $0.record(Request.self, request).decisions.count } }

    func chatter(_ model: String, _ id: Int) throws -> String {
        try world.act { env in
            try env.search(Message.self, .where("model", .equal, .text(model)) & .where("res_id", .equal, .int(id))).map(\.body)
                .joined(separator: "\n")
        }
    }

    func refused(_ code: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("\(code) was expected, and nothing was refused")
        } catch {
            let found = (error as? Refusal)?.code ?? "\(error)"
            #expect(found == code)
        }
    }
}
