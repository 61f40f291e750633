import Base
import JSON
import Kernel
import Views

/// What somebody changed in the views of a model: everybody's, a team's or a person's own list of small changes.
struct ViewLayerRecord: Model {
    static let name = "workspace.layer"
    static let title = "Arrangement"
    static let order = "model, id"
    static let nameField = "model"
    static let indexes = [["model", "level"]]

    enum Level: String, SelectionValue { case tenant, team, person }

    let model = Char("model", "Model", .required, .size(120))
    let level = Selection<Level>("level", initial: .person, "Whose", .required)
    let team = Many2one<ViewTeam>("team_id", onDelete: .cascade, "Team", .indexed)
    let user = Many2one<User>("user_id", onDelete: .cascade, "Person", .indexed)
    let operations = Json("operations", "Changes")

    static let methods = [
        Method<ViewLayerRecord>(
            "arrange", ["model", "level", "team_id", "operations"], onModel: { env, arguments in try LayerDesk.arrange(arguments, env) })
    ]
    static let constraints = [
        Constraint<ViewLayerRecord>("model", "level", "team_id", "user_id", "operations") { try LayerDesk.check($0) }
    ]
    static let lifecycle = Lifecycle<ViewLayerRecord>(
        beforeCreate: { values, env in try LayerDesk.own(&values, env) },
        beforeWrite: { layers, values in
            for layer in layers { try LayerDesk.guardLevel(layer.level ?? .person, layer.env) }
            for name in ["level", "team_id", "user_id"] where !layers.env.isSuperuser { values[name] = nil }
        },
        beforeDelete: { layers in for layer in layers { try LayerDesk.guardLevel(layer.level ?? .person, layer.env) } })

    init() {}
}

/// Who may arrange what, and what an arrangement may say.
enum LayerDesk {
    private static let administrators = "base.group_system"

    /// Puts a layer's changes in the place of those before; without any the layer is reset.
    static func arrange(_ arguments: ValueMap, _ env: Environment) throws -> Value {
        let level = try level(arguments["level"])
        let team = level == .team ? arguments["team_id"]?.intValue : nil
        let model = arguments["model"]?.textValue ?? ""
        var domain = Domain.where("model", .equal, .text(model)) & .where("level", .equal, .text(level.rawValue))
        if level == .person { domain = domain & .where("user_id", .equal, .int(env.user.id)) }
        if level == .team { domain = domain & .where("team_id", .equal, team.map { .int($0) } ?? .null) }
        let known = try env.search(ViewLayerRecord.self, domain, limit: 1)
        let operations = arguments["operations"]?.asJSON ?? .array([])
        if operations.arrayValue?.isEmpty == true {
            try known.unlink()
        } else if let layer = known.first {
            try layer.write(["operations": .json(operations)])
        } else {
            try env.create(
                ViewLayerRecord.self,
                [
                    "model": .text(model), "level": .text(level.rawValue), "team_id": team.map { .int($0) } ?? .null,
                    "operations": .json(operations),
                ])
        }
        return .bool(true)
    }

    private static func level(_ value: Value?) throws -> ViewLayerRecord.Level {
        guard let level = ViewLayerRecord.Level(rawValue: value?.textValue ?? "person") else {
            throw Refusal.badValue("level", in: ViewLayerRecord.name, expected: "tenant, team or person")
        }
        return level
    }

    /// Whose a new layer is follows from its level: nobody arranges for another person.
    static func own(_ values: inout ValueMap, _ env: Environment) throws {
        if env.isSuperuser { return }
        let level = try level(values["level"])
        try guardLevel(level, env)
        values["user_id"] = level == .person ? .int(env.user.id) : .null
        if level != .team { values["team_id"] = .null }
    }

    /// What concerns everybody is for administrators; which teams are in somebody's hand is said by the access rule.
    static func guardLevel(_ level: ViewLayerRecord.Level, _ env: Environment) throws {
        guard level == .tenant, !env.isSuperuser, !env.user.isMember(of: administrators) else { return }
        throw Refusal(
            "view.not_yours", .accessDenied, "Only an administrator may arrange views for everybody.",
            instruction: "Arrange them for yourself, or ask an administrator.")
    }

    static func check(_ layer: Record<ViewLayerRecord>) throws {
        let model = try layer.env.registry.requireModel(layer.model)
        guard let list = layer.operations.arrayValue, list.count <= ViewLayer.limit else {
            throw Refusal.badValue("operations", in: ViewLayerRecord.name, expected: "a list of at most \(ViewLayer.limit) changes")
        }
        if layer.level == .team, layer.team == nil {
            throw Refusal.badValue("team_id", in: ViewLayerRecord.name, expected: "the team whose views are arranged")
        }
        for json in list {
            let operation = try ViewLayer.Operation(json)
            for name in operation.fields { _ = try model.requireField(name) }
            guard case .hide(.form, let name) = operation, try model.requireField(name).traits.required else { continue }
            throw Refusal(
                "view.required_field", .validation, "'\(name)' must be entered, so that a form cannot hide it.",
                instruction: "Leave it in the form.")
        }
    }
}
