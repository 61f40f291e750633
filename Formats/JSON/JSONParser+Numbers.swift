/// The powers of ten that binary floating point holds exactly.
private let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

extension JSONParser {
    /// What one pass over a number's text finds.
    struct Digits {
        var isNegative = false
        var isInteger = true
        /// All digits as one integer; meaningful up to 18 significant ones.
        var mantissa: UInt64 = 0
        var significant = 0
        var exponent = 0
    }

    mutating func number() throws(JSONError) -> JSON {
        let first = next
        let digits = try scanNumber()
        guard next - first <= limits.maxNumberBytes else { throw numberTooLong() }
        let isNegativeZero = digits.isInteger && digits.isNegative && digits.significant == 0
        if isNegativeZero, numbers == .literal { return .number("-0") }
        if digits.isInteger, digits.significant <= 18 {
            let magnitude = Int64(digits.mantissa)
            return .int(digits.isNegative ? -magnitude : magnitude)
        }
        let text = UnsafeBufferPointer(start: first, count: next - first)
        if digits.isInteger, let value = Int64(String(decoding: text, as: UTF8.self)) { return .int(value) }
        if numbers == .literal { return .number(String(decoding: text, as: UTF8.self)) }
        return .double(try double(digits, text))
    }

    /// Up to 15 digits and a small power of ten need one exact operation; the rest goes to the correctly rounding reader.
    private func double(_ digits: Digits, _ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Double {
        if !digits.isInteger, digits.significant <= 15, abs(digits.exponent) <= 22 {
            let mantissa = Double(digits.mantissa)
            let power = exactPowersOfTen[abs(digits.exponent)]
            let magnitude = digits.exponent < 0 ? mantissa / power : mantissa * power
            return digits.isNegative ? -magnitude : magnitude
        }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { throw numberRange() }
        return value
    }

    private mutating func scanNumber() throws(JSONError) -> Digits {
        var digits = Digits()
        if next.pointee == UInt8(ascii: "-") {
            digits.isNegative = true
            next += 1
            guard next < end else { throw endOfText() }
        }
        guard isDigit else { throw syntax("A value must be true, false, null, a number, a string, an array or an object.") }
        if next.pointee == UInt8(ascii: "0") {
            next += 1
            if isDigit { throw syntax("A number must not begin with a superfluous zero.") }
        } else {
            scanDigits(&digits)
        }
        if next < end, next.pointee == UInt8(ascii: ".") { try scanFraction(&digits) }
        if next < end, next.pointee | 0x20 == UInt8(ascii: "e") { try scanExponent(&digits) }
        return digits
    }

    private var isDigit: Bool { next < end && next.pointee &- 0x30 <= 9 }

    private mutating func scanDigits(_ digits: inout Digits) {
        while isDigit {
            digits.mantissa = digits.mantissa &* 10 &+ UInt64(next.pointee &- 0x30)
            if digits.mantissa != 0 || digits.significant > 0 { digits.significant += 1 }
            next += 1
        }
    }

    private mutating func scanFraction(_ digits: inout Digits) throws(JSONError) {
        digits.isInteger = false
        next += 1
        guard isDigit else { throw next < end ? syntax("A digit must follow the decimal point.") : endOfText() }
        let first = next
        scanDigits(&digits)
        digits.exponent -= next - first
    }

    private mutating func scanExponent(_ digits: inout Digits) throws(JSONError) {
        digits.isInteger = false
        next += 1
        var isNegative = false
        if next < end, next.pointee == UInt8(ascii: "-") || next.pointee == UInt8(ascii: "+") {
            isNegative = next.pointee == UInt8(ascii: "-")
            next += 1
        }
        guard isDigit else { throw next < end ? syntax("A digit must follow the exponent's sign.") : endOfText() }
        var exponent = 0
        while isDigit {
            if exponent < 100_000 { exponent = exponent * 10 + Int(next.pointee &- 0x30) }
            next += 1
        }
        digits.exponent += isNegative ? -exponent : exponent
    }
}
