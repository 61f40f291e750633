extension Predicate {
    /// Whether a record meets the predicate, by the values that the unit of work knows, written or not.
    ///
    /// - Throws: What reading a value throws.
    public func holds(for id: Int, of model: ModelSchema, in env: Environment) throws -> Bool {
        try PredicateEvaluator(env).holds(self, id, model)
    }

    /// The ids of the records that meet the predicate, in their order, with other values than those that the unit of work knows now.
    ///
    /// - Parameter other: The value to be taken for a field, or nil for the one that is known.
    public func filter(
        _ ids: [Int], of model: ModelSchema, in env: Environment, seeing other: @escaping (ModelSchema, Int, Field) -> Value?
    ) throws -> [Int] {
        let env = env.asSuperuser("what may be read is already part of the predicate")
        let evaluator = PredicateEvaluator(registry: env.registry) { try other($0, $1, $2) ?? env.value($0, $1, $2) }
        return try filter(ids, of: model, by: evaluator)
    }

    /// The ids of the records that meet the predicate, in their order.
    public func filter(_ ids: [Int], of model: ModelSchema, in env: Environment) throws -> [Int] {
        switch self {
        case .all: ids
        case .none: []
        default: try filter(ids, of: model, by: PredicateEvaluator(env))
        }
    }

    /// Whether it looks at nothing but columns of the record itself, so that evaluating it asks for no other record.
    var asksOwnColumnsOnly: Bool {
        switch self {
        case .all, .none, .compare, .unset, .contained, .like, .part: true
        case .and(let parts), .or(let parts): parts.allSatisfy(\.asksOwnColumnsOnly)
        case .not(let inside): inside.asksOwnColumnsOnly
        case .linked, .inTree, .owned: false
        }
    }

    private func filter(_ ids: [Int], of model: ModelSchema, by evaluator: PredicateEvaluator) throws -> [Int] {
        try ids.filter { try evaluator.holds(self, $0, model) }
    }
}

/// Evaluates predicates on values that come from anywhere.
struct PredicateEvaluator {
    /// The most records on the way to a tree's root.
    static let treeLimit = 10_000

    let registry: Registry
    /// The value of a record's field: many2one as `int` or null, other relations as `ids`.
    let value: (ModelSchema, Int, Field) throws -> Value

    init(registry: Registry, value: @escaping (ModelSchema, Int, Field) throws -> Value) {
        self.registry = registry
        self.value = value
    }

    /// Evaluates on the values of a unit of work.
    init(_ env: Environment) {
        let env = env.asSuperuser("what may be read is already part of the predicate")
        self.init(registry: env.registry) { model, id, field in
            if let known = env.unit.existingCache(model)?.value(id, field.slot) { return known }
            return try env.value(model, id, field)
        }
    }

    func holds(_ predicate: Predicate, _ id: Int, _ model: ModelSchema) throws -> Bool {
        switch predicate {
        case .all: true
        case .none: false
        case .and(let parts): try parts.allSatisfy { try holds($0, id, model) }
        case .or(let parts): try parts.contains { try holds($0, id, model) }
        case .not(let inside): try !holds(inside, id, model)
        case .unset(let field): try PredicateEvaluator.isUnset(value(model, id, field))
        case .compare(let field, let comparison, let wanted): try compare(value(model, id, field), comparison, wanted)
        case .contained(let field, let wanted): try contains(wanted, value(model, id, field))
        case .like(let field, let pattern, let ignoringCase):
            try matches(value(model, id, field), LikePattern.Compiled(pattern, ignoringCase: ignoringCase))
        case .part(let field, let part, let comparison, let number, let zone):
            try part.number(of: value(model, id, field), zoneMinutes: zone).map {
                comparison.accepts($0 < number ? -1 : $0 > number ? 1 : 0)
            } ?? false
        case .linked(let field, let inside): try linked(field, inside, id, model)
        case .inTree(let field, let ids, let direction, let parent): try inTree(field, Set(ids), direction, parent, id, model)
        case .owned(let field, let modelField, let owner, let inside):
            try value(model, id, modelField) == .text(owner.name)
                && value(model, id, field).intValue.map { try holds(inside, $0, owner) } ?? false
        }
    }

    /// Null, false and everything empty; a number that is set is not, whatever it is.
    static func isUnset(_ value: Value) -> Bool {
        switch value {
        case .int, .double, .amount: false
        default: value.isFalsy
        }
    }

    private func compare(_ value: Value, _ comparison: Predicate.Comparison, _ wanted: Value) -> Bool {
        guard !PredicateEvaluator.isUnset(value), let order = value.order(to: wanted) else { return false }
        return comparison.accepts(order)
    }

    private func contains(_ wanted: [Value], _ value: Value) -> Bool {
        guard !PredicateEvaluator.isUnset(value) else { return false }
        return wanted.contains { value.order(to: $0) == 0 }
    }

    private func matches(_ value: Value, _ pattern: LikePattern.Compiled) -> Bool {
        guard case .text(let text) = value else { return false }
        return pattern.matches(text)
    }

    private func linked(_ field: Field, _ inside: Predicate, _ id: Int, _ model: ModelSchema) throws -> Bool {
        guard let name = field.kind.comodel else { return false }
        let comodel = try registry.requireModel(name)
        let ids = try value(model, id, field).idList ?? []
        return try ids.contains { try holds(inside, $0, comodel) }
    }

    private func inTree(
        _ field: Field, _ roots: Set<Int>, _ direction: Predicate.TreeDirection, _ parent: Field, _ id: Int, _ model: ModelSchema
    ) throws -> Bool {
        let comodel = try field.kind.comodel.map { try registry.requireModel($0) } ?? model
        guard let start = try value(model, id, field).idList?.first else { return false }
        switch direction {
        case .down: return try climb(from: start, parent, comodel) { roots.contains($0) }
        case .up: return try roots.contains { root in try climb(from: root, parent, comodel) { $0 == start } }
        }
    }

    /// Whether a record, or one above it, is the sought one; a circle of parents ends the way.
    private func climb(from start: Int, _ parent: Field, _ model: ModelSchema, _ isSought: (Int) -> Bool) throws -> Bool {
        var current = start
        var seen: Set<Int> = []
        while seen.insert(current).inserted, seen.count <= PredicateEvaluator.treeLimit {
            if isSought(current) { return true }
            guard let next = try value(model, current, parent).idList?.first else { return false }
            current = next
        }
        return false
    }
}

extension DatePart {
    /// The number of this part in a day or a moment; nil when it is not set.
    ///
    /// Days of the week count from 0 for Sunday; days have no time, so their hours are 0. Periods (`month`) have no number.
    func number(of value: Value, zoneMinutes: Int) -> Int? {
        switch value {
        case .day(let day): return number(day, 0)
        case .instant(let instant):
            let local = instant + zoneMinutes * 60
            return number(local.day, local.secondOfDay)
        default: return nil
        }
    }

    private func number(_ day: Day, _ second: Int) -> Int? {
        switch self {
        case .hour, .day, .week, .month, .quarter, .year: nil
        case .yearNumber: day.parts.year
        case .quarterNumber: (day.parts.month - 1) / 3 + 1
        case .monthNumber: day.parts.month
        case .isoWeekNumber: day.isoWeek.week
        case .dayOfYear: day.dayOfYear
        case .dayOfMonth: day.parts.day
        case .dayOfWeek: day.isoWeekday % 7
        case .hourNumber: second / 3_600
        case .minuteNumber: second / 60 % 60
        case .secondNumber: second % 60
        }
    }
}
