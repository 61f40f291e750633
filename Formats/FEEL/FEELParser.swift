/// Reads S-FEEL from its text, by recursive descent.
struct FEELParser: ~Copyable {
    let bytes: [UInt8]
    let names: [String]?
    /// The names that may stand here, the longest first, so that "age of patient" is not read as "age".
    let known: [String]
    let limits: FEELLimits
    /// The byte that is read next.
    var index = 0
    private var depth = 0

    init(_ text: String, names: [String]?, limits: FEELLimits) throws(FEELError) {
        guard text.utf8.count <= limits.maxBytes else { throw .tooLong(limits.maxBytes) }
        bytes = Array(text.utf8)
        self.names = names
        known = (names ?? []).sorted { $0.utf8.count > $1.utf8.count }
        self.limits = limits
    }

    /// The character at a byte, counted from 1.
    func position(_ byte: Int) -> Int { String(decoding: bytes[..<min(byte, bytes.count)], as: UTF8.self).count + 1 }

    mutating func finish() throws(FEELError) {
        skipSpace()
        guard index == bytes.count else { throw .syntax("Something stands behind the end of the expression.", at: position(index)) }
    }

    mutating func deeper() throws(FEELError) {
        depth += 1
        let most = min(limits.maxDepth, FEELLimits.deepest)
        guard depth <= most else { throw .tooDeep(most, at: position(index)) }
    }

    mutating func higher() { depth -= 1 }

    // MARK: Tests

    mutating func unaryTests() throws(FEELError) -> FEELUnaryTests {
        skipSpace()
        if index == bytes.count { return .any }
        let start = index
        if take("-") {
            skipSpace()
            if index == bytes.count { return .any }
            index = start
        }
        guard takeWord("not"), take("(") else {
            index = start
            return FEELUnaryTests(try testList())
        }
        let tests = try testList()
        guard take(")") else { throw .syntax("A ) is missing at the end of not(…).", at: position(index)) }
        return FEELUnaryTests(tests, isNegated: true)
    }

    private mutating func testList() throws(FEELError) -> [FEELTest] {
        var tests = [try test()]
        while take(",") {
            guard tests.count < limits.maxItems else { throw .tooMany(limits.maxItems, at: position(index)) }
            tests.append(try test())
        }
        return tests
    }

    private mutating func test() throws(FEELError) -> FEELTest {
        if let comparison = takeComparison() { return .compare(comparison, try additive()) }
        skipSpace()
        let start = index
        if let range = try range() { return .range(range) }
        index = start
        return .compare(.equal, try additive())
    }

    /// A range, when one stands here; otherwise nothing, and something of it may be read.
    private mutating func range() throws(FEELError) -> FEELRange? {
        let start = index
        let isOpen = take("(") || take("]")
        guard isOpen || take("[") else { return nil }
        let mustBeRange = bytes[start] == UInt8(ascii: "]")
        if !mustBeRange, take("]") { return nil }
        let low = try additive()
        guard takeDots() else {
            if mustBeRange { throw .syntax("A range is written like ]1..5[.", at: position(index)) }
            return nil
        }
        let high = try additive()
        let excludesHigh = take(")") || take("[")
        guard excludesHigh || take("]") else { throw .syntax("A range ends with ], ) or [.", at: position(index)) }
        let range = FEELRange(low: low, includesLow: !isOpen, high: high, includesHigh: !excludesHigh)
        try check(range, at: start)
        return range
    }

    /// A range whose ends are known must be able to hold something.
    private func check(_ range: FEELRange, at start: Int) throws(FEELError) {
        guard let low = range.low.constant, let high = range.high.constant else { return }
        guard let order = low.order(high) else {
            throw .range("The ends of the range cannot be compared. Write both as values of one kind.", at: position(start))
        }
        guard order < 0 || (order == 0 && range.includesLow && range.includesHigh) else {
            throw .range("The range holds nothing, for it ends before it begins. Exchange its ends.", at: position(start))
        }
    }

    // MARK: Expressions

    mutating func expression() throws(FEELError) -> FEELExpression {
        let left = try additive()
        guard let comparison = takeComparison() else { return left }
        return FEELExpression.operation(comparison, left, try additive()).folded
    }

    mutating func additive() throws(FEELError) -> FEELExpression {
        var result = try multiplicative()
        while true {
            if take("+") {
                result = FEELExpression.operation(.add, result, try multiplicative()).folded
            } else if take("-") {
                result = FEELExpression.operation(.subtract, result, try multiplicative()).folded
            } else {
                return result
            }
            try grow()
        }
    }

    private mutating func multiplicative() throws(FEELError) -> FEELExpression {
        var result = try power()
        while true {
            skipSpace()
            if !starts("**"), take("*") {
                result = FEELExpression.operation(.multiply, result, try power()).folded
            } else if take("/") {
                result = FEELExpression.operation(.divide, result, try power()).folded
            } else {
                return result
            }
            try grow()
        }
    }

    private mutating func power() throws(FEELError) -> FEELExpression {
        var result = try negation()
        while starts("**") {
            index += 2
            result = FEELExpression.operation(.power, result, try negation()).folded
            try grow()
        }
        return result
    }

    /// A chain of operators becomes a tree as deep as it is long, so its length is limited, too.
    private mutating func grow() throws(FEELError) {
        operators += 1
        guard operators <= FEELParser.maxOperators else { throw .tooDeep(FEELParser.maxOperators, at: position(index)) }
    }

    private var operators = 0
    /// How many operators a cell may have.
    private static let maxOperators = 200

    private mutating func negation() throws(FEELError) -> FEELExpression {
        guard take("-") else { return try primary() }
        try deeper()
        let inner = try negation()
        higher()
        return FEELExpression.negation(inner).folded
    }

    private mutating func primary() throws(FEELError) -> FEELExpression {
        skipSpace()
        guard index < bytes.count else { throw .syntax("A value is missing at the end.", at: position(index)) }
        switch bytes[index] {
        case UInt8(ascii: "\""): return .literal(.string(try string()))
        case UInt8(ascii: "@"): return try atLiteral()
        case UInt8(ascii: "("): return try parenthesised()
        case UInt8(ascii: "["): return try list()
        case 0x30...0x39, UInt8(ascii: "."): return .literal(.number(try number()))
        default: return try word()
        }
    }

    private mutating func parenthesised() throws(FEELError) -> FEELExpression {
        try deeper()
        index += 1
        let inner = try expression()
        guard take(")") else { throw .syntax("A ) is missing.", at: position(index)) }
        higher()
        return inner
    }

    private mutating func list() throws(FEELError) -> FEELExpression {
        try deeper()
        index += 1
        var elements: [FEELExpression] = []
        if take("]") {
            higher()
            return .literal(.list([]))
        }
        repeat {
            guard elements.count < limits.maxItems else { throw .tooMany(limits.maxItems, at: position(index)) }
            elements.append(try expression())
        } while take(",")
        guard take("]") else { throw .syntax("A ] is missing at the end of the list.", at: position(index)) }
        higher()
        return FEELExpression.list(elements).folded
    }
}
