/// What one cell of a decision table asks of a value: alternatives, of which one must hold, or with `not(…)` none.
///
/// Source: OMG DMN 1.3, 9.2, grammar rules 7 to 18.
public struct FEELUnaryTests: Sendable, Hashable {
    /// The alternatives; none for a cell that asks nothing.
    public let tests: [FEELTest]
    /// Whether no alternative may hold.
    public let isNegated: Bool

    /// The cell `-`, which any value meets.
    public static let any = FEELUnaryTests([])

    /// A cell from its alternatives.
    public init(_ tests: [FEELTest], isNegated: Bool = false) {
        self.tests = tests
        self.isNegated = isNegated
    }

    /// Whether any value meets the cell, `null` too.
    public var isAny: Bool { tests.isEmpty }

    /// Reads one cell; an empty one is the same as `-`.
    ///
    /// - Parameters:
    ///   - text: For example `-`, `"a", "b"`, `< 10`, `[1..5]`, `not("x")`.
    ///   - names: The names that may stand in it, also such with spaces; nil when any single word may.
    ///   - limits: What is refused although it is correct.
    /// - Throws: As `FEELExpression.parse`; also `feel.range` when a range ends before it begins.
    public static func parse(_ text: String, names: [String]? = nil, limits: FEELLimits = .default) throws(FEELError) -> FEELUnaryTests {
        var parser = try FEELParser(text, names: names, limits: limits)
        let tests = try parser.unaryTests()
        try parser.finish()
        return tests
    }

    /// Whether the value meets the cell.
    public func hold(for value: FEELValue, in scope: FEELScope = { _ in nil }) -> Bool {
        if isAny { return true }
        return tests.contains { $0.holds(for: value, in: scope) } != isNegated
    }

    /// The names that stand in the cell, in order, each once.
    public var names: [String] {
        var found: [String] = []
        for name in tests.flatMap(\.names) where !found.contains(name) { found.append(name) }
        return found
    }
}

/// One alternative of a cell.
public enum FEELTest: Sendable, Hashable {
    /// The value compared with an operand; with `=` also being in it, when it is a list.
    case compare(FEELOperator, FEELExpression)
    /// The value between two ends, each of which belongs to the range or not.
    case range(FEELRange)

    /// Whether the value meets the alternative; what cannot be compared does not.
    public func holds(for value: FEELValue, in scope: FEELScope) -> Bool {
        switch self {
        case .compare(.equal, let operand): FEELTest.equals(value, operand.value(in: scope))
        case .compare(let comparison, let operand): comparison.holds(value, operand.value(in: scope)) ?? false
        case .range(let range): range.contains(value, in: scope)
        }
    }

    private static func equals(_ value: FEELValue, _ operand: FEELValue) -> Bool {
        if value.isEqual(operand) == true { return true }
        guard case .list(let elements) = operand else { return false }
        return elements.contains { value.isEqual($0) == true }
    }

    var names: [String] {
        switch self {
        case .compare(_, let operand): operand.names
        case .range(let range): range.low.names + range.high.names
        }
    }
}

/// Everything between two ends.
public struct FEELRange: Sendable, Hashable {
    /// The lower end.
    public let low: FEELExpression
    /// Whether the lower end itself belongs to the range.
    public let includesLow: Bool
    /// The upper end.
    public let high: FEELExpression
    /// Whether the upper end itself belongs to the range.
    public let includesHigh: Bool

    /// A range by its ends.
    public init(low: FEELExpression, includesLow: Bool, high: FEELExpression, includesHigh: Bool) {
        self.low = low
        self.includesLow = includesLow
        self.high = high
        self.includesHigh = includesHigh
    }

    /// Whether the value lies in the range.
    func contains(_ value: FEELValue, in scope: FEELScope) -> Bool {
        guard let low = value.order(low.value(in: scope)), low > 0 || (includesLow && low == 0) else { return false }
        guard let high = value.order(high.value(in: scope)) else { return false }
        return high < 0 || (includesHigh && high == 0)
    }
}
