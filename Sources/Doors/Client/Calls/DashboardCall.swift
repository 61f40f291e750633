import HTTPServer
import Kernel
import RPCDoor
import Views

/// `dashboard`: the dashboards that the user may see, and every figure of one of them, in one round trip.
struct DashboardCall: Sendable {
    let door: ClientDoor

    /// The most groups of one chart.
    private static let groupLimit = 200

    func add(to router: inout Router) {
        door.on("dashboard", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                let open = door.catalogue.dashboards.filter { dashboard in
                    env.registry.model(dashboard.model).map { env.allows(.read, on: $0) } ?? false
                }
                let names: [Value] = open.map { ["name": .text($0.name), "title": .text($0.title)] }
                guard let chosen = open.first(where: { $0.name == call.text("name") }) ?? open.first else { return ["all": .list(names)] }
                return try DashboardCall.figures(chosen, names, env)
            }
        }
    }

    private static func figures(_ dashboard: Dashboard, _ names: [Value], _ env: Environment) throws -> Value {
        let model = try env.registry.requireModel(dashboard.model)
        let scope = DomainNames(env)
        let tiles: [Value] = try dashboard.tiles.map { tile in
            [
                "title": .text(tile.title), "value": .int(try env.searchCount(model, try tile.domain.domain(scope))),
                "filter": .text(tile.filter), "few": .bool(tile.isFewBetter), "target": tile.target.map { .int($0) } ?? .null,
            ]
        }
        let charts: [Value] = try dashboard.charts.map { chart in
            let keys = [chart.rows, chart.columns].filter { !$0.isEmpty }
            let groups = try ModelCalls(env).answer(
                "formatted_read_group", on: model.name,
                [
                    "domain": try chart.domain.domain(scope).value, "groupby": .list(keys.map { .text($0) }), "aggregates": ["__count"],
                    "limit": .int(groupLimit),
                ])
            let lines: [Value] = (groups.listValue ?? []).map { group in
                let map = group.mapValue ?? [:]
                return [
                    "keys": .list(keys.map { map[$0] ?? .null }), "count": map["__count"] ?? 0,
                    "domain": map["__extra_domain"] ?? .list([]),
                ]
            }
            return [
                "title": .text(chart.title), "rows": .text(chart.rows), "columns": .text(chart.columns), "course": .bool(chart.isCourse),
                "groups": .list(lines),
            ]
        }
        let fields = try ModelCalls(env).answer(
            "fields_get", on: model.name, ["attributes": ["string", "type", "selection", "falsy_value_label"]])
        return [
            "all": .list(names), "name": .text(dashboard.name), "title": .text(dashboard.title), "model": .text(model.name),
            "now": .instant(env.now), "tiles": .list(tiles), "charts": .list(charts), "fields": fields,
        ]
    }
}
