extension Predicate {
    /// All of the predicates, without needless nesting.
    static func every(_ parts: [Predicate]) -> Predicate {
        var kept: [Predicate] = []
        for part in parts {
            switch part {
            case .all: continue
            case .none: return .none
            case .and(let inner): kept += inner
            default: kept.append(part)
            }
        }
        return kept.isEmpty ? .all : kept.count == 1 ? kept[0] : .and(kept)
    }

    /// At least one of the predicates, without needless nesting.
    static func either(_ parts: [Predicate]) -> Predicate {
        var kept: [Predicate] = []
        for part in parts {
            switch part {
            case .none: continue
            case .all: return .all
            case .or(let inner): kept += inner
            default: kept.append(part)
            }
        }
        return kept.isEmpty ? .none : kept.count == 1 ? kept[0] : .or(kept)
    }

    /// Exactly the other records.
    var negated: Predicate {
        switch self {
        case .all: .none
        case .none: .all
        case .not(let inside): inside
        default: .not(self)
        }
    }

    /// The column is one of the values; none of them stands for "not set".
    static func oneOf(_ field: Field, _ values: [Value]) -> Predicate {
        switch values.count {
        case 0: .none
        case 1: .compare(field, .equal, values[0])
        default: .contained(field, values)
        }
    }
}

/// A predicate, and whether a record whose value is not set meets it: what a related field needs to know when its path breaks off.
struct Resolved {
    var predicate: Predicate
    var matchesUnset: Bool

    static let none = Resolved(predicate: .none, matchesUnset: false)
    static let all = Resolved(predicate: .all, matchesUnset: true)

    var negated: Resolved { Resolved(predicate: predicate.negated, matchesUnset: !matchesUnset) }
}

extension DomainOperator {
    /// The operator without its negation.
    var positive: (comparison: DomainOperator, isNegated: Bool) {
        switch self {
        case .notEqual: (.equal, true)
        case .notIn: (.in, true)
        case .notLike: (.like, true)
        case .notIlike: (.ilike, true)
        case .notExactLike: (.exactLike, true)
        case .notExactIlike: (.exactIlike, true)
        case .notAny: (.any, true)
        default: (self, false)
        }
    }

    /// The comparison of order that the operator asks for.
    var ordering: Predicate.Comparison? {
        switch self {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    /// How the operator matches patterns, if it does.
    var pattern: (ignoresCase: Bool, isWhole: Bool)? {
        switch self {
        case .like: (false, false)
        case .ilike: (true, false)
        case .exactLike: (false, true)
        case .exactIlike: (true, true)
        default: nil
        }
    }
}

extension Predicate.Comparison {
    /// Whether two values in this order satisfy the comparison: -1, 0 or 1.
    @inline(__always)
    func accepts(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}
