/// One expression of S-FEEL: literals, names, arithmetic, comparison, lists.
///
/// Source: OMG DMN 1.3, 9.2 (S-FEEL), with `@"…"` literals and lists of FEEL.
public indirect enum FEELExpression: Sendable, Hashable {
    case literal(FEELValue)
    case name(String)
    case negation(FEELExpression)
    case operation(FEELOperator, FEELExpression, FEELExpression)
    case list([FEELExpression])
}

/// What stands between two operands.
public enum FEELOperator: String, Sendable, Hashable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", power = "**"
    case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

    /// Whether the result is a truth value.
    public var isComparison: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .power: false
        default: true
        }
    }

    /// Whether the comparison holds; nil when the two cannot be compared, or this is none.
    func holds(_ left: FEELValue, _ right: FEELValue) -> Bool? {
        switch self {
        case .equal: left.isEqual(right)
        case .notEqual: left.isEqual(right).map { !$0 }
        case .less: left.order(right).map { $0 < 0 }
        case .lessOrEqual: left.order(right).map { $0 <= 0 }
        case .greater: left.order(right).map { $0 > 0 }
        case .greaterOrEqual: left.order(right).map { $0 >= 0 }
        default: nil
        }
    }
}

/// Where names find their values; nil for a name that has none.
public typealias FEELScope = (String) -> FEELValue?

extension FEELExpression {
    /// Reads one expression.
    ///
    /// - Parameters:
    ///   - text: For example `"high"`, `amount * 0.19` or `date("2026-03-01")`.
    ///   - names: The names that may stand in it, also such with spaces; nil when any single word may.
    ///   - limits: What is refused although it is correct.
    /// - Throws: `feel.syntax`, `feel.string`, `feel.number`, `feel.temporal`, `feel.unknown_name`, `feel.range`, `feel.too_long`,
    ///   `feel.too_deep`, `feel.too_many`.
    public static func parse(_ text: String, names: [String]? = nil, limits: FEELLimits = .default) throws(FEELError) -> FEELExpression {
        var parser = try FEELParser(text, names: names, limits: limits)
        let expression = try parser.expression()
        try parser.finish()
        return expression
    }

    /// The value; `null` where a name has none, kinds do not fit, or a number becomes too large.
    public func value(in scope: FEELScope) -> FEELValue {
        switch self {
        case .literal(let value): value
        case .name(let name): scope(name) ?? .null
        case .negation(let inner): FEELArithmetic.negated(inner.value(in: scope))
        case .operation(let operation, let left, let right):
            FEELArithmetic.result(operation, left.value(in: scope), right.value(in: scope))
        case .list(let elements): .list(elements.map { $0.value(in: scope) })
        }
    }

    /// The value, when no name stands in the expression.
    public var constant: FEELValue? { if case .literal(let value) = self { value } else { nil } }

    /// The names that stand in the expression, in order, each once.
    public var names: [String] {
        var found: [String] = []
        collect(&found)
        return found
    }

    private func collect(_ found: inout [String]) {
        switch self {
        case .literal: break
        case .name(let name): if !found.contains(name) { found.append(name) }
        case .negation(let inner): inner.collect(&found)
        case .operation(_, let left, let right):
            left.collect(&found)
            right.collect(&found)
        case .list(let elements): for element in elements { element.collect(&found) }
        }
    }

    /// The expression computed as far as no name stands in it.
    var folded: FEELExpression {
        switch self {
        case .literal, .name: self
        case .negation(let inner): inner.constant == nil ? self : .literal(value { _ in nil })
        case .operation(_, let left, let right): left.constant == nil || right.constant == nil ? self : .literal(value { _ in nil })
        case .list(let elements): elements.allSatisfy { $0.constant != nil } ? .literal(value { _ in nil }) : self
        }
    }
}
