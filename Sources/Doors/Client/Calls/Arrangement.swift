import Kernel
import Views

/// What was arranged for the views of a model, as far as it concerns the user: everybody's, of their teams, their own.
struct Arrangement {
    private static let model = "workspace.layer"
    private static let teams = "workspace.team"
    private static let limit = 10_000

    /// One layer as it is kept.
    private struct Kept: Sendable {
        let layer: ViewLayer
        let model: String
        let user: Int?
        let team: Int?
        let lead: Int?
        let members: Set<Int>
    }

    let layers: [ViewLayer]
    private let led: [(id: Int, name: String)]
    private let isAdministrator: Bool

    init(of model: ModelSchema, _ env: Environment) throws {
        isAdministrator = env.user.isMember(of: "base.group_system")
        guard env.registry.model(Arrangement.model) != nil else {
            (layers, led) = ([], [])
            return
        }
        let user = env.user.id
        layers = try Arrangement.all(env).filter { kept in
            guard kept.model == model.name else { return false }
            switch kept.layer.level {
            case .tenant: return true
            case .team: return kept.lead == user || kept.members.contains(user)
            case .person: return kept.user == user
            }
        }.map(\.layer)
        led = try Arrangement.led(by: user, env)
    }

    /// Every layer with those whom it concerns; read once and kept until one of them changes.
    private static func all(_ env: Environment) throws -> [Kept] {
        try env.remembered("client.layers", from: [model, teams]) { machine in
            let layers = try machine.registry.requireModel(model)
            let found = try machine.search(layers, .all, order: "id", limit: limit)
            return try found.ids.compactMap { id in try kept(found, id, machine) }
        }
    }

    private static func kept(_ layers: Records, _ id: Int, _ machine: Environment) throws -> Kept? {
        guard let level = ViewLayer.Level(rawValue: try layers.value(id, "level").textValue ?? "") else { return nil }
        let operations = (try layers.value(id, "operations").asJSON.arrayValue ?? []).compactMap { try? ViewLayer.Operation($0) }
        let (user, teamId) = (try layers.value(id, "user_id").intValue, try layers.value(id, "team_id").intValue)
        let team = try teamId.map { Records(try machine.registry.requireModel(teams), [$0], machine) }
        return Kept(
            layer: ViewLayer(level, owner: try team?.value("name").textValue ?? "", operations: operations),
            model: try layers.value(id, "model").textValue ?? "", user: user, team: teamId, lead: try team?.value("lead_id").intValue,
            members: Set(try team?.value("member_ids").idList ?? []))
    }

    /// Teams whose layer the user may arrange.
    private static func led(by user: Int, _ env: Environment) throws -> [(id: Int, name: String)] {
        let leads: [[String]] = try env.remembered("client.leads", from: [teams]) { machine in
            let found = try machine.search(try machine.registry.requireModel(teams), .all, order: "name, id", limit: limit)
            return try found.ids.map { id in
                [String(id), try found.value(id, "name").textValue ?? "", String(try found.value(id, "lead_id").intValue ?? 0)]
            }
        }
        return leads.filter { $0[2] == String(user) }.map { (Int($0[0]) ?? 0, $0[1]) }
    }

    /// The layers as the client shows them: whose they are, what they do, and which the user may arrange.
    ///
    /// Shape: `{base, layers: [{level, owner, operations}], mine: [{level, team, owner}]}`; `base` are the columns that the app declares.
    func described(_ own: ModelViews, _ known: Set<String>) -> Value {
        var mine: [Value] = [["level": "person", "team": .null, "owner": ""]]
        mine += led.map { ["level": "team", "team": .int($0.id), "owner": .text($0.name)] }
        if isAdministrator { mine.append(["level": "tenant", "team": .null, "owner": ""]) }
        return [
            "base": .list(own.list.columns.filter { known.contains($0) }.map { .text($0) }), "mine": .list(mine),
            "layers": .list(
                layers.map { layer in
                    let seen = layer.operations.filter { $0.fields.allSatisfy(known.contains) }
                    return [
                        "level": .text(layer.level.rawValue), "owner": .text(layer.owner),
                        "operations": .list(seen.map { .json($0.json) }),
                    ]
                }),
        ]
    }
}
