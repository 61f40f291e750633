import Automation
import Base
import Kernel
import Messaging
import TestKit

/// A small help desk whose tickets have every field that triggers look for.
enum DeskApp {
    static let app = App("desk", "Desk", needs: ["base", "mail", "base_automation"]) { app in
        app.add(DeskStage.self)
        app.add(DeskTag.self)
        app.add(DeskTicket.self)
        app.add(DeskPlain.self)
        app.group("desk.group_user", "Desk: user", implies: ["base.group_user"])
        app.allow("desk.group_user", "rwcd", on: "desk.ticket", "desk.stage", "desk.tag", "desk.plain")
    }
}

struct DeskStage: Model {
    static let name = "desk.stage"
    static let title = "Stage"
    let displayedName = Char("name", .required)
    init() {}
}

struct DeskTag: Model {
    static let name = "desk.tag"
    static let title = "Tag"
    let displayedName = Char("name", .required)
    init() {}
}

struct DeskPlain: Model {
    static let name = "desk.plain"
    static let title = "Plain"
    let displayedName = Char("name", .required)
    init() {}
}

struct DeskTicket: Model {
    static let name = "desk.ticket"
    static let title = "Ticket"
    static let hasChatter = true
    enum State: String, SelectionValue { case new, open, done }
    enum Priority: String, SelectionValue { case low = "0", high = "1", urgent = "2" }

    let displayedName = Char("name", .required)
    let stage = Many2one<DeskStage>("stage_id")
    let tags = Many2many<DeskTag>("tag_ids")
    let user = Many2one<User>("user_id")
    let partner = Many2one<Partner>("partner_id")
    let state = Selection<State>("state", initial: .new)
    let priority = Selection<Priority>("priority", initial: .low)
    let active = Flag("active", .initial(true))
    let note = Char("note")
    let mark = Char("mark")
    let count = Integer("count", .initial(0))
    let cost = Monetary("cost")
    let isDear = Flag("is_dear", .computed(on: "cost", stored: true) { (ticket: Record<DeskTicket>) in ticket.cost > 100 })
    let isKnown = Flag("is_known", .initial(false))
    let due = Datetime("due")
    let day = DateField("day")
    let secret = Char("secret", .groups("base.group_system"))
    let text = Html("text")
    let other = Many2one<DeskTicket>("other_id")
    let plain = Many2one<DeskPlain>("plain_id")
    let lastAutomation = Datetime("date_automation_last")
    init() {}
}

/// A desk under test, with a way to make rules as an administrator's client would.
struct Desk {
    let world: World

    init() throws {
        world = try World(apps: World.apps + [DeskApp.app])
        try world.makeUser("ann", groups: ["desk.group_user"])
    }

    /// Makes a rule; its actions are written as `[0, 0, values]`.
    @discardableResult
    func rule(_ name: String, _ trigger: String, model: String = "desk.ticket", _ values: ValueMap = [:], actions: [ValueMap]) throws -> Int
    {
        try world.act { env in
            let model = try Desk.modelId(model, env)
            let lines = actions.map { Value.list([0, 0, .map(ValueMap([("model_id", .int(model))]).merging($0))]) }
            let rule: ValueMap = [
                "name": .text(name), "model_id": .int(model), "trigger": .text(trigger), "action_server_ids": .list(lines),
            ]
            return try env.create(AutomationRule.self, rule.merging(values)).id
        }
    }

    static func modelId(_ name: String, _ env: Environment) throws -> Int {
        try env.search(ModelRecord.self, .where("model", .equal, .text(name)), limit: 1).first?.id ?? 0
    }

    func fieldId(_ name: String) throws -> Int {
        try world.act { env in
            try env.search(FieldRecord.self, .where("model", .equal, "desk.ticket") & .where("name", .equal, .text(name)), limit: 1).first?
                .id ?? 0
        }
    }

    func choiceId(_ field: String, _ value: String) throws -> Int {
        let field = try fieldId(field)
        return try world.act { env in
            try env.search(FieldChoice.self, .where("field_id", .equal, .int(field)) & .where("value", .equal, .text(value)), limit: 1)
                .first?.id ?? 0
        }
    }

    /// Makes a ticket as Ann.
    func ticket(_ values: ValueMap = [:]) throws -> Int {
        try world.act(as: "ann") { env in try env.create(DeskTicket.self, ValueMap([("name", "A ticket")]).merging(values)).id }
    }

    func write(_ id: Int, _ values: ValueMap) throws {
        try world.act(as: "ann") { env in try env.record(DeskTicket.self, id).write(values) }
    }

    /// A field of a ticket now.
    func value(_ id: Int, _ field: String) throws -> Value {
        try world.act { env in try env.with(context: ["active_test": false]).record(DeskTicket.self, id).value(field) }
    }

    /// A text field of a ticket now.
    func text(_ id: Int, _ field: String) throws -> String { try value(id, field).textValue ?? "" }

    func mark(_ id: Int) throws -> String { try value(id, "mark").textValue ?? "" }

    func make<M: Model>(_ type: M.Type, _ name: String) throws -> Int {
        try world.act { env in try env.create(type, ["name": .text(name)]).id }
    }

    /// An action that writes a text into a field.
    static func set(_ field: String, _ text: String, _ more: ValueMap = [:]) -> ValueMap {
        let values: ValueMap = ["state": "object_write", "usage": "base_automation", "update_path": .text(field), "value": .text(text)]
        return values.merging(more)
    }

    /// Lines of the trail of a kind on tickets, with what caused them.
    func causes(_ kind: String) throws -> [String] {
        try world.database.systemBlocking { connection in
            try connection.query(
                "SELECT coalesce(json_extract(detail, '$.because'), '') FROM baton_audit WHERE model = 'desk.ticket' AND kind = '\(kind)' ORDER BY seq",
                [], [.text]
            ).compactMap(\.textValue)
        }
    }
}
