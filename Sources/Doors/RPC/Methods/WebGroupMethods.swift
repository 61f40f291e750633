import Kernel

/// `web_read_group` and `read_progress_bar`.
enum WebGroupMethods {
    /// How many groups are opened of themselves, and how many records each shows, unless told otherwise.
    private static let openGroups = 10
    private static let openRecords = 80

    static let all: [RPCMethod] = [
        .onModel(
            "web_read_group",
            [
                "domain", "groupby", "aggregates", "limit", "offset", "order", "auto_unfold", "opening_info", "unfold_read_specification",
                "unfold_read_default_limit", "groupby_read_specification",
            ]
        ) { target, arguments in
            .value(.map(try groups(target, arguments)))
        },
        .onModel("read_progress_bar", [.required("domain"), .required("group_by"), .required("progress_bar")]) { target, arguments in
            .value(.map(try progress(target, arguments)))
        },
    ]

    private static func groups(_ target: RPCTarget, _ arguments: RPCArguments) throws -> ValueMap {
        var wish = Grouping.Wish()
        wish.domain = try arguments.domain()
        wish.groups = Array((try arguments.texts("groupby") ?? []).prefix(1))
        wish.aggregates = try arguments.texts("aggregates") ?? ["__count"]
        wish.order = try arguments.text("order")
        wish.offset = try arguments.count("offset") ?? 0
        wish.limit = try arguments.count("limit") ?? 0
        if !wish.aggregates.contains("__count") { wish.aggregates.append("__count") }
        var grouping = try Grouping(wish, target)
        try grouping.expand(wish)
        var maps = GroupMethods.formatted(grouping)
        if let specification = arguments["unfold_read_specification"]?.mapValue, arguments.flag("auto_unfold") {
            let limit = try arguments.count("unfold_read_default_limit") ?? openRecords
            for index in maps.indices.prefix(openGroups) {
                let own = try Domain.parse(maps[index]["__extra_domain"] ?? [])
                let records = try target.env.search(target.model, wish.domain & own, limit: limit)
                maps[index]["__records"] = .list(try WebReader(limits: target.limits).read(records, specification).map { .map($0) })
            }
        }
        return ["groups": .list(maps.map { .map($0) }), "length": .int(try length(grouping, wish, target))]
    }

    private static func length(_ grouping: Grouping, _ wish: Grouping.Wish, _ target: RPCTarget) throws -> Int {
        if let total = grouping.total { return total }
        if wish.limit > 0, grouping.rows.count < wish.limit, !grouping.rows.isEmpty { return wish.offset + grouping.rows.count }
        var all = wish
        (all.offset, all.limit, all.aggregates, all.order) = (0, 0, ["__count"], nil)
        return try Grouping(all, target).rows.count
    }

    /// How many records of each group have each of the colours: `{group: {value: count}}`.
    private static func progress(_ target: RPCTarget, _ arguments: RPCArguments) throws -> ValueMap {
        let bar = try arguments.values("progress_bar")
        guard let field = bar["field"]?.textValue, let group = try arguments.text("group_by") else {
            throw arguments.bad("progress_bar", "an object with a field and colors")
        }
        let colours = bar["colors"]?.mapValue?.names ?? []
        var wish = Grouping.Wish()
        wish.domain = try arguments.domain()
        wish.groups = [group, field]
        wish.aggregates = ["__count"]
        let grouping = try Grouping(wish, target)
        var result = ValueMap()
        for row in grouping.rows {
            let name = text(row[0].isNull ? .bool(false) : grouping.label(row, 0))
            var counts = result[name]?.mapValue ?? ValueMap(colours.map { ($0, .int(0)) })
            let value = text(row[1])
            if colours.contains(value) { counts[value] = .int((counts[value]?.intValue ?? 0) + (row[2].intValue ?? 0)) }
            result[name] = .map(counts)
        }
        return result
    }

    /// A group as a key: the id of a record, the name of a period, `False`.
    private static func text(_ value: Value) -> String {
        switch value {
        case .list(let pair): pair.first.map(text) ?? ""
        case .int(let number): String(number)
        case .text(let text): text
        case .bool(let flag): flag ? "True" : "False"
        case .null: "False"
        default: ""
        }
    }
}
