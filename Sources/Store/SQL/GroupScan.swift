import Kernel

/// A grouping as one scan: the driver reads keys and values row by row and adds them up itself.
///
/// SQLite sorts all rows before it groups them, which costs five times as much as a table of the groups that is kept while reading.
public struct GroupScan {
    /// Selects the keys, then the columns that are added up, without any grouping.
    public let sql: String
    /// The arguments of its placeholders.
    public let arguments: [Value]
    /// How each key is read; integers, truth values, texts and dates.
    public let keys: [ColumnForm]
    /// What is computed; a nil column counts rows, else the place among the selected columns after the keys.
    public let aggregates: [(function: Aggregation, column: Int?, form: ColumnForm)]
    /// How many columns come after the keys.
    public let values: [ColumnForm]
}

extension SQLConnection {
    /// Groups in one scan: per group the keys, then the aggregates, in no order; nil when the driver leaves that to the database.
    public func group(_ scan: GroupScan) throws -> [[Value]]? { nil }
}

extension SQLCompiler {
    /// The request as one scan; nil when it asks for more than a scan can add up.
    mutating func scan(_ request: GroupRequest) throws -> GroupScan? {
        guard request.having.isEmpty, !request.keys.isEmpty else { return nil }
        let root = alias()
        var joins = ""
        var columns: [String] = []
        var keys: [ColumnForm] = []
        for key in request.keys {
            columns.append(expression(key, request, root, &joins))
            keys.append(form(of: key))
        }
        guard keys.allSatisfy({ [.integer, .boolean, .text, .day, .instant].contains($0) }) else { return nil }
        var values: [ColumnForm] = []
        var aggregates: [(function: Aggregation, column: Int?, form: ColumnForm)] = []
        for aggregate in request.aggregates {
            guard let function = Aggregation(rawValue: aggregate.function) else { return nil }
            guard let field = aggregate.field else {
                guard function == .count else { return nil }
                aggregates.append((.count, nil, .integer))
                continue
            }
            let isNumber = [.integer, .amount, .float, .boolean].contains(field.form)
            guard isNumber, function != .countDistinct, function != .arrayAgg, function != .arrayAggDistinct else { return nil }
            aggregates.append((function, values.count, field.form))
            columns.append(joinedColumn(field, root, &joins))
            values.append(field.form)
        }
        text += "SELECT " + columns.joined(separator: ", ") + " FROM \"" + request.model.table + "\" " + root + joins
        try whereClause(request.predicate, of: request.model, root)
        return GroupScan(sql: text, arguments: arguments, keys: keys, aggregates: aggregates, values: values)
    }
}

/// The order and the page of groups that a scan found.
struct GroupOrder {
    let request: GroupRequest

    /// The groups in the order asked for, then by their keys, and only those of the page.
    func page(_ rows: [[Value]]) -> [[Value]] {
        let terms = GroupOrder.terms(of: request)
        let sorted = rows.sorted { left, right in
            for term in terms {
                let order = GroupOrder.compare(left[term.column], right[term.column])
                if order != 0 { return (order < 0) != term.descending }
            }
            return false
        }
        let rest = sorted.dropFirst(request.offset)
        return Array(request.limit > 0 ? rest.prefix(request.limit) : rest)
    }

    /// The order asked for, and where that leaves groups equal, the order of their keys, so that pages never overlap.
    static func terms(of request: GroupRequest) -> [GroupRequest.Order] {
        let named = request.order.map(\.column)
        return request.order + request.keys.indices.filter { !named.contains($0) }.map { GroupRequest.Order(column: $0, descending: false) }
    }

    /// Negative, zero or positive; what is not set comes last, as it does in PostgreSQL.
    private static func compare(_ left: Value, _ right: Value) -> Int {
        switch (left, right) {
        case (.int(let left), .int(let right)): sign(left, right)
        case (.amount(let left), .amount(let right)): sign(left, right)
        case (.double(let left), .double(let right)): sign(left, right)
        case (.bool(let left), .bool(let right)): sign(left ? 1 : 0, right ? 1 : 0)
        case (.text(let left), .text(let right)): left == right ? 0 : (left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1)
        case (.day(let left), .day(let right)): sign(left, right)
        case (.instant(let left), .instant(let right)): sign(left, right)
        case (.null, .null): 0
        case (.null, _): 1
        case (_, .null): -1
        default: 0
        }
    }

    private static func sign<T: Comparable>(_ left: T, _ right: T) -> Int { left < right ? -1 : (left > right ? 1 : 0) }
}
