import Kernel

/// `read_group`, `formatted_read_group` and `formatted_read_grouping_sets`.
enum GroupMethods {
    static let all: [RPCMethod] = [
        .onModel("read_group", [.required("domain"), "fields", "groupby", "offset", "limit", "orderby", "lazy"]) { target, arguments in
            .value(.list(try classic(target, arguments)))
        },
        .onModel("formatted_read_group", ["domain", "groupby", "aggregates", "having", "offset", "limit", "order"]) { target, arguments in
            let grouping = try Grouping(try wish(arguments), target)
            return .value(.list(formatted(grouping).map { .map($0) }))
        },
        .onModel("formatted_read_grouping_sets", ["domain", "grouping_sets", "aggregates", "order"]) { target, arguments in
            let sets = try arguments.list("grouping_sets")
            guard sets.count <= GroupClause.limit else { throw Refusal.tooMany("grouping sets", GroupClause.limit) }
            return .value(
                .list(
                    try sets.map { set in
                        guard let names = set.listValue else { throw arguments.bad("grouping_sets", "a list of lists of names") }
                        var wish = Grouping.Wish()
                        wish.domain = try arguments.domain()
                        wish.groups = names.compactMap(\.textValue)
                        wish.aggregates = try arguments.texts("aggregates") ?? []
                        return .list(formatted(try Grouping(wish, target)).map { .map($0) })
                    }))
        },
    ]

    /// What the arguments of the newer methods ask for.
    static func wish(_ arguments: RPCArguments) throws -> Grouping.Wish {
        var wish = Grouping.Wish()
        wish.domain = try arguments.domain()
        wish.groups = try arguments.texts("groupby") ?? []
        wish.aggregates = try arguments.texts("aggregates") ?? []
        wish.having = arguments.has("having") ? arguments["having"] : nil
        wish.order = try arguments.text("order")
        wish.offset = try arguments.count("offset") ?? 0
        wish.limit = try arguments.count("limit") ?? 0
        return wish
    }

    /// Rows of the newer methods.
    static func formatted(_ grouping: Grouping) -> [ValueMap] {
        grouping.rows.map { row in
            var map = ValueMap()
            for (index, column) in grouping.columns.enumerated() { map[column.text] = grouping.shown(row, index) }
            for (index, aggregate) in grouping.aggregates.enumerated() { map[aggregate.name] = grouping.aggregate(row, index) }
            map["__extra_domain"] = grouping.conditions(row)
            return map
        }
    }

    /// Rows of the deprecated method; lazy, only the first group is made, and its records are counted under its name.
    private static func classic(_ target: RPCTarget, _ arguments: RPCArguments) throws -> [Value] {
        let groups = try arguments.texts("groupby") ?? []
        let isLazy = !arguments.has("lazy") || arguments.flag("lazy")
        var wish = Grouping.Wish()
        let domain = try arguments.domain()
        wish.domain = domain
        wish.groups = isLazy ? Array(groups.prefix(1)) : groups
        wish.aggregates = try summed(try arguments.texts("fields") ?? [], target.model) + ["__count"]
        wish.order = try arguments.text("orderby")
        wish.offset = try arguments.count("offset") ?? 0
        wish.limit = try arguments.count("limit") ?? 0
        let grouping = try Grouping(wish, target)
        let countName = isLazy ? wish.groups.first.map { "\($0.prefix { $0 != ":" })_count" } ?? "__count" : "__count"
        return grouping.rows.map { row in
            var map = ValueMap()
            var ranges = ValueMap()
            for (index, column) in grouping.columns.enumerated() {
                map[column.text] = grouping.label(row, index)
                if let range = grouping.range(row, index) { ranges[column.text] = range }
            }
            for (index, aggregate) in grouping.aggregates.enumerated() {
                let name = aggregate.name == "__count" ? countName : String(aggregate.name.prefix { $0 != ":" })
                map[name] = grouping.aggregate(row, index)
            }
            let own = (try? Domain.parse(grouping.conditions(row))) ?? .all
            map["__domain"] = (own & domain).value
            if !ranges.isEmpty { map["__range"] = .map(ranges) }
            if isLazy, groups.count > 1 { map["__context"] = ["group_by": .list(groups.dropFirst().map { .text($0) })] }
            return .map(map)
        }
    }

    /// The aggregates that field names ask for; without names, those of all numbers that add up.
    private static func summed(_ names: [String], _ model: ModelSchema) throws -> [String] {
        if names.isEmpty {
            let fields = model.fields.filter { $0.isKept && $0.kind.isNumber && $0.traits.aggregator != nil }
            return fields.prefix(GroupClause.limit - 1).map(\.name)
        }
        return try names.filter { name in
            if name == "__count" { return false }
            if name.contains(":") { return true }
            guard let field = model.field(name) else { throw Refusal.unknownField(name, in: model.name) }
            return field.isKept && field.traits.aggregator != nil
        }
    }
}
