/// Powers of ten, and whole numbers twice as wide as the digits of a number.
enum Decimals {
    /// 10⁰ to 10³⁸, all that fit.
    static let powers: [UInt128] = {
        var list: [UInt128] = [1]
        for _ in 1...38 { list.append(list[list.count - 1] * 10) }
        return list
    }()

    /// How many digits a number has; none for zero.
    static func count(_ number: UInt128) -> Int { powers.firstIndex { number < $0 } ?? powers.count }

    /// Rounds half to even so that the digits fit; nil when the number is too large.
    static func fitted(_ wide: (high: UInt128, low: UInt128), places: Int, isNegative: Bool) -> FEELNumber? {
        var number = wide
        var left = places
        var isInexact = false
        // First in large steps that keep two digits too many, with what is lost remembered, then one exact rounding.
        while number.high != 0 || count(number.low) > FEELNumber.maxDigits + 2 || left > FEELNumber.maxPlaces + 2 {
            guard left > 0 else { return nil }
            let lost = divide(&number, by: 10)
            isInexact = isInexact || lost != 0
            left -= 1
        }
        let excess = max(count(number.low) - FEELNumber.maxDigits, left - FEELNumber.maxPlaces, 0)
        guard excess > 0 else { return finished(number.low, left, isNegative) }
        guard excess <= left else { return nil }
        let power = powers[excess]
        var (quotient, remainder) = number.low.quotientAndRemainder(dividingBy: power)
        let half = power / 2
        if remainder > half || (remainder == half && (isInexact || quotient % 2 == 1)) { quotient += 1 }
        left -= excess
        if count(quotient) > FEELNumber.maxDigits, left == 0 { return nil }
        return finished(quotient, left, isNegative)
    }

    private static func finished(_ digits: UInt128, _ places: Int, _ isNegative: Bool) -> FEELNumber {
        let magnitude = Int128(digits)
        return FEELNumber(reducing: isNegative ? -magnitude : magnitude, places: places)
    }

    private static func divide(_ number: inout (high: UInt128, low: UInt128), by divisor: UInt128) -> UInt128 {
        let high = number.high.quotientAndRemainder(dividingBy: divisor)
        let low = divisor.dividingFullWidth((high.remainder, number.low))
        number = (high.quotient, low.quotient)
        return low.remainder
    }
}

extension FEELNumber {
    /// The sum; nil when it is too large.
    public func adding(_ other: FEELNumber) -> FEELNumber? {
        let common = max(places, other.places)
        let left = coefficient.magnitude.multipliedFullWidth(by: Decimals.powers[common - places])
        let right = other.coefficient.magnitude.multipliedFullWidth(by: Decimals.powers[common - other.places])
        let isNegative = coefficient < 0
        if isNegative == (other.coefficient < 0) {
            let (low, carry) = left.low.addingReportingOverflow(right.low)
            return Decimals.fitted((left.high + right.high + (carry ? 1 : 0), low), places: common, isNegative: isNegative)
        }
        let isLeftLarger = left.high != right.high ? left.high > right.high : left.low >= right.low
        let (more, less) = isLeftLarger ? (left, right) : (right, left)
        let (low, borrow) = more.low.subtractingReportingOverflow(less.low)
        let wide = (more.high - less.high - (borrow ? 1 : 0), low)
        return Decimals.fitted(wide, places: common, isNegative: isNegative == isLeftLarger)
    }

    /// The difference; nil when it is too large.
    public func subtracting(_ other: FEELNumber) -> FEELNumber? { adding(other.negated) }

    /// The opposite number.
    public var negated: FEELNumber { FEELNumber(reducing: -coefficient, places: places) }

    /// The product; nil when it is too large.
    public func multiplied(by other: FEELNumber) -> FEELNumber? {
        let wide = coefficient.magnitude.multipliedFullWidth(by: other.coefficient.magnitude)
        return Decimals.fitted(
            (wide.high, wide.low), places: places + other.places, isNegative: (coefficient < 0) != (other.coefficient < 0))
    }

    /// The quotient to 34 digits; nil when it is too large, or divided by nothing.
    public func divided(by other: FEELNumber) -> FEELNumber? {
        guard other.coefficient != 0 else { return nil }
        guard coefficient != 0 else { return .zero }
        let divisor = other.coefficient.magnitude
        let lead = Self.maxDigits - Decimals.count(coefficient.magnitude)
        let more = 1 + Decimals.count(divisor)
        let dividend = (coefficient.magnitude * Decimals.powers[lead]).multipliedFullWidth(by: Decimals.powers[more])
        let (quotient, remainder) = divisor.dividingFullWidth(dividend)
        // One digit more tells a remainder, so that a half that is none is not taken for one.
        let digits = quotient * 10 + (remainder == 0 ? 0 : 1)
        let scale = places - other.places + lead + more + 1
        let isNegative = (coefficient < 0) != (other.coefficient < 0)
        if scale >= 0 { return Decimals.fitted((0, digits), places: scale, isNegative: isNegative) }
        guard -scale < Decimals.powers.count else { return nil }
        let wide = digits.multipliedFullWidth(by: Decimals.powers[-scale])
        return Decimals.fitted((wide.high, wide.low), places: 0, isNegative: isNegative)
    }

    /// The power with a whole exponent from -999 to 999; nil for others, when it is too large, and for a negative power of nothing.
    public func raised(to exponent: FEELNumber) -> FEELNumber? {
        guard let count = exponent.int, abs(count) <= Self.maxExponent else { return nil }
        var result = FEELNumber(1)
        for _ in 0..<abs(count) {
            guard let next = result.multiplied(by: self) else { return nil }
            result = next
        }
        return count < 0 ? FEELNumber(1).divided(by: result) : result
    }

    /// The largest exponent that is computed.
    static let maxExponent = 999
}
