/// A condition on records, in Odoo's language of domains.
///
/// Shape: a tree; paths are dotted field names and are checked against the registry only when the domain is used.
/// Source: Odoo developer documentation, “Search domains”.
public indirect enum Domain: Sendable, Hashable {
    /// Every record.
    case all
    /// No record.
    case none
    case and([Domain])
    case or([Domain])
    case not(Domain)
    /// A path compared with a value.
    case condition(String, DomainOperator, Value)
    /// `any` and `not any`: records with at least one (no) related record in the sub-domain.
    case related(String, Domain, negated: Bool)

    /// A path compared with a value.
    public static func `where`(_ path: String, _ comparison: DomainOperator, _ value: Value) -> Domain {
        .condition(path, comparison, value)
    }

    /// Both conditions, without needless nesting.
    public static func & (left: Domain, right: Domain) -> Domain {
        switch (left, right) {
        case (.all, let other), (let other, .all): other
        case (.none, _), (_, .none): .none
        case (.and(let first), .and(let second)): .and(first + second)
        case (.and(let first), let other): .and(first + [other])
        case (let other, .and(let second)): .and([other] + second)
        default: .and([left, right])
        }
    }

    /// Either condition, without needless nesting.
    public static func | (left: Domain, right: Domain) -> Domain {
        switch (left, right) {
        case (.none, let other), (let other, .none): other
        case (.all, _), (_, .all): .all
        case (.or(let first), let other): .or(first + [other])
        default: .or([left, right])
        }
    }
}

/// How a condition compares; the raw value is the wire form.
public enum DomainOperator: String, Sendable, CaseIterable {
    case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case `in` = "in", notIn = "not in"
    case like = "like", notLike = "not like", ilike = "ilike", notIlike = "not ilike"
    case exactLike = "=like", notExactLike = "not =like", exactIlike = "=ilike", notExactIlike = "not =ilike"
    case equalIfSet = "=?", childOf = "child_of", parentOf = "parent_of"
    case any = "any", notAny = "not any"
}
