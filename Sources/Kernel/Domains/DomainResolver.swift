/// Turns a domain into a predicate: paths into fields, values into the columns' types, dates into moments.
///
/// A path through a relation keeps to what the user may read of the related model, unless the environment is the superuser's. The way of a
/// related field is the app's own and is not checked.
public struct DomainResolver {
    /// The most relations and computed fields behind one condition.
    public static let stepLimit = 64

    let env: Environment
    let model: ModelSchema
    /// How many relations and computed fields lie behind.
    let depth: Int

    /// A resolver of domains on one model.
    public init(env: Environment, model: ModelSchema) { self.init(env: env, model: model, depth: 0) }

    private init(env: Environment, model: ModelSchema, depth: Int) {
        self.env = env
        self.model = model
        self.depth = depth
    }

    /// The records that a domain means.
    ///
    /// - Throws: `domain.*` for unknown fields, operators and values that do not fit, `access.*` for what the user may not read.
    public func resolve(_ domain: Domain) throws -> Predicate {
        switch domain {
        case .all: return .all
        case .none: return .none
        case .and(let parts): return .every(try parts.map(resolve))
        case .or(let parts): return .either(try parts.map(resolve))
        case .not(let inside): return try resolve(inside).negated
        case .condition(let path, let comparison, let value): return try follow(path, .comparison(comparison, value))
        case .related(let path, let inside, let negated): return try follow(path, .any(inside, negated: negated))
        }
    }

    private func follow(_ path: String, _ test: FieldTest) throws -> Predicate {
        try follow(path.split(separator: ".", omittingEmptySubsequences: false)[...], test)
    }

    private func follow(_ names: ArraySlice<Substring>, _ test: FieldTest) throws -> Predicate {
        let condition = FieldCondition(model: model.name, path: names.joined(separator: "."), test: test)
        guard let first = names.first, let field = model.field(String(first)) else { throw condition.unknownField }
        guard env.canSee(field) else { throw Refusal.hiddenFields([field.name], on: model, .read) }
        let rest = names.dropFirst()
        if rest.isEmpty { return try leaf(field, nil, condition).predicate }
        if rest.count == 1, field.kind == .date || field.kind == .datetime {
            guard let part = DatePart(rawValue: String(rest[rest.startIndex])), part.isNumber else { throw condition.unknownField }
            return try leaf(field, part, condition).predicate
        }
        guard field.slot == ModelSchema.Slot.id || field.kind.comodel != nil else { throw condition.unknownField }
        if field.isVirtual, field.traits.search != nil, field.traits.related == nil {
            let inside = test.domain(rest.joined(separator: "."))
            return try searched(field, .any(inside, negated: false), condition).predicate
        }
        return try descend(field, checked: true) { try $0.follow(rest, test) }
    }

    // MARK: Fields without a column

    /// A field's condition, whether the field is stored or found.
    func leaf(_ field: Field, _ part: DatePart?, _ condition: FieldCondition) throws -> Resolved {
        if field.slot == ModelSchema.Slot.displayName { return try name(condition) }
        if case .comparison(.equalIfSet, let value) = condition.test {
            return value.isFalsy ? .all : try leaf(field, part, condition.with(.comparison(.equal, value)))
        }
        guard field.isVirtual else { return try stored(field.seen(by: env.companyId), part, condition) }
        guard let path = field.traits.related else {
            guard part == nil else { throw Refusal.notSearchable(field.name, in: model.name) }
            return try searched(field, condition.test, condition)
        }
        if case .any(let inside, let negated) = condition.test {
            let found = try descend(field, checked: true) { try $0.resolve(inside) }
            return Resolved(predicate: negated ? found.negated : found, matchesUnset: negated)
        }
        return try related(path, part, condition)
    }

    /// A computed field says itself which records have a value.
    private func searched(_ field: Field, _ test: FieldTest, _ condition: FieldCondition) throws -> Resolved {
        guard let search = field.traits.search else { throw Refusal.notSearchable(field.name, in: model.name) }
        let domain: Domain
        switch test {
        case .comparison(let comparison, let value): domain = try search(env, comparison, value)
        case .any(let inside, let negated):
            guard let name = field.kind.comodel else { throw condition.invalidOperator }
            let comodel = try env.registry.requireModel(name)
            let ids = try env.search(comodel, inside, order: nil, offset: 0, limit: Domain.Limits.values).ids
            domain = try search(env, negated ? .notIn : .in, .ids(ids))
        }
        return Resolved(predicate: try deeper(model).resolve(domain), matchesUnset: false)
    }

    /// A related field is compared where its path ends; where the path breaks off, it is not set.
    private func related(_ path: String, _ part: DatePart?, _ condition: FieldCondition) throws -> Resolved {
        let hops = try env.registry.walk(path, from: model)
        guard let last = hops.last else { throw condition.unknownField }
        let (positive, isNegated) = condition.positive
        var matchesUnset = false
        var predicate = try descend(hops.dropLast()[...], checkingLast: false) { resolver in
            let end = try resolver.deeper(resolver.model).leaf(last, part, positive)
            matchesUnset = end.matchesUnset
            return end.predicate
        }
        if matchesUnset, hops.count > 1 {
            let whole = try descend(hops.dropLast()[...], checkingLast: false) { _ in .all }
            predicate = .either([predicate, whole.negated])
        }
        let found = Resolved(predicate: predicate, matchesUnset: matchesUnset)
        return isNegated ? found.negated : found
    }

    /// A condition on the display name is one on the fields that name a record.
    private func name(_ condition: FieldCondition) throws -> Resolved {
        let (positive, isNegated) = condition.positive
        guard case .comparison = positive.test else { throw condition.invalidOperator }
        let paths = model.searchFields.filter { $0 != "display_name" && (try? env.registry.walk($0, from: model)) != nil }
        let inner = try deeper(model)
        let found = Predicate.either(try paths.map { try inner.follow($0, positive.test) })
        return Resolved(predicate: isNegated ? found.negated : found, matchesUnset: isNegated)
    }

    // MARK: Ways

    /// The records that a relation leads from, to at least one record that the body describes.
    ///
    /// - Parameter checked: Whether the user must be able to read the related records.
    func descend(_ field: Field, checked: Bool, _ body: (DomainResolver) throws -> Predicate) throws -> Predicate {
        if field.slot == ModelSchema.Slot.id { return try body(try deeper(model)) }
        guard let name = field.kind.comodel else { throw Refusal.notSearchable(field.name, in: model.name) }
        if field.isVirtual { return try descendVirtual(field, checked: checked, body) }
        let comodel = try env.registry.requireModel(name)
        let inner = try deeper(comodel)
        let access = checked && !env.isSuperuser ? try env.accessPredicate(.read, comodel) : .all
        return .linked(field.seen(by: env.companyId), .both(access, try body(inner)))
    }

    private func descendVirtual(_ field: Field, checked: Bool, _ body: (DomainResolver) throws -> Predicate) throws -> Predicate {
        guard let path = field.traits.related else { throw Refusal.notSearchable(field.name, in: model.name) }
        return try descend(try env.registry.walk(path, from: model)[...], checkingLast: checked, body)
    }

    /// Follows the hops of a related field as the app does, without checks but for the last.
    private func descend(_ hops: ArraySlice<Field>, checkingLast: Bool, _ body: (DomainResolver) throws -> Predicate) throws -> Predicate {
        guard let first = hops.first else { return try body(self) }
        return try descend(first, checked: checkingLast && hops.count == 1) { inner in
            try inner.descend(hops.dropFirst(), checkingLast: checkingLast, body)
        }
    }

    private func deeper(_ model: ModelSchema) throws -> DomainResolver {
        guard depth < DomainResolver.stepLimit else { throw Refusal.domainLimit("steps through fields", DomainResolver.stepLimit) }
        return DomainResolver(env: env, model: model, depth: depth + 1)
    }

    /// Related records whose display name meets a condition.
    func named(_ field: Field, _ comparison: DomainOperator, _ value: Value) throws -> Predicate {
        try descend(field, checked: true) { inner in
            try inner.name(FieldCondition(model: inner.model.name, path: "display_name", test: .comparison(comparison, value))).predicate
        }
    }
}

extension Field {
    /// Whether the value is found at every reading.
    var isVirtual: Bool { isComputed && !traits.stored }
}

extension DatePart {
    /// Whether the part is a number that a condition can compare.
    var isNumber: Bool {
        switch self {
        case .hour, .day, .week, .month, .quarter, .year: false
        default: true
        }
    }
}

/// What is asked of a field.
enum FieldTest {
    case comparison(DomainOperator, Value)
    case any(Domain, negated: Bool)

    /// The test of a path, as a domain.
    func domain(_ path: String) -> Domain {
        switch self {
        case .comparison(let comparison, let value): .condition(path, comparison, value)
        case .any(let inside, let negated): .related(path, inside, negated: negated)
        }
    }
}

/// A condition on a field with the words that its errors need.
struct FieldCondition {
    let model: String
    let path: String
    let test: FieldTest

    var text: String {
        switch test {
        case .comparison(let comparison, let value): ConditionText(path: path, comparison: comparison.rawValue, value: value).description
        case .any(let domain, let negated):
            ConditionText(path: path, comparison: negated ? "not any" : "any", value: domain.value).description
        }
    }

    var unknownField: Refusal { Refusal.unknownField(model, in: text, path: String(path.split(separator: ".").first ?? "")) }
    var invalidOperator: Refusal { Refusal.invalidOperator(text) }
    func invalidValue(_ expected: String) -> Refusal { Refusal.invalidValue(text, expected: expected) }

    /// The same field with another test.
    func with(_ test: FieldTest) -> FieldCondition { FieldCondition(model: model, path: path, test: test) }

    /// The condition without its negation.
    var positive: (FieldCondition, isNegated: Bool) {
        switch test {
        case .any(let domain, let negated): return (with(.any(domain, negated: false)), negated)
        case .comparison(let comparison, let value):
            let (positive, isNegated) = comparison.positive
            return (with(.comparison(positive, value)), isNegated)
        }
    }
}
