/// An exact decimal number of FEEL: up to 34 significant digits, up to 34 of them after the point.
///
/// Sums, differences and products are exact as long as they fit, and rounded half to even when they do not; so are quotients.
/// Source: OMG DMN 1.3, 10.3.2.3.1 (after IEEE 754-2008 decimal128).
public struct FEELNumber: Sendable, Hashable {
    /// How many significant digits a number has at most.
    public static let maxDigits = 34
    /// How many digits a number has after the point at most.
    public static let maxPlaces = 34
    /// Nothing.
    public static let zero = FEELNumber(0)

    /// All digits as a whole number, with the sign; no zeros at its end when there are places.
    let coefficient: Int128
    /// How many of the digits stand after the point.
    let places: Int

    /// A whole number.
    public init(_ whole: Int) {
        coefficient = Int128(whole)
        places = 0
    }

    /// So many millionths, thousandths and so on; places from 0 to 34.
    public init(units: Int, places: Int) {
        self.init(reducing: Int128(units), places: max(0, min(places, Self.maxPlaces)))
    }

    /// Takes digits that fit and drops the zeros at their end.
    init(reducing coefficient: Int128, places: Int) {
        var digits = coefficient
        var left = places
        while left > 0, digits % 10 == 0 {
            digits /= 10
            left -= 1
        }
        self.coefficient = digits
        self.places = left
    }

    /// Reads `-12.50`, `.5` or `3`; nil when it is no such number or has more digits than fit.
    public init?(_ text: some StringProtocol) {
        var digits: Int128 = 0
        var places = -1
        var count = 0
        var seen = false
        var bytes = text.utf8[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        for byte in bytes {
            if byte == UInt8(ascii: "."), places < 0 {
                places = 0
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            seen = true
            digits = digits * 10 + Int128(byte - 0x30)
            if digits != 0 { count += 1 }
            if places >= 0 { places += 1 }
            guard count <= Self.maxDigits, places <= Self.maxPlaces else { return nil }
        }
        guard seen, places < 0 || !text.hasSuffix(".") else { return nil }
        self.init(reducing: isNegative ? -digits : digits, places: max(places, 0))
    }

    /// Whether there are no digits after the point.
    public var isWhole: Bool { places == 0 }

    /// The whole number, when it is one and fits.
    public var int: Int? { places == 0 ? Int(exactly: coefficient) : nil }

    /// The nearest binary number, for statistics and doors that know no other, never for sums.
    public var double: Double { Double(description) ?? .nan }

    /// The number times a power of ten with that many places, as a whole number; nil when there are more places or it does not fit.
    public func units(places wanted: Int) -> Int? {
        guard wanted >= places, wanted - places < Decimals.powers.count else { return nil }
        let (product, overflow) = coefficient.multipliedReportingOverflow(by: Int128(Decimals.powers[wanted - places]))
        return overflow ? nil : Int(exactly: product)
    }

    /// The largest whole number that is not above.
    public var floor: FEELNumber {
        guard places > 0 else { return self }
        let power = Int128(Decimals.powers[places])
        let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: power)
        return FEELNumber(reducing: remainder < 0 ? quotient - 1 : quotient, places: 0)
    }
}

extension FEELNumber: Comparable {
    public static func < (left: FEELNumber, right: FEELNumber) -> Bool {
        if left.places == right.places { return left.coefficient < right.coefficient }
        if left.coefficient.signum() != right.coefficient.signum() { return left.coefficient < right.coefficient }
        return left.places < right.places ? left.isBelow(right) : !right.isBelow(left) && left != right
    }

    /// Compares with a number that has more places and the same sign.
    private func isBelow(_ other: FEELNumber) -> Bool {
        let (scaled, overflow) = coefficient.multipliedReportingOverflow(by: Int128(Decimals.powers[other.places - places]))
        return overflow ? coefficient < 0 : scaled < other.coefficient
    }
}

extension FEELNumber: CustomStringConvertible {
    /// The plain decimal text, as FEEL writes it: `-12.5`.
    public var description: String {
        guard places > 0 else { return String(coefficient) }
        let digits = String(coefficient.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return (coefficient < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
