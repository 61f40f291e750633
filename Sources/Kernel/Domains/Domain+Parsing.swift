extension Domain {
    /// How large a domain may be.
    public enum Limits {
        /// Levels of `and`, `or`, `not` and sub-domains.
        public static let depth = 32
        /// Conditions, those of sub-domains included.
        public static let conditions = 1_000
        /// Members of one list of values.
        public static let values = 50_000
        /// Bytes of a path.
        public static let path = 500
    }

    /// Reads a domain from Odoo's prefix list: `['|', ['name', '=', 'x'], ['id', 'in', [1, 2]]]`.
    ///
    /// - Throws: `domain.*` with Odoo's own sentences where it has one. Fields are checked when the domain is used, not here.
    public static func parse(_ value: Value) throws -> Domain {
        var parser = DomainParser()
        return try parser.domain(value, depth: 0).domain
    }
}

/// Reads prefix lists from the end, as a stack.
private struct DomainParser {
    /// A domain, and how many levels it has.
    struct Part {
        let domain: Domain
        let height: Int
    }
    private var conditions = 0

    mutating func domain(_ value: Value, depth: Int) throws -> Part {
        switch value {
        case .null, .bool(true): return Part(domain: .all, height: 0)
        case .bool(false): return Part(domain: .none, height: 0)
        default: break
        }
        guard let items = value.listValue else { throw Refusal.malformedDomain(value) }
        var stack: [Part] = []
        for item in items.reversed() {
            switch item {
            case "&", "|":
                guard let left = stack.popLast(), let right = stack.popLast() else { throw Refusal.malformedDomain(value) }
                stack.append(try join(left, right, every: item == "&", depth: depth))
            case "!":
                guard let inside = stack.popLast() else { throw Refusal.malformedDomain(value) }
                stack.append(try checked(Part(domain: inside.domain.negated, height: inside.height + 1), depth: depth))
            default:
                guard case .list(let leaf) = item, leaf.count == 3 else { throw Refusal.invalidDomainItem(item) }
                stack.append(try condition(leaf, depth: depth))
            }
        }
        guard let first = stack.popLast() else { return Part(domain: .all, height: 0) }
        var whole = first
        while let next = stack.popLast() { whole = try join(whole, next, every: true, depth: depth) }
        return whole
    }

    private func join(_ left: Part, _ right: Part, every: Bool, depth: Int) throws -> Part {
        let domain = every ? left.domain & right.domain : left.domain | right.domain
        func level(_ part: Part) -> Int {
            switch part.domain {
            case .and where every, .or where !every: part.height
            default: part.height + 1
            }
        }
        return try checked(Part(domain: domain, height: max(level(left), level(right))), depth: depth)
    }

    private func checked(_ part: Part, depth: Int) throws -> Part {
        guard part.height + depth <= Domain.Limits.depth else { throw Refusal.domainLimit("levels", Domain.Limits.depth) }
        return part
    }

    private mutating func condition(_ leaf: [Value], depth: Int) throws -> Part {
        if leaf == [1, "=", 1] { return Part(domain: .all, height: 0) }
        if leaf == [0, "=", 1] { return Part(domain: .none, height: 0) }
        conditions += 1
        guard conditions <= Domain.Limits.conditions else { throw Refusal.domainLimit("conditions", Domain.Limits.conditions) }
        guard case .text(let path) = leaf[0], case .text(let name) = leaf[1], !path.isEmpty, path.utf8.count <= Domain.Limits.path else {
            throw Refusal.invalidDomainItem(.list(leaf))
        }
        let text = ConditionText(path: path, comparison: name, value: leaf[2])
        let comparison = try DomainParser.comparison(name, in: text)
        guard comparison == .any || comparison == .notAny else {
            if let values = leaf[2].listValue, values.count > Domain.Limits.values {
                throw Refusal.domainLimit("values in a list", Domain.Limits.values)
            }
            return Part(domain: .condition(path, comparison, leaf[2]), height: 0)
        }
        guard depth < Domain.Limits.depth else { throw Refusal.domainLimit("levels", Domain.Limits.depth) }
        guard leaf[2].listValue != nil else { throw Refusal.invalidValue(text.description, expected: "a domain") }
        let inside = try domain(leaf[2], depth: depth + 1)
        return try checked(
            Part(domain: .related(path, inside.domain, negated: comparison == .notAny), height: inside.height + 1), depth: depth)
    }

    private static func comparison(_ name: String, in text: ConditionText) throws -> DomainOperator {
        switch name.lowercased() {
        case "<>": return .notEqual
        case "==": return .equal
        case "any!", "not any!": throw Refusal.internalOperator(text.description)
        case let lower:
            guard let known = DomainOperator(rawValue: lower) else { throw Refusal.invalidOperator(text.description) }
            return known
        }
    }
}

extension Domain {
    /// The domain of all other records, without needless nesting.
    var negated: Domain {
        switch self {
        case .all: .none
        case .none: .all
        case .not(let inside): inside
        default: .not(self)
        }
    }

    /// The domain as Odoo's prefix list; reading it back gives an equal meaning.
    public var value: Value {
        if case .all = self { return .list([]) }
        var items: [Value] = []
        write(to: &items)
        return .list(items)
    }

    private func write(to items: inout [Value]) {
        switch self {
        case .all: items.append([1, "=", 1])
        case .none: items.append([0, "=", 1])
        case .and(let parts): Domain.write(parts, "&", empty: .all, to: &items)
        case .or(let parts): Domain.write(parts, "|", empty: .none, to: &items)
        case .not(let inside):
            items.append("!")
            inside.write(to: &items)
        case .condition(let path, let comparison, let value): items.append([.text(path), .text(comparison.rawValue), value])
        case .related(let path, let inside, let negated):
            items.append([.text(path), .text(negated ? DomainOperator.notAny.rawValue : DomainOperator.any.rawValue), inside.value])
        }
    }

    private static func write(_ parts: [Domain], _ sign: Value, empty: Domain, to items: inout [Value]) {
        guard !parts.isEmpty else { return empty.write(to: &items) }
        for _ in 1..<parts.count { items.append(sign) }
        for part in parts { part.write(to: &items) }
    }

    /// Whether a condition of the domain's own model is about a field, or about something that it leads to.
    public func mentions(_ field: String) -> Bool {
        switch self {
        case .all, .none: false
        case .and(let parts), .or(let parts): parts.contains { $0.mentions(field) }
        case .not(let inside): inside.mentions(field)
        case .condition(let path, _, _), .related(let path, _, _):
            path == field || path.utf8.starts(with: (field + ".").utf8)
        }
    }
}
