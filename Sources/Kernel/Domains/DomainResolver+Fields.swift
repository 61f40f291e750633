extension DomainResolver {
    /// A condition on a field that stands in a column or in links.
    func stored(_ field: Field, _ part: DatePart?, _ condition: FieldCondition) throws -> Resolved {
        let (positive, isNegated) = condition.positive
        let found = try positiveLeaf(field, part, positive)
        return isNegated ? found.negated : found
    }

    private func positiveLeaf(_ field: Field, _ part: DatePart?, _ condition: FieldCondition) throws -> Resolved {
        switch condition.test {
        case .any(let inside, _):
            guard field.slot == ModelSchema.Slot.id || field.kind.comodel != nil else { throw condition.invalidOperator }
            return Resolved(predicate: try descend(field, checked: true) { try $0.resolve(inside) }, matchesUnset: false)
        case .comparison(let comparison, let value):
            if let part { return try datePart(field, part, comparison, value, condition) }
            if comparison == .childOf || comparison == .parentOf { return try tree(field, comparison, value, condition) }
            return try scalar(field, comparison, value, condition)
        }
    }

    private func scalar(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        if field.slot == ModelSchema.Slot.id { return try identifier(field, comparison, value, condition) }
        switch field.kind {
        case .boolean: return try flag(field, comparison, value, condition)
        case .integer, .float, .monetary, .many2oneReference: return try number(field, comparison, value, condition)
        case .char, .text, .html, .selection, .reference: return try text(field, comparison, value, condition)
        case .date: return try day(field, comparison, value, condition)
        case .datetime: return try moment(field, comparison, value, condition)
        case .binary, .json: return try presence(field, comparison, value, condition)
        case .many2one: return try link(field, comparison, value, condition)
        case .one2many, .many2many: return try links(field, comparison, value, condition)
        }
    }

    /// The values of `=` and `in`, or nil for another operator.
    func members(_ comparison: DomainOperator, _ value: Value) -> [Value]? {
        guard comparison == .equal || comparison == .in else { return nil }
        return value.listValue ?? [value]
    }

    private func identifier(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        func id(_ value: Value) throws -> Int {
            switch value {
            case .int(let id): return id
            case .text(let text): if let id = Int(text) { return id }
            default: if let id = value.intValue { return id }
            }
            throw condition.invalidValue("an id")
        }
        if let values = members(comparison, value) {
            let ids = try values.filter { !$0.isUnsetMarker }.map(id)
            return Resolved(predicate: .oneOf(field, DomainResolver.unique(ids.map { .int($0) })), matchesUnset: false)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        return Resolved(predicate: .compare(field, ordering, .int(try id(value))), matchesUnset: false)
    }

    private func flag(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        guard let values = members(comparison, value) else { throw condition.invalidOperator }
        let wanted = Set(values.map(\.truth))
        switch (wanted.contains(true), wanted.contains(false)) {
        case (true, true): return .all
        case (true, false): return Resolved(predicate: .compare(field, .equal, true), matchesUnset: false)
        case (false, true): return Resolved(predicate: .unset(field), matchesUnset: true)
        case (false, false): return .none
        }
    }

    /// Numbers: what is not set counts as zero.
    private func number(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        let reader = NumberReader(kind: field.kind)
        if let values = members(comparison, value) {
            var wanted: [Value] = []
            var wantsZero = false
            for value in values {
                if value.isUnsetMarker {
                    wantsZero = true
                } else if case .exactly(let number) = try reader.read(value, condition) {
                    if number.isFalsy { wantsZero = true } else { wanted.append(number) }
                }
            }
            if wantsZero { wanted.append(reader.zero) }
            let parts = [.oneOf(field, DomainResolver.unique(wanted)), wantsZero ? Predicate.unset(field) : .none]
            return Resolved(predicate: .either(parts), matchesUnset: wantsZero)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        switch try reader.read(value, condition) {
        case .exactly(let number):
            let order = reader.order(reader.zero, number)
            return withUnset(.compare(field, ordering, number), field, ordering.accepts(order))
        case .between(let below):
            // The column holds whole numbers and the value lies between two of them.
            let isUpward = ordering == .greater || ordering == .greaterOrEqual
            let bound = Predicate.compare(field, isUpward ? .greater : .lessOrEqual, .int(below))
            return withUnset(bound, field, isUpward ? 0 > below : 0 <= below)
        }
    }

    private func withUnset(_ predicate: Predicate, _ field: Field, _ matchesUnset: Bool) -> Resolved {
        Resolved(predicate: matchesUnset ? .either([predicate, .unset(field)]) : predicate, matchesUnset: matchesUnset)
    }

    private func text(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        func string(_ value: Value) throws -> String {
            guard let text = value.plainText else { throw condition.invalidValue("a text") }
            return text
        }
        if let values = members(comparison, value) {
            let wanted = try values.filter { !$0.isUnsetMarker }.map { Value.text(try string($0)) }
            return withUnset(.oneOf(field, DomainResolver.unique(wanted)), field, values.contains(where: \.isUnsetMarker))
        }
        if let pattern = comparison.pattern {
            if value.isUnsetMarker { return pattern.isWhole ? Resolved(predicate: .unset(field), matchesUnset: true) : .all }
            let text = try string(value)
            let whole = pattern.isWhole ? text : "%" + text + "%"
            return Resolved(predicate: .like(field, pattern: whole, ignoringCase: pattern.ignoresCase), matchesUnset: false)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        let text = try string(value)
        return withUnset(.compare(field, ordering, .text(text)), field, ordering == .less || ordering == .lessOrEqual)
    }

    private func presence(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        guard let values = members(comparison, value), values.allSatisfy(\.isUnsetMarker) else { throw condition.invalidOperator }
        return values.isEmpty ? .none : Resolved(predicate: .unset(field), matchesUnset: true)
    }

    /// The values without repetition, in order; texts stay as they are, for equal ones may differ in their bytes.
    static func unique(_ values: [Value]) -> [Value] {
        guard values.count > 1, values[0].textValue == nil else { return values }
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}

extension Value {
    /// Whether the value stands for "not set" in a domain.
    var isUnsetMarker: Bool {
        switch self {
        case .null, .bool(false): true
        case .text(let text): text.isEmpty
        default: false
        }
    }

    /// Yes or no, also from a text such as `true` or `0`.
    var truth: Bool {
        guard case .text(let text) = self else { return !isFalsy }
        return ["1", "true", "yes", "y", "t", "on"].contains(text.lowercased())
    }

    /// The value as a text column would hold it.
    var plainText: String? {
        switch self {
        case .text(let text): text
        case .int(let int): String(int)
        case .double(let double): String(double)
        case .bool(let bool): bool ? "True" : "False"
        case .amount(let amount): amount.description
        case .day(let day): day.description
        case .instant(let instant): instant.description
        default: nil
        }
    }
}

/// Reads numbers as a column of a kind holds them.
struct NumberReader {
    enum Number {
        case exactly(Value)
        /// No whole number, but between this one and the next.
        case between(Int)
    }
    let kind: FieldKind

    var zero: Value {
        switch kind {
        case .float: .double(0)
        case .monetary: .amount(.zero)
        default: .int(0)
        }
    }

    func read(_ value: Value, _ condition: FieldCondition) throws -> Number {
        guard let number = read(value) else { throw condition.invalidValue("a number") }
        return number
    }

    private func read(_ value: Value) -> Number? {
        switch (kind, value) {
        case (.float, .text(let text)): Double(text).flatMap(finite)
        case (.float, .int(let int)): .exactly(.double(Double(int)))
        case (.float, .double(let double)): finite(double)
        case (.float, .amount(let amount)): .exactly(.double(amount.double))
        case (.float, .bool(let bool)): .exactly(.double(bool ? 1 : 0))
        case (.monetary, .text(let text)): Amount(text).map { .exactly(.amount($0)) }
        case (.monetary, .int(let int)):
            int.magnitude < 9_000_000_000_000 ? .exactly(.amount(Amount(int))) : nil
        case (.monetary, .double(let double)): Amount(double).map { .exactly(.amount($0)) }
        case (.monetary, .amount): .exactly(value)
        case (.monetary, .bool(let bool)): .exactly(.amount(bool ? 1 : 0))
        case (_, .text(let text)): Int(text).map { .exactly(.int($0)) } ?? Double(text).flatMap(whole)
        case (_, .int): .exactly(value)
        case (_, .bool(let bool)): .exactly(.int(bool ? 1 : 0))
        case (_, .double(let double)): whole(double)
        case (_, .amount(let amount)): whole(amount.double)
        default: nil
        }
    }

    private func finite(_ double: Double) -> Number? { double.isFinite ? .exactly(.double(double)) : nil }

    private func whole(_ double: Double) -> Number? {
        if let int = Int(exactly: double) { return .exactly(.int(int)) }
        return Int(exactly: double.rounded(.down)).map { .between($0) }
    }

    /// -1, 0 or 1 for two numbers that this reader gave.
    func order(_ left: Value, _ right: Value) -> Int { left.order(to: right) ?? 0 }
}
