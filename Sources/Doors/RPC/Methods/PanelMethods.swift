import Kernel

/// `search_panel_select_range` and `search_panel_select_multi_range`: the values that a list can be narrowed to.
enum PanelMethods {
    private static let usualLimit = 200

    static let all: [RPCMethod] = [
        .onModel(
            "search_panel_select_range",
            [
                .required("field_name"), "category_domain", "comodel_domain", "enable_counters", "expand", "filter_domain", "hierarchize",
                "limit", "search_domain", "only_counters",
            ]
        ) { target, arguments in
            let (field, values) = try values(target, arguments)
            var parent: Value = false
            if let comodel = field.kind.comodel.flatMap({ target.env.registry.model($0) }), comodel.field(comodel.parentField) != nil {
                parent = arguments.has("hierarchize") && !arguments.flag("hierarchize") ? false : .text(comodel.parentField)
            }
            return .value(["parent_field": parent, "values": .list(values)])
        },
        .onModel(
            "search_panel_select_multi_range",
            [
                .required("field_name"), "category_domain", "comodel_domain", "enable_counters", "expand", "filter_domain", "group_by",
                "group_domain", "limit", "search_domain",
            ]
        ) { target, arguments in
            .value(["values": .list(try values(target, arguments).values)])
        },
    ]

    private static func values(_ target: RPCTarget, _ arguments: RPCArguments) throws -> (field: Field, values: [Value]) {
        let field = try target.model.requireField(try arguments.text("field_name") ?? "")
        let counts = arguments.flag("enable_counters") ? try counts(field, target, arguments) : nil
        if case .selection(let items) = field.kind {
            return (
                field,
                items.map { item in
                    var map: ValueMap = ["id": .text(item.value), "display_name": .text(item.title)]
                    if let counts { map["__count"] = .int(counts[.text(item.value)] ?? 0) }
                    return .map(map)
                }
            )
        }
        guard let name = field.kind.comodel else { throw arguments.bad("field_name", "a link or a selection") }
        let comodel = try target.env.registry.requireModel(name)
        let limit = try arguments.count("limit") ?? usualLimit
        let records = try target.env.search(comodel, try arguments.domain("comodel_domain"), limit: limit)
        let parent = comodel.field(comodel.parentField)
        return (
            field,
            try records.names().map { id, name in
                var map: ValueMap = ["id": .int(id), "display_name": .text(name)]
                if let parent { map[parent.name] = try records.value(id, parent).orFalse }
                if let counts { map["__count"] = .int(counts[.int(id)] ?? 0) }
                return .map(map)
            }
        )
    }

    private static func counts(_ field: Field, _ target: RPCTarget, _ arguments: RPCArguments) throws -> [Value: Int]? {
        guard field.isKept else { return nil }
        var wish = Grouping.Wish()
        wish.domain =
            try arguments.domain("search_domain") & arguments.domain("category_domain") & arguments.domain("filter_domain")
        wish.groups = [field.name]
        wish.aggregates = ["__count"]
        var counts: [Value: Int] = [:]
        for row in try Grouping(wish, target).rows { counts[row[0]] = row[1].intValue ?? 0 }
        return counts
    }
}
