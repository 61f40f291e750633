import Foundation

/// A FHIR `date`, `dateTime` or `instant`, as precise as it was written.
public struct FHIRDateTime: Sendable, Hashable {
    /// The smallest part that the text names; `minute` is no correct FHIR but seen in the world.
    public enum Precision: Int, Sendable, Hashable, Comparable {
        case year, month, day, minute, second

        /// A coarser precision is less than a finer one.
        public static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }

    /// The text as it was written.
    public let text: String
    /// The smallest part that the text names.
    public let precision: Precision
    /// The first moment that the text covers; a text without zone is taken as UTC.
    public let start: Date
    /// The first moment after what the text covers: a day, month or year later, or the next second or its smallest fraction.
    public let end: Date

    /// Reads `2026`, `2026-11`, `2026-11-20`, or a date and time with zone; nil for anything else, impossible days included.
    public init?(_ text: String) {
        var scanner = FHIRDateScanner(text)
        guard let parts = scanner.dateTime() else { return nil }
        self.text = text
        precision = parts.precision
        start = parts.start
        end = parts.end
    }

    /// The instant of a moment in UTC, with milliseconds when there are any: `2026-11-20T10:30:00Z`.
    public init(_ date: Date) {
        let text = FHIRDateTime.text(date)
        self.text = text
        precision = .second
        start = date
        end = date
    }

    /// A moment as FHIR writes an instant in UTC: `2026-11-20T10:30:00.250Z`.
    public static func text(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        let (days, inDay) = (milliseconds.floorDivided(by: 86_400_000), milliseconds.remainder(by: 86_400_000))
        let fraction = inDay % 1000 == 0 ? "" : "." + pad(inDay % 1000, 3)
        let seconds = inDay / 1000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { pad($0, 2) }.joined(separator: ":")
        return "\(FHIRCalendar.text(days: Int(days)))T\(clock)\(fraction)Z"
    }

    static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// A FHIR `time`: `10:30:00`, with a fraction when it has one.
struct FHIRTime {
    init?(_ text: String) {
        var scanner = FHIRDateScanner(text)
        guard scanner.clock(), scanner.isAtEnd, scanner.hasSeconds else { return nil }
    }
}

/// Days and dates in the Gregorian calendar, without a time zone's tables.
enum FHIRCalendar {
    /// Days since 1970-01-01.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func length(year: Int, month: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// `2026-11-20` for a number of days since 1970-01-01.
    static func text(days: Int) -> String {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let (day, month) = (dayOfYear - (153 * index + 2) / 5 + 1, index < 10 ? index + 3 : index - 9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return [(year, 4), (month, 2), (day, 2)].map { FHIRDateTime.pad(Int64($0.0), $0.1) }.joined(separator: "-")
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 { self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor) }
    fileprivate func remainder(by divisor: Int64) -> Int64 { self - floorDivided(by: divisor) * divisor }
}
