import Kernel
import Store

/// Groups of records with their sums, read once and shown in the forms that `read_group` and its successors want.
struct Grouping {
    /// One thing that is grouped by.
    struct Column {
        let text: String
        let key: GroupRequest.Key
        var names: [Int: String] = [:]
    }

    /// What is to be grouped.
    struct Wish {
        var domain = Domain.all
        var groups: [String] = []
        var aggregates: [String] = []
        var having: Value?
        var order: String?
        var offset = 0
        var limit = 0
    }

    let env: Environment
    let model: ModelSchema
    private(set) var columns: [Column]
    let aggregates: [GroupClause.NamedAggregate]
    private(set) var rows: [[Value]]
    /// How many groups there are without offset and limit, when all were read.
    private(set) var total: Int?
    let zoneSeconds: Int

    /// Reads the groups that the user may see.
    init(_ wish: Wish, _ target: RPCTarget) throws {
        env = target.env
        model = target.model
        guard wish.groups.count <= GroupClause.limit, wish.aggregates.count <= GroupClause.limit else {
            throw Refusal.tooMany("groups or aggregates", GroupClause.limit)
        }
        let company = env.companyId
        columns = try wish.groups.map { Column(text: $0, key: try GroupClause.key($0, model: target.model, company: company)) }
        aggregates = try wish.aggregates.compactMap { try GroupClause.aggregate($0, model: target.model, company: company) }
        zoneSeconds = env.zoneSeconds
        rows = []
        for field in columns.map(\.key.field) + aggregates.compactMap(\.aggregate.field) where !env.canSee(field) {
            throw Refusal.maskedField(field, on: model)
        }
        try load(wish, target)
        try nameLinks()
    }

    private mutating func load(_ wish: Wish, _ target: RPCTarget) throws {
        let predicate = try env.predicate(model, env.withActiveTest(wish.domain, model))
        try env.unit.flush()
        var request = GroupRequest(
            model: model, predicate: predicate, keys: columns.map(\.key), aggregates: aggregates.map(\.aggregate))
        let names = columns.map(\.text) + aggregates.map(\.name)
        if let having = wish.having { request.having = try GroupClause.having(having, columns: names) }
        request.zoneMinutes = zoneSeconds / 60
        let byLinks = wish.order == nil && columns.contains { $0.key.field.kind.comodel != nil }
        if let order = wish.order, !order.isEmpty {
            request.order = try GroupClause.order(order, columns: names)
        } else {
            request.order = columns.indices.map { GroupRequest.Order(column: $0, descending: false) }
        }
        if !byLinks {
            request.offset = wish.offset
            request.limit = wish.limit
        }
        if request.limit == 0 { request.limit = target.limits.groups + 1 }
        rows = try env.unit.transaction.group(request)
        guard rows.count <= target.limits.groups else { throw Refusal.answerTooLarge("groups", target.limits.groups) }
        if byLinks || (wish.offset == 0 && wish.limit == 0) { total = rows.count }
        guard byLinks else { return }
        try sortByLinks()
        rows = Array(rows.dropFirst(wish.offset))
        if wish.limit > 0 { rows = Array(rows.prefix(wish.limit)) }
    }

    /// Adds the groups that the field shows although no record is in them, all in the field's own order unless another was asked for.
    mutating func expand(_ wish: Wish) throws {
        guard columns.count == 1, total != nil, wish.offset == 0, wish.limit == 0, let expansion = columns[0].key.field.traits.groupExpand
        else { return }
        var rest = rows
        var expanded: [[Value]] = []
        var missing: [[Value]] = []
        for key in try Grouping.keys(expansion, columns[0].key.field, env).prefix(GroupClause.expansionLimit) {
            if let place = rest.firstIndex(where: { $0[0] == key }) {
                expanded.append(rest.remove(at: place))
            } else {
                missing.append([key] + aggregates.map(\.aggregate.valueOfNothing))
                expanded.append(missing[missing.count - 1])
            }
        }
        rows = wish.order == nil ? expanded + rest : rows + missing
        total = rows.count
        try nameLinks()
    }

    private static func keys(_ expansion: GroupExpansion, _ field: Field, _ env: Environment) throws -> [Value] {
        switch expansion {
        case .choices:
            guard case .selection(let items) = field.kind else { return [] }
            return items.map { .text($0.value) }
        case .records(let ids): return try ids(env).map { .int($0) }
        }
    }

    /// Puts groups by a link into the order of the linked model, as boards show stages; groups without a link come last.
    private mutating func sortByLinks() throws {
        guard let column = columns.firstIndex(where: { $0.key.field.kind.comodel != nil }) else { return }
        let comodel = try env.registry.requireModel(columns[column].key.field.kind.comodel ?? "")
        let ids = Set(rows.compactMap { $0[column].intValue })
        let everything = try env.asSuperuser("groups are sorted by what they are named after").with(context: ["active_test": false])
        let sorted = try everything.search(comodel, .where("id", .in, .ids(ids.sorted()))).ids
        var ranks: [Int: Int] = [:]
        for (rank, id) in sorted.enumerated() { ranks[id] = rank }
        let places = rows.map { row in row[column].intValue.flatMap { ranks[$0] } ?? Int.max }
        let before = columns[..<column].indices
        // Rows are sorted by the columns before this one already; the sort keeps that.
        rows = rows.indices.sorted { left, right in
            let isSame = before.allSatisfy { rows[left][$0] == rows[right][$0] }
            return isSame && places[left] != places[right] ? places[left] < places[right] : left < right
        }.map { rows[$0] }
    }

    private mutating func nameLinks() throws {
        let superuser = env.asSuperuser("a group shows the name of the record that it is about")
        for index in columns.indices {
            guard let name = columns[index].key.field.kind.comodel else { continue }
            let ids = Set(rows.compactMap { $0[index].intValue }).sorted()
            for (id, text) in try Records(try env.registry.requireModel(name), ids, superuser).names() { columns[index].names[id] = text }
        }
    }

    /// An aggregate of a row.
    func aggregate(_ row: [Value], _ index: Int) -> Value { row[columns.count + index].orFalse }
}

extension Environment {
    /// Seconds east of UTC where the caller is: by the context's `tz`, else by the user's.
    var zoneSeconds: Int { unit.zoneOffset(context["tz"]?.textValue ?? user.timeZone, at: now) }
}

extension GroupRequest.Aggregate {
    /// What it gives for a group without records.
    fileprivate var valueOfNothing: Value {
        switch Aggregation(rawValue: function) {
        case .count, .countDistinct: .int(0)
        case .arrayAgg, .arrayAggDistinct: .ids([])
        default: .null
        }
    }
}
