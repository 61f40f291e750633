import Base
import HTTPServer
import Kernel
import RPCDoor
import Views

/// `search`: the rows of a list, the groups of a board or the sums of a pivot, with the descriptor when it is asked for: one round trip.
struct SearchCall: Sendable {
    let door: ClientDoor

    /// The most groups of one answer, and of how many the first rows come along.
    private static let groupLimit = 500
    private static let openGroups = 40

    func add(to router: inout Router) {
        door.on("search", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                var answer = ValueMap()
                let model = try call.model(env)
                try env.checkRight(.read, on: model)
                let views = door.catalogue.views(of: model)
                if call.flag("describe") { answer["view"] = try Descriptor.make(views, model, env) }
                let query = try Query(call, model, views, env)
                try fill(&answer, query, call, door.configuration)
                return .map(answer)
            }
        }
    }

    /// What is searched for.
    struct Query {
        let model: ModelSchema
        let views: ModelViews
        let env: Environment
        let domain: Domain
        let fields: ValueMap
        let order: String

        init(_ call: ClientCall, _ model: ModelSchema, _ views: ModelViews, _ env: Environment) throws {
            self.model = model
            self.views = views
            self.env = env
            domain = try Query.domain(call, model, views, env)
            let names = try call.body["fields"] == nil ? Query.shown(views, model, env) : call.texts("fields")
            fields = Specification.of(names, model, env)
            order = call.text("order") ?? views.list.order
        }

        /// What a list shows, as it was arranged for this person.
        private static func shown(_ views: ModelViews, _ model: ModelSchema, _ env: Environment) throws -> [String] {
            let list = views.arranged(by: try Arrangement(of: model, env).layers).list
            return list.columns + list.compact
        }

        private static func domain(_ call: ClientCall, _ model: ModelSchema, _ views: ModelViews, _ env: Environment) throws -> Domain {
            var domain = try call.domain()
            let names = DomainNames(env)
            for name in call.texts("filters") {
                guard let filter = views.search.filters.first(where: { $0.name == name }) else {
                    throw Refusal.badCall("filters", "filters that the view has")
                }
                domain = domain & (try filter.domain.domain(names))
            }
            let fields = views.search.fields.isEmpty ? model.searchFields : views.search.fields
            for word in (call.text("text") ?? "").split(separator: " ").prefix(10) {
                let hits = fields.map { Domain.where($0, .ilike, .text(String(word))) }
                domain = domain & hits.reduce(.none) { $0 | $1 }
            }
            return domain
        }
    }

    private func fill(_ answer: inout ValueMap, _ query: Query, _ call: ClientCall, _ limits: ClientConfiguration) throws {
        let groups = call.texts("group")
        guard groups.isEmpty else {
            answer["groups"] = .list(try self.groups(groups, query, call, limits))
            answer["total"] = .int(try query.env.searchCount(query.model, query.domain))
            return
        }
        let page = try rows(query, query.domain, offset: call.number("offset") ?? 0, limit: min(call.number("limit") ?? 100, limits.rows))
        answer["total"] = page["length"] ?? 0
        answer["rows"] = page["records"] ?? .list([])
        if call.flag("totals") { answer["totals"] = .map(try totals(query)) }
    }

    /// The sums of the list's columns that have one, over all that is found.
    private func totals(_ query: Query) throws -> ValueMap {
        let own = query.env.asSuperuser("a user may know the currencies of its own companies")
        let currencies = Set(own.records(Company.self, query.env.user.companyIds).compactMap { $0.currency?.id })
        let summed = Set(query.views.list.columns).compactMap(query.model.field).filter { field in
            // Amounts of several currencies have no sum.
            if case .monetary = field.kind, currencies.count > 1 { return false }
            return field.traits.aggregator == "sum" && field.hasColumn && query.env.canSee(field)
        }.map(\.name).sorted()
        guard !summed.isEmpty else { return [:] }
        let aggregates = summed.map { Value.text($0 + ":sum") }
        let answer = try ModelCalls(query.env).answer(
            "formatted_read_group", on: query.model.name,
            ["domain": query.domain.value, "groupby": .list([]), "aggregates": .list(aggregates)])
        let sums = answer.listValue?.first?.mapValue ?? [:]
        return ValueMap(summed.map { ($0, sums[$0 + ":sum"] ?? .null) })
    }

    private func rows(_ query: Query, _ domain: Domain, offset: Int, limit: Int) throws -> ValueMap {
        let calls = ModelCalls(query.env)
        let answer = try calls.answer(
            "web_search_read", on: query.model.name,
            [
                "domain": domain.value, "specification": .map(query.fields), "offset": .int(offset), "limit": .int(limit),
                "order": .text(query.order),
            ])
        return answer.mapValue ?? [:]
    }

    private func groups(_ names: [String], _ query: Query, _ call: ClientCall, _ limits: ClientConfiguration) throws -> [Value] {
        var aggregates = call.texts("measures")
        if !aggregates.contains("__count") { aggregates.append("__count") }
        let answer = try ModelCalls(query.env).answer(
            "formatted_read_group", on: query.model.name,
            [
                "domain": query.domain.value, "groupby": .list(names.map { .text($0) }), "aggregates": .list(aggregates.map { .text($0) }),
                "limit": .int(SearchCall.groupLimit),
            ])
        let each = min(call.number("each") ?? 0, limits.rows)
        return try (answer.listValue ?? []).enumerated().map { index, line in
            var group = ValueMap()
            let map = line.mapValue ?? [:]
            group["keys"] = .list(names.map { map[$0] ?? .null })
            group["count"] = map["__count"] ?? 0
            group["measures"] = .list(aggregates.map { map[$0] ?? .null })
            let condition = map["__extra_domain"] ?? .list([])
            group["domain"] = condition
            if each > 0, index < SearchCall.openGroups {
                let page = try rows(query, query.domain & (try Domain.parse(condition)), offset: 0, limit: each)
                group["rows"] = page["records"] ?? .list([])
            }
            return .map(group)
        }
    }
}

/// What is read of fields: a link with its name, a list with its names, anything else as it is.
enum Specification {
    private static let listed = 40

    static func of(_ names: [String], _ model: ModelSchema, _ env: Environment) -> ValueMap {
        var map: ValueMap = ["display_name": .map([:]), "record_version": .map([:])]
        for name in names { if let field = model.field(name), env.canSee(field) { map[name] = .map(options(field, env)) } }
        return map
    }

    private static func options(_ field: Field, _ env: Environment) -> ValueMap {
        let names: ValueMap = ["fields": ["display_name": .map([:])]]
        switch field.kind {
        case .many2one: return names
        case .one2many, .many2many:
            guard let comodel = field.kind.comodel.flatMap(env.registry.model), env.allows(.read, on: comodel) else { return [:] }
            return names.merging(["limit": .int(listed)])
        default: return [:]
        }
    }
}
