/// Groupings as text, in the forms of `read_group` and `formatted_read_group`: `stage_id`, `create_date:month`, `amount:sum`, `__count`.
public enum GroupClause {
    /// The most keys, and the most aggregates, of one request.
    public static let limit = 32
    /// The most groups that a field adds although no record is in them.
    public static let expansionLimit = 200

    /// An aggregate, and the name under which its result is given back.
    public struct NamedAggregate: Sendable {
        /// The name in the answer.
        public let name: String
        /// What is added up.
        public let aggregate: GroupRequest.Aggregate
    }

    /// Reads what a group is: a stored field, for dates with a part; a date without one is cut into months.
    ///
    /// - Parameter company: Whose values are meant where each company has its own; without it such fields are refused.
    public static func key(_ text: String, model: ModelSchema, company: Int? = nil) throws -> GroupRequest.Key {
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count <= 2 else { throw Refusal.invalidGroup(text, "one colon is enough") }
        let field = try self.field(pieces[0], model, text, company)
        guard field.kind == .date || field.kind == .datetime else {
            guard pieces.count == 1 else { throw Refusal.invalidGroup(text, "'\(field.name)' is no date and has no parts") }
            return GroupRequest.Key(field: field, part: nil)
        }
        guard pieces.count == 2 else { return GroupRequest.Key(field: field, part: .month) }
        guard let part = DatePart(rawValue: pieces[1]) else { throw Refusal.invalidGroup(text, "'\(pieces[1])' is no part of a date") }
        return GroupRequest.Key(field: field, part: part)
    }

    /// Reads what is added up: `amount:sum`, `total:sum(amount)`, `__count`, or a field alone for its own aggregator.
    ///
    /// - Parameter company: Whose values are meant where each company has its own; without it such fields are refused.
    /// - Returns: nil for a field without an aggregator, which `read_group` passes over.
    public static func aggregate(_ text: String, model: ModelSchema, company: Int? = nil) throws -> NamedAggregate? {
        if text == "__count" { return NamedAggregate(name: text, aggregate: .init(field: nil, function: "count")) }
        let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 2 else {
            let field = try self.field(pieces[0], model, text, company)
            guard let function = field.traits.aggregator else { return nil }
            return NamedAggregate(name: text, aggregate: .init(field: field, function: try checked(function, field, text)))
        }
        var function = pieces[1]
        var name = pieces[0]
        if let open = function.firstIndex(of: "("), function.hasSuffix(")") {
            name = String(function[function.index(after: open)...].dropLast())
            function = String(function[..<open])
        }
        let field = try self.field(name, model, text, company)
        let shown = name == pieces[0] ? text : pieces[0]
        return NamedAggregate(name: shown, aggregate: .init(field: field, function: try checked(function, field, text)))
    }

    /// Reads the order of groups: keys and aggregates as they were asked for, each optionally followed by `asc` or `desc`.
    ///
    /// - Parameter columns: The texts of the keys, then the names of the aggregates, in the order of the result's columns.
    public static func order(_ text: String, columns: [String]) throws -> [GroupRequest.Order] {
        try text.split(separator: ",").map { part in
            let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let name = words.first, words.count <= 2 else {
                throw Refusal.invalidOrder(String(part), "it names no group or aggregate")
            }
            guard let column = column(name, columns) else { throw Refusal.invalidOrder(name, "it is neither a group nor an aggregate") }
            let direction = words.count == 2 ? words[1].lowercased() : "asc"
            guard direction == "asc" || direction == "desc" else {
                throw Refusal.invalidOrder(String(part), "'\(direction)' is no direction")
            }
            return GroupRequest.Order(column: column, descending: direction == "desc")
        }
    }

    /// Reads conditions on aggregates, all of which must hold: `[['__count', '>', 1]]`.
    public static func having(_ value: Value, columns: [String]) throws -> [(column: Int, comparison: DomainOperator, value: Value)] {
        let domain = try Domain.parse(value)
        switch domain {
        case .all: return []
        case .and(let parts): return try parts.map { try condition($0, columns) }
        default: return [try condition(domain, columns)]
        }
    }

    private static func condition(_ domain: Domain, _ columns: [String]) throws -> (column: Int, comparison: DomainOperator, value: Value) {
        guard case .condition(let name, let comparison, let value) = domain else {
            throw Refusal.invalidGroup(domain.value.literal, "conditions on groups can only be joined by '&'")
        }
        guard let column = column(name, columns) else { throw Refusal.invalidGroup(name, "it is neither a group nor an aggregate") }
        return (column, comparison, value)
    }

    /// The column of that very text, or the only one of that field.
    private static func column(_ name: String, _ columns: [String]) -> Int? {
        columns.firstIndex(of: name) ?? columns.firstIndex { $0.utf8.starts(with: (name + ":").utf8) }
    }

    private static func field(_ name: String, _ model: ModelSchema, _ text: String, _ company: Int?) throws -> Field {
        guard !name.contains(".") else { throw Refusal.invalidGroup(text, "groups by a path are not possible; store a related field") }
        guard let field = model.field(name) else { throw Refusal.invalidGroup(text, "'\(name)' is no field of '\(model.name)'") }
        guard field.hasColumn || field.isKept && company != nil else {
            throw Refusal.invalidGroup(text, "'\(name)' is not stored in a column of '\(model.name)'")
        }
        switch field.kind {
        case .binary, .json: throw Refusal.invalidGroup(text, "'\(name)' cannot be compared")
        default: return company.map(field.seen) ?? field
        }
    }

    private static func checked(_ function: String, _ field: Field, _ text: String) throws -> String {
        let fits =
            switch function {
            case "count", "count_distinct": true
            case "array_agg", "array_agg_distinct": field.kind == .integer || field.isLink || field.slot == ModelSchema.Slot.id
            case "recordset": field.kind.comodel != nil || field.slot == ModelSchema.Slot.id
            case "sum", "avg": field.kind.isNumber
            case "min", "max": field.kind != .boolean
            case "bool_and", "bool_or": field.kind == .boolean
            default: false
            }
        guard fits else { throw Refusal.invalidGroup(text, "'\(function)' does not add up '\(field.name)'") }
        // Over the wire a recordset is the list of its ids.
        return function == "recordset" ? "array_agg_distinct" : function
    }
}
