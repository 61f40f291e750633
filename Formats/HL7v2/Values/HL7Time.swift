/// A point in time as HL7 v2 writes it: as precise as its text, with an offset or without.
///
/// Shape: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`. Without an offset the time is the sender's local one.
/// Source: HL7 v2.8.1 chapter 2A, DTM.
public struct HL7Time: Sendable, Hashable, CustomStringConvertible {
    /// How much of the time is known.
    public enum Precision: Int, Sendable, Hashable, Comparable {
        case year, month, day, hour, minute, second, fraction

        /// Year is the least precise.
        public static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }

    /// 0 to 9999.
    public var year: Int
    /// 1 to 12.
    public var month = 1
    /// 1 to 31.
    public var day = 1
    /// 0 to 23.
    public var hour = 0
    /// 0 to 59.
    public var minute = 0
    /// 0 to 59.
    public var second = 0
    /// Ten-thousandths of a second.
    public var fraction = 0
    /// Minutes east of Greenwich; `nil` when the text does not say.
    public var offsetMinutes: Int?
    /// How much of the text was given.
    public var precision: Precision
    /// How many digits of the fraction are written, 1 to 4.
    public var fractionDigits = 4

    /// A time to the second.
    public init(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0, offsetMinutes: Int? = nil,
        precision: Precision = .second
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.offsetMinutes = offsetMinutes
        self.precision = precision
    }

    /// Reads a time; `nil` when the text is not one, or names a day that does not exist.
    public init?(_ text: String) {
        var digits = HL7Digits(text)
        guard let year = digits.number(4) else { return nil }
        self.init(year, 1, 1, precision: .year)
        guard readDate(&digits), readClock(&digits), readFraction(&digits), readOffset(&digits), digits.isAtEnd else { return nil }
        guard day <= Self.days(inMonth: month, of: year) else { return nil }
    }

    /// The time as HL7 writes it, as precise as it is known.
    public var description: String {
        var text = Self.pad(year, 4)
        for (part, needs) in [(month, Precision.month), (day, .day), (hour, .hour), (minute, .minute), (second, .second)]
        where precision >= needs {
            text += Self.pad(part, 2)
        }
        if precision == .fraction { text += "." + Self.pad(fraction, 4).prefix(fractionDigits) }
        if let offsetMinutes {
            text += offsetMinutes < 0 ? "-" : "+"
            text += Self.pad(abs(offsetMinutes) / 60, 2) + Self.pad(abs(offsetMinutes) % 60, 2)
        }
        return text
    }

    private mutating func readDate(_ digits: inout HL7Digits) -> Bool {
        guard digits.hasDigit else { return true }
        guard let month = digits.number(2), (1...12).contains(month) else { return false }
        self.month = month
        precision = .month
        guard digits.hasDigit else { return true }
        guard let day = digits.number(2), (1...31).contains(day) else { return false }
        self.day = day
        precision = .day
        return true
    }

    private mutating func readClock(_ digits: inout HL7Digits) -> Bool {
        for (part, limit, needs) in [(\HL7Time.hour, 24, Precision.hour), (\.minute, 60, .minute), (\.second, 60, .second)] {
            guard digits.hasDigit else { return true }
            guard let number = digits.number(2), number < limit else { return false }
            self[keyPath: part] = number
            precision = needs
        }
        return true
    }

    private mutating func readFraction(_ digits: inout HL7Digits) -> Bool {
        guard precision == .second, digits.take(UInt8(ascii: ".")) else { return true }
        var count = 0
        var value = 0
        while count < 4, let digit = digits.number(1) {
            value = value * 10 + digit
            count += 1
        }
        guard count > 0 else { return false }
        fraction = value * [1000, 100, 10, 1][count - 1]
        fractionDigits = count
        precision = .fraction
        return true
    }

    private mutating func readOffset(_ digits: inout HL7Digits) -> Bool {
        let sign = digits.take(UInt8(ascii: "+")) ? 1 : digits.take(UInt8(ascii: "-")) ? -1 : 0
        guard sign != 0 else { return true }
        guard let hours = digits.number(2), let minutes = digits.number(2), hours < 24, minutes < 60 else { return false }
        offsetMinutes = sign * (hours * 60 + minutes)
        return true
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

/// Reads digits from the front of a text.
struct HL7Digits {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    var hasDigit: Bool { rest.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }

    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly `count` digits as a number.
    mutating func number(_ count: Int) -> Int? {
        var value = 0
        var probe = rest
        for _ in 0..<count {
            guard let byte = probe.popFirst(), byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = probe
        return value
    }
}
