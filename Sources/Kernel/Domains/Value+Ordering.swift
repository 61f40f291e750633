extension Value {
    /// -1, 0 or 1 as the value stands before, at or after another of the same column; nil when they do not compare.
    ///
    /// Texts compare by their UTF-8, as the stores' columns do.
    func order(to other: Value) -> Int? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Value.order(left, right)
        case (.double(let left), .double(let right)): Value.order(left, right)
        case (.int(let left), .double(let right)): Value.order(Double(left), right)
        case (.double(let left), .int(let right)): Value.order(left, Double(right))
        case (.amount(let left), .amount(let right)): Value.order(left, right)
        case (.day(let left), .day(let right)): Value.order(left, right)
        case (.instant(let left), .instant(let right)): Value.order(left, right)
        case (.bool(let left), .bool(let right)): Value.order(left ? 1 : 0, right ? 1 : 0)
        case (.text(let left), .text(let right)): Value.order(left, right)
        default: nil
        }
    }

    private static func order<C: Comparable>(_ left: C, _ right: C) -> Int { left < right ? -1 : left > right ? 1 : 0 }

    private static func order(_ left: String, _ right: String) -> Int {
        if left.utf8.elementsEqual(right.utf8) { return 0 }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }
}
