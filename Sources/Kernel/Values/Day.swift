/// A day of the Gregorian calendar, without a time or a zone.
///
/// Shape: days since 1970-01-01; written as `YYYY-MM-DD`. Years 0001 to 9999 can be read and written.
public struct Day: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int

    /// The day so many days after 1970-01-01.
    public init(number: Int) { self.number = number }

    /// A day by its calendar parts, which must exist.
    public init(_ year: Int, _ month: Int, _ day: Int) {
        number = Day.count(year, month, day)
    }

    /// Reads `YYYY-MM-DD`; nil when that is not a day.
    public init?(_ text: some StringProtocol) {
        var parts = (0, 0, 0)
        var place = 0
        var digits = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "-") {
                guard digits == (place == 0 ? 4 : 2), place < 2 else { return nil }
                place += 1
                digits = 0
                continue
            }
            guard (0x30...0x39).contains(byte), digits < 4 else { return nil }
            let digit = Int(byte - 0x30)
            digits += 1
            switch place {
            case 0: parts.0 = parts.0 * 10 + digit
            case 1: parts.1 = parts.1 * 10 + digit
            default: parts.2 = parts.2 * 10 + digit
            }
        }
        guard place == 2, digits == 2 else { return nil }
        self.init(checking: parts.0, parts.1, parts.2)
    }

    /// A day by its calendar parts; nil when there is no such day.
    public init?(checking year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(year, month) else { return nil }
        number = Day.count(year, month, day)
    }

    /// Year, month and day of the month.
    public var parts: (year: Int, month: Int, day: Int) {
        // Counted in 400-year eras from 0000-03-01, so that a leap day ends its year.
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let inEra = shifted - era * 146_097
        let yearOfEra = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// 1 for Monday to 7 for Sunday.
    public var isoWeekday: Int {
        let index = (number + 3) % 7
        return (index < 0 ? index + 7 : index) + 1
    }

    /// 1 for the first of January.
    public var dayOfYear: Int { number - Day.count(parts.year, 1, 1) + 1 }

    /// The ISO 8601 year and week.
    public var isoWeek: (year: Int, week: Int) {
        let thursday = Day(number: number - isoWeekday + 4)
        return (thursday.parts.year, (thursday.dayOfYear - 1) / 7 + 1)
    }

    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
    /// The day so many days later.
    public static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
    /// The day so many days earlier.
    public static func - (day: Day, days: Int) -> Day { Day(number: day.number - days) }
    /// How many days lie between.
    public static func - (left: Day, right: Day) -> Int { left.number - right.number }

    /// The same day so many months on, or the last day of that month when it is shorter.
    public func adding(months: Int) -> Day {
        let (year, month, day) = parts
        let index = year * 12 + month - 1 + months
        let newYear = index >= 0 ? index / 12 : (index - 11) / 12
        let newMonth = index - newYear * 12 + 1
        return Day(newYear, newMonth, min(day, Day.length(newYear, newMonth)))
    }

    /// How many days a month has.
    public static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    private static func count(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Day: CustomStringConvertible {
    public var description: String {
        let (year, month, day) = parts
        return String(unsafeUninitializedCapacity: 10) { buffer in
            Digits.write(year, 4, buffer, at: 0)
            buffer[4] = UInt8(ascii: "-")
            Digits.write(month, 2, buffer, at: 5)
            buffer[7] = UInt8(ascii: "-")
            Digits.write(day, 2, buffer, at: 8)
            return 10
        }
    }
}

/// Fixed-width decimal digits for dates.
enum Digits {
    @inline(__always)
    static func write(_ number: Int, _ width: Int, _ buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        var rest = number
        for place in stride(from: start + width - 1, through: start, by: -1) {
            buffer[place] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
    }
}
