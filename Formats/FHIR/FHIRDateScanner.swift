import Foundation

/// Reads the parts of FHIR's dates and times from left to right.
struct FHIRDateScanner {
    private let bytes: [UInt8]
    private var next = 0
    private var secondsOfDay = 0
    private var fraction = 0.0
    private var fractionUnit = 1.0
    private(set) var hasSeconds = false

    /// What a text covers.
    struct Parts {
        let precision: FHIRDateTime.Precision
        let start: Date
        let end: Date
    }

    private static let maxFractionDigits = 9

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { next == bytes.count }

    mutating func dateTime() -> Parts? {
        guard let year = number(4), year > 0 else { return nil }
        if isAtEnd {
            return whole(
                .year, FHIRCalendar.days(year: year, month: 1, day: 1),
                year % 4 == 0 && FHIRCalendar.length(year: year, month: 2) == 29 ? 366 : 365)
        }
        guard take("-"), let month = number(2), (1...12).contains(month) else { return nil }
        let length = FHIRCalendar.length(year: year, month: month)
        if isAtEnd { return whole(.month, FHIRCalendar.days(year: year, month: month, day: 1), length) }
        guard take("-"), let day = number(2), (1...length).contains(day) else { return nil }
        let days = FHIRCalendar.days(year: year, month: month, day: day)
        if isAtEnd { return whole(.day, days, 1) }
        guard take("T"), clock(), let offset = zone(), isAtEnd else { return nil }
        let seconds = Double(days * 86_400 + secondsOfDay - offset * 60) + fraction
        let start = Date(timeIntervalSince1970: seconds)
        return Parts(
            precision: hasSeconds ? .second : .minute, start: start, end: start.addingTimeInterval(hasSeconds ? fractionUnit : 60))
    }

    private func whole(_ precision: FHIRDateTime.Precision, _ firstDay: Int, _ count: Int) -> Parts {
        let start = Date(timeIntervalSince1970: Double(firstDay * 86_400))
        return Parts(precision: precision, start: start, end: start.addingTimeInterval(Double(count * 86_400)))
    }

    /// Reads `10:30:00.25`; the seconds may be missing, which `hasSeconds` tells. A leap second is accepted.
    mutating func clock() -> Bool {
        guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else { return false }
        secondsOfDay = hour * 3600 + minute * 60
        guard take(":") else { return true }
        guard let second = number(2), second <= 60 else { return false }
        secondsOfDay += second
        hasSeconds = true
        return take(".") ? readFraction() : true
    }

    private mutating func readFraction() -> Bool {
        let first = next
        while next < bytes.count, FHIRText.isDigit(bytes[next]) {
            if next - first < FHIRDateScanner.maxFractionDigits {
                fractionUnit /= 10
                fraction += Double(bytes[next] - 0x30) * fractionUnit
            }
            next += 1
        }
        return next > first
    }

    /// Minutes east of Greenwich for `Z`, `+02:00`; at most 14 hours.
    private mutating func zone() -> Int? {
        if take("Z") { return 0 }
        let isWest = next < bytes.count && bytes[next] == UInt8(ascii: "-")
        guard isWest ? take("-") : take("+") else { return nil }
        guard let hours = number(2), take(":"), let minutes = number(2), minutes < 60 else { return nil }
        let total = hours * 60 + minutes
        guard total <= 14 * 60 else { return nil }
        return isWest ? -total : total
    }

    private mutating func number(_ count: Int) -> Int? {
        guard next + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[next..<(next + count)] {
            guard FHIRText.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        next += count
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next < bytes.count, bytes[next] == UInt8(ascii: character) else { return false }
        next += 1
        return true
    }
}
