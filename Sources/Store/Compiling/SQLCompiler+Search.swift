import Kernel

extension SQLCompiler {
    /// Adds a search: the id, then the columns asked for.
    mutating func search(_ request: SearchRequest) throws {
        let root = alias()
        var joins = Joins(root: root)
        let order = try orderBy(request, &joins)
        text += "SELECT " + root + ".\"id\""
        for field in request.fields {
            text += ", "
            add(field, root)
        }
        text += " FROM \"" + request.model.table + "\" " + root + joins.text
        followsOrder = request.isPage
        try whereClause(request.predicate, of: request.model, root)
        followsOrder = false
        text += order
        page(limit: request.limit, offset: request.offset)
    }

    /// Adds a count, which stops at the limit.
    mutating func count(_ model: ModelSchema, _ predicate: Predicate, limit: Int) throws {
        let root = alias()
        text += limit > 0 ? "SELECT count(*) FROM (SELECT 1 FROM \"" : "SELECT count(*) FROM \""
        text += model.table + "\" " + root
        try whereClause(predicate, of: model, root)
        guard limit > 0 else { return }
        text += " LIMIT "
        bind(.int(limit))
        text += ") counted"
    }

    mutating func whereClause(_ predicate: Predicate, of model: ModelSchema, _ alias: String) throws {
        if case .all = predicate { return }
        text += " WHERE "
        try condition(predicate, of: model, alias)
    }

    /// Lengths of pages that get statements of their own.
    static let usualLimits: Set<Int> = [1, 2, 8, 10, 20, 40, 50, 80, 100, 200, 500, 1_000]

    mutating func page(limit: Int, offset: Int) {
        if limit > 0 {
            text += " LIMIT "
            // Written out, the planner knows how few rows are wanted, and need not plan anew each time.
            if SQLCompiler.usualLimits.contains(limit) { text += String(limit) } else { bind(.int(limit)) }
        } else if offset > 0 {
            text += " LIMIT 9223372036854775807"
        }
        guard offset > 0 else { return }
        text += " OFFSET "
        bind(.int(offset))
    }

    /// The order, with the id as the last word so that pages never overlap.
    private mutating func orderBy(_ request: SearchRequest, _ joins: inout Joins) throws -> String {
        var sql = ""
        var endsInId = false
        for term in request.order where !endsInId {
            guard let last = term.path.last else { continue }
            let alias = try joins.alias(for: term, in: &self)
            sql += sql.isEmpty ? " ORDER BY " : ", "
            sql += column(last, alias) + (term.descending ? " DESC" : "")
            endsInId = last.slot == ModelSchema.Slot.id && term.path.count == 1
            let isSet = term.path.count == 1 && request.predicate.implies(isSet: last)
            if !endsInId, !isSet { sql += (term.nullsFirst ?? term.descending) ? " NULLS FIRST" : " NULLS LAST" }
        }
        if endsInId { return sql }
        // In the direction of the last term, so that an index on it serves for both.
        let tie = joins.root + ".\"id\"" + (request.order.last?.descending ?? false ? " DESC" : "")
        return sql + (sql.isEmpty ? " ORDER BY " : ", ") + tie
    }
}

/// The joins along many2one fields that an order needs, each path once.
struct Joins {
    let root: String
    var text = ""
    private var known: [(path: String, alias: String)] = []

    init(root: String) { self.root = root }

    /// The alias at the end of a path of many2one fields.
    mutating func alias(for term: OrderTerm, in compiler: inout SQLCompiler) throws -> String {
        var current = root
        var walked = ""
        for (hop, field) in term.path.dropLast().enumerated() {
            let reach = hop < term.reach.count ? term.reach[hop] : .all
            walked += "." + field.name
            if let found = known.first(where: { $0.path == walked }) {
                current = found.alias
                continue
            }
            guard case .many2one(let target, _) = field.kind else { throw Refusal.unknownField(field.name, in: "order") }
            let model = try compiler.registry.requireModel(target)
            let next = compiler.alias()
            text += " LEFT JOIN \"" + model.table + "\" " + next + " ON " + next + ".\"id\" = " + compiler.column(field, current)
            text += try compiler.aside { compiler in
                if case .all = reach { return }
                compiler.text += " AND "
                try compiler.condition(reach, of: model, next)
            }
            known.append((walked, next))
            current = next
        }
        return current
    }
}

extension SearchRequest {
    /// The most rows of a page for which the index of the order is better than that of a condition.
    private static let pageLimit = 500

    /// Whether a page is wanted in the order of the table's own columns, in one direction: the store keeps an index for it.
    fileprivate var isPage: Bool {
        guard (1...SearchRequest.pageLimit).contains(limit), let first = order.first, first.path.count == 1, first.path[0].hasColumn else {
            return false
        }
        let isOneWay = order.allSatisfy { $0.path.count == 1 && $0.descending == first.descending && $0.nullsFirst == nil }
        guard isOneWay else { return false }
        let names = order.compactMap { $0.path.last?.name }
        return names == ["id"] || model.orderNames == names || (names.count <= 2 && order[0].path[0].traits.indexed)
    }

    /// Whether its rows are found along the index of their order whatever is looked for: no condition has an index that could find few rows
    /// sooner, and the planner sees how few are wanted.
    var isSettled: Bool {
        isPage && offset == 0 && SQLCompiler.usualLimits.contains(limit) && predicate.isWithoutIndex(in: model)
    }
}

extension Predicate {
    /// Whether it looks only at columns of the record that no index, or none worth using, begins with.
    fileprivate func isWithoutIndex(in model: ModelSchema) -> Bool {
        switch self {
        case .all, .none: true
        case .compare(let field, _, _), .unset(let field), .contained(let field, _), .part(let field, _, _, _, _):
            !field.isByCompany && (field.isWeak || !model.hasIndex(on: field))
        case .and(let parts), .or(let parts): parts.allSatisfy { $0.isWithoutIndex(in: model) }
        case .not(let inside): inside.isWithoutIndex(in: model)
        case .like, .linked, .inTree, .owned: false
        }
    }
}

extension ModelSchema {
    /// Whether an index begins with a column.
    fileprivate func hasIndex(on field: Field) -> Bool {
        if field.slot <= Slot.version { return field.slot == Slot.id }
        if case .many2one = field.kind { return true }
        return field.traits.indexed || indexes.contains { $0.first == field.name } || unique.contains { $0.fields.first == field.name }
            || orderNames.first == field.name
    }
}
