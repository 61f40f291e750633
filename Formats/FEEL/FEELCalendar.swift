/// A day of FEEL's `date`, in the years 1 to 9999.
public struct FEELDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int

    /// The day so many days after 1970-01-01; nil outside the years 1 to 9999.
    public init?(number: Int) {
        guard (FEELDate.first...FEELDate.last).contains(number) else { return nil }
        self.number = number
    }

    /// A day by its parts; nil when there is none.
    public init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day), day <= FEELDate.length(year, month) else {
            return nil
        }
        number = FEELDate.count(year, month, day)
    }

    static let first = count(1, 1, 1)
    static let last = count(9999, 12, 31)

    /// Year, month and day of the month.
    public var parts: (year: Int, month: Int, day: Int) {
        // Counted from 0000-03-01 in eras of 400 years, so that a leap day ends its year.
        let shifted = number + 719_468
        let era = shifted / 146_097
        let inEra = shifted % 146_097
        let yearOfEra = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        return (yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    /// The same day so many months on, or the last of that month when it is shorter; nil outside the years 1 to 9999.
    public func adding(months: Int) -> FEELDate? {
        guard abs(months) <= 120_000 else { return nil }
        let (year, month, day) = parts
        let index = year * 12 + month - 1 + months
        guard index >= 12 else { return nil }
        return FEELDate(index / 12, index % 12 + 1, min(day, FEELDate.length(index / 12, index % 12 + 1)))
    }

    static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    private static func count(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    public static func < (left: FEELDate, right: FEELDate) -> Bool { left.number < right.number }
}

/// A time of day, with or without an offset from UTC.
public struct FEELTime: Sendable, Hashable {
    /// Nanoseconds since midnight.
    public let nanoseconds: Int
    /// Seconds east of UTC, when they are known.
    public let offset: Int?

    /// Nanoseconds of one day.
    static let day = 86_400_000_000_000

    /// A time; nil when it is not within a day or the offset not within 14 hours.
    public init?(nanoseconds: Int, offset: Int? = nil) {
        guard (0..<FEELTime.day).contains(nanoseconds), abs(offset ?? 0) <= 14 * 3_600 else { return nil }
        self.nanoseconds = nanoseconds
        self.offset = offset
    }

    /// Nanoseconds since midnight in UTC, or local where no offset is known.
    public var position: Int { nanoseconds - (offset ?? 0) * 1_000_000_000 }
}

/// A day with a time of day.
public struct FEELDateTime: Sendable, Hashable {
    /// The day.
    public let date: FEELDate
    /// The time, with the offset of both.
    public let time: FEELTime

    /// Puts the two together.
    public init(_ date: FEELDate, _ time: FEELTime) {
        self.date = date
        self.time = time
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z, or local where no offset is known.
    public var position: Int128 { Int128(date.number) * Int128(FEELTime.day) + Int128(time.position) }

    /// The moment at a position, with an offset or without; nil outside the years 1 to 9999.
    init?(position: Int128, offset: Int?) {
        let local = position + Int128(offset ?? 0) * 1_000_000_000
        let length = Int128(FEELTime.day)
        let day = local >= 0 ? local / length : (local - length + 1) / length
        guard let date = FEELDate(number: Int(day)), let time = FEELTime(nanoseconds: Int(local - day * length), offset: offset)
        else { return nil }
        self.init(date, time)
    }

    /// The moment so many seconds after 1970-01-01T00:00:00Z, written in UTC; nil outside the years 1 to 9999.
    public init?(secondsSince1970 seconds: Int) {
        guard abs(seconds) < 400_000_000_000 else { return nil }
        self.init(position: Int128(seconds) * 1_000_000_000, offset: 0)
    }

    /// The moment so many nanoseconds after 1970-01-01T00:00:00Z, written in UTC; nil outside the years 1 to 9999.
    public init?(nanosecondsSince1970 position: Int128) {
        guard position.magnitude < 400_000_000_000 * 1_000_000_000 else { return nil }
        self.init(position: position, offset: 0)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z; a moment without an offset counts as UTC.
    public var secondsSince1970: Int {
        let position = position
        return Int(position >= 0 ? position / 1_000_000_000 : (position - 999_999_999) / 1_000_000_000)
    }
}

extension FEELDate: CustomStringConvertible {
    /// `2026-03-01`.
    public var description: String {
        let (year, month, day) = parts
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}

extension FEELTime: CustomStringConvertible {
    /// `08:30:00`, with a fraction and an offset where there are any.
    public var description: String {
        let seconds = nanoseconds / 1_000_000_000
        var text = padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
        text += fraction(nanoseconds % 1_000_000_000)
        guard let offset else { return text }
        if offset == 0 { return text + "Z" }
        let minutes = abs(offset) / 60
        text += (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
        return abs(offset) % 60 == 0 ? text : text + ":" + padded(abs(offset) % 60, 2)
    }
}

extension FEELDateTime: CustomStringConvertible {
    /// `2026-03-01T08:30:00Z`.
    public var description: String { date.description + "T" + time.description }
}

/// A number with zeros before it.
func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// `.5` for half a second; nothing for none.
func fraction(_ nanoseconds: Int) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits = padded(nanoseconds, 9)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "." + digits
}
