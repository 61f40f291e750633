import Kernel

extension SQLCompiler {
    /// Adds groups: the keys, then the aggregates. Gives how each column is read.
    ///
    /// A key that is a period comes as the first day of the period, where the zone is; `hour` as a moment of the zone's wall clock.
    mutating func group(_ request: GroupRequest) throws -> [ColumnForm] {
        let root = alias()
        var forms: [ColumnForm] = []
        var columns: [String] = []
        var joins = ""
        for key in request.keys {
            columns.append(expression(key, request, root, &joins))
            forms.append(form(of: key))
        }
        for aggregate in request.aggregates {
            let (sql, form) = try expression(aggregate, root, &joins)
            columns.append(sql)
            forms.append(form)
        }
        text += "SELECT " + (columns.isEmpty ? "1" : columns.joined(separator: ", "))
        text += " FROM \"" + request.model.table + "\" " + root + joins
        try whereClause(request.predicate, of: request.model, root)
        if !request.keys.isEmpty { text += " GROUP BY " + columns[..<request.keys.count].joined(separator: ", ") }
        having(request, columns)
        let order = GroupOrder.terms(of: request)
        if !order.isEmpty { text += " ORDER BY " + order.map { self.order($0, columns) }.joined(separator: ", ") }
        page(limit: request.limit, offset: request.offset)
        return forms.isEmpty ? [.integer] : forms
    }

    func form(of key: GroupRequest.Key) -> ColumnForm {
        guard let part = key.part else { return key.field.form }
        switch part {
        case .hour: return .instant
        case .day, .week, .month, .quarter, .year: return .day
        default: return .integer
        }
    }

    mutating func expression(_ key: GroupRequest.Key, _ request: GroupRequest, _ root: String, _ joins: inout String) -> String {
        if case .many2many(_, let relation) = key.field.kind {
            let link = alias()
            joins += " LEFT JOIN \"" + relation.table + "\" " + link + " ON " + link + ".\"" + relation.own + "\" = " + root + ".\"id\""
            return link + ".\"" + relation.other + "\""
        }
        let name = joinedColumn(key.field, root, &joins)
        guard let part = key.part else { return key.field.form == .boolean ? "(" + name + " IS TRUE)" : name }
        return dialect.part(part, of: name, isMoment: key.field.form == .instant, zoneMinutes: request.zoneMinutes)
    }

    private mutating func expression(
        _ aggregate: GroupRequest.Aggregate, _ root: String, _ joins: inout String
    ) throws -> (String, ColumnForm) {
        guard let field = aggregate.field else {
            return aggregate.function == Aggregation.arrayAgg.rawValue
                ? (dialect.aggregate(.arrayAgg, root + ".\"id\"", .integer), .ids) : ("count(*)", .integer)
        }
        guard let function = Aggregation(rawValue: aggregate.function) else {
            throw Refusal(
                "group.unknown_aggregate", .invalid, "There is no aggregate '\(aggregate.function)'.",
                instruction: "Use one of: " + Aggregation.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        return (dialect.aggregate(function, joinedColumn(field, root, &joins), field.form), function.form(over: field.form))
    }

    private mutating func having(_ request: GroupRequest, _ columns: [String]) {
        for (index, term) in request.having.enumerated() {
            text += index == 0 ? " HAVING " : " AND "
            text += columns[term.column]
            if let values = term.value.listValue, term.comparison == .in || term.comparison == .notIn {
                text += term.comparison == .in ? " IN (" : " NOT IN ("
                for (place, value) in values.enumerated() {
                    if place > 0 { text += ", " }
                    bind(value)
                }
                text += ")"
            } else {
                text += term.comparison == .notEqual ? " <> " : " " + term.comparison.rawValue + " "
                bind(term.value)
            }
        }
    }

    private func order(_ order: GroupRequest.Order, _ columns: [String]) -> String {
        columns[order.column] + (order.descending ? " DESC NULLS FIRST" : " NULLS LAST")
    }
}
