/// An exact decimal number with six places: money and prices.
///
/// Shape: `units` are millionths; the range is ±9,223,372,036,854.775807. Sums and differences are exact; products and quotients
/// are rounded half to even on the sixth place. Leaving the range is a programming error and traps.
public struct Amount: Sendable, Hashable, Comparable {
    /// How many units make one.
    public static let scale = 1_000_000
    /// Nothing.
    public static let zero = Amount(units: 0)

    /// Millionths.
    public let units: Int

    /// An amount of so many millionths.
    public init(units: Int) { self.units = units }

    /// A whole amount.
    public init(_ whole: Int) { units = whole * Amount.scale }

    /// The amount nearest to a binary number; nil when it is not finite or out of range.
    public init?(_ double: Double) {
        let scaled = (double * Double(Amount.scale)).rounded(.toNearestOrEven)
        guard let units = Int(exactly: scaled) else { return nil }
        self.units = units
    }

    /// Reads `-12.5`; nil when it is not a plain decimal number or has more than six places that are not zero.
    public init?(_ text: String) {
        var units = 0
        var places = -1
        var negative = false
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: negative = true
            case UInt8(ascii: ".") where places < 0: places = 0
            case 0x30...0x39:
                digits += 1
                if places == 6 {
                    guard byte == 0x30 else { return nil }
                    continue
                }
                let (product, overflow) = units.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int(byte - 0x30))
                if overflow || carry { return nil }
                units = sum
                if places >= 0 { places += 1 }
            default: return nil
            }
        }
        guard digits > 0 else { return nil }
        for _ in max(places, 0)..<6 {
            let (product, overflow) = units.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            units = product
        }
        self.units = negative ? -units : units
    }

    /// The nearest binary number, for statistics and drawing, never for sums.
    public var double: Double { Double(units) / Double(Amount.scale) }

    public static func < (left: Amount, right: Amount) -> Bool { left.units < right.units }
    /// The sum.
    public static func + (left: Amount, right: Amount) -> Amount { Amount(units: left.units + right.units) }
    /// The difference.
    public static func - (left: Amount, right: Amount) -> Amount { Amount(units: left.units - right.units) }
    /// The opposite amount.
    public static prefix func - (amount: Amount) -> Amount { Amount(units: -amount.units) }
    /// Adds to the left side.
    public static func += (left: inout Amount, right: Amount) { left = left + right }
    /// The product.
    public static func * (left: Amount, right: Int) -> Amount { Amount(units: left.units * right) }

    /// The product, rounded half to even on the sixth place.
    public static func * (left: Amount, right: Amount) -> Amount {
        let wide = left.units.multipliedFullWidth(by: right.units)
        let (quotient, remainder) = Amount.scale.dividingFullWidth(wide)
        return Amount(units: roundedHalfEven(quotient, remainder, over: Amount.scale))
    }

    /// The amount rounded half to even to so many places, 0 to 6.
    public func rounded(places: Int) -> Amount {
        var step = 1
        for _ in max(0, min(places, 6))..<6 { step *= 10 }
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: step)
        return Amount(units: Amount.roundedHalfEven(quotient, remainder, over: step) * step)
    }

    /// The nearest multiple of a step, a half away from zero: 0.05 makes 1.025 into 1.05. A step of zero leaves the amount as it is.
    public func rounded(to step: Amount) -> Amount {
        guard step.units > 0 else { return self }
        let rest = units % step.units
        if rest == 0 { return self }
        let towardZero = units - rest
        guard rest.magnitude >= step.units.magnitude - rest.magnitude else { return Amount(units: towardZero) }
        let (away, overflow) = towardZero.addingReportingOverflow(rest < 0 ? -step.units : step.units)
        return Amount(units: overflow ? towardZero : away)
    }

    private static func roundedHalfEven(_ quotient: Int, _ remainder: Int, over divisor: Int) -> Int {
        let twice = remainder.magnitude * 2
        let away = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        return away ? quotient + (remainder < 0 ? -1 : 1) : quotient
    }
}

extension Amount: CustomStringConvertible {
    /// The shortest plain decimal text, with at least one place: `1234.5`, `12.0`.
    public var description: String {
        let magnitude = units.magnitude
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: UInt(Amount.scale))
        var digits = String(rest)
        while digits.utf8.count < 6 { digits = "0" + digits }
        while digits.utf8.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        return (units < 0 ? "-" : "") + String(whole) + "." + digits
    }
}

extension Amount: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self.init(value) }
}
