/// Walks over the text of a date, a time or a duration.
struct CalendarScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Exactly so many digits.
    mutating func digits(_ count: Int) -> Int? {
        guard let (value, taken) = number(max: count), taken == count else { return nil }
        return value
    }

    /// At least one digit, at most so many.
    mutating func number(max: Int) -> (value: Int, taken: Int)? {
        var value = 0
        let start = index
        while index < bytes.count, index - start < max, (0x30...0x39).contains(bytes[index]) {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return index == start ? nil : (value, index - start)
    }

    /// The fraction of a second after a point, in nanoseconds; none when there is no point.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        guard let (value, taken) = number(max: 9) else { return nil }
        return (taken..<9).reduce(value) { product, _ in product * 10 }
    }
}

extension FEELDate {
    /// Reads `2026-03-01`; nil when that is no day.
    public init?(_ text: String) {
        var scanner = CalendarScanner(text)
        guard let date = FEELDate(scanning: &scanner), scanner.isAtEnd else { return nil }
        self = date
    }

    init?(scanning scanner: inout CalendarScanner) {
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"), let day = scanner.digits(2)
        else { return nil }
        self.init(year, month, day)
    }
}

extension FEELTime {
    /// Reads `08:30:00`, with a fraction, `Z` or an offset such as `+01:00`; nil when that is no time.
    public init?(_ text: String) {
        var scanner = CalendarScanner(text)
        guard let time = FEELTime(scanning: &scanner), scanner.isAtEnd else { return nil }
        self = time
    }

    init?(scanning scanner: inout CalendarScanner) {
        guard let hours = scanner.digits(2), scanner.take(":"), let minutes = scanner.digits(2), scanner.take(":"),
            let seconds = scanner.digits(2), let fraction = scanner.fraction(), hours < 24, minutes < 60, seconds < 60
        else { return nil }
        guard let offset = FEELTime.offset(&scanner) else { return nil }
        self.init(nanoseconds: (hours * 3_600 + minutes * 60 + seconds) * 1_000_000_000 + fraction, offset: offset.seconds)
    }

    /// What stands behind a time: nothing, `Z` or an offset; nil when it is malformed.
    private static func offset(_ scanner: inout CalendarScanner) -> (seconds: Int?, Void)? {
        if scanner.isAtEnd { return (nil, ()) }
        if scanner.take("Z") { return (0, ()) }
        let isNegative = scanner.take("-")
        guard isNegative || scanner.take("+"), let hours = scanner.digits(2), scanner.take(":"), let minutes = scanner.digits(2),
            minutes < 60
        else { return nil }
        var seconds = hours * 3_600 + minutes * 60
        if scanner.take(":") {
            guard let more = scanner.digits(2), more < 60 else { return nil }
            seconds += more
        }
        return (isNegative ? -seconds : seconds, ())
    }
}

extension FEELDateTime {
    /// Reads `2026-03-01T08:30:00`, with or without an offset; nil when that is no moment.
    public init?(_ text: String) {
        var scanner = CalendarScanner(text)
        guard let date = FEELDate(scanning: &scanner), scanner.take("T"), let time = FEELTime(scanning: &scanner), scanner.isAtEnd
        else { return nil }
        self.init(date, time)
    }
}

/// Durations, which FEEL keeps in two kinds that cannot be compared with each other.
enum FEELDuration {
    /// The longest duration of days and time, in nanoseconds: 100,000 days.
    static let longest = 100_000 * FEELTime.day
    /// The longest duration of years and months, in months.
    static let mostMonths = 120_000

    /// Reads `P1DT2H`, `PT72H`, `P1Y6M` or `-P3D`; nil when that is none, or mixes the two kinds.
    static func parse(_ text: String) -> FEELValue? {
        var scanner = CalendarScanner(text)
        let isNegative = scanner.take("-")
        guard scanner.take("P"), !scanner.isAtEnd else { return nil }
        var parts = Parts()
        guard parts.read(&scanner), scanner.isAtEnd else { return nil }
        guard parts.months == 0 && !parts.hasMonths else {
            guard !parts.hasTime, parts.months <= mostMonths else { return nil }
            return .months(isNegative ? -parts.months : parts.months)
        }
        guard parts.nanoseconds <= longest else { return nil }
        return .nanoseconds(isNegative ? -parts.nanoseconds : parts.nanoseconds)
    }

    private struct Parts {
        var months = 0
        var nanoseconds = 0
        var hasMonths = false
        var hasTime = false

        /// Reads the parts in their order, each at most once.
        mutating func read(_ scanner: inout CalendarScanner) -> Bool {
            var isTime = false
            var rank = 0
            while !scanner.isAtEnd {
                if !isTime, scanner.take("T") {
                    isTime = true
                    if scanner.isAtEnd { return false }
                }
                guard let (value, _) = scanner.number(max: 7), let fraction = scanner.fraction() else { return false }
                guard let next = take(value, fraction, &scanner, isTime), next > rank else { return false }
                rank = next
            }
            return hasMonths || hasTime
        }

        /// Takes one part; its place in the order, or nil when the letter is wrong.
        private mutating func take(_ value: Int, _ fraction: Int, _ scanner: inout CalendarScanner, _ isTime: Bool) -> Int? {
            if !isTime {
                guard fraction == 0 else { return nil }
                if scanner.take("Y") { return addMonths(value * 12, 1) }
                if scanner.take("M") { return addMonths(value, 2) }
                return scanner.take("D") ? addSeconds(value * 86_400, 0, 3) : nil
            }
            if fraction == 0, scanner.take("H") { return addSeconds(value * 3_600, 0, 4) }
            if fraction == 0, scanner.take("M") { return addSeconds(value * 60, 0, 5) }
            return scanner.take("S") ? addSeconds(value, fraction, 6) : nil
        }

        private mutating func addMonths(_ more: Int, _ rank: Int) -> Int {
            months += more
            hasMonths = true
            return rank
        }

        private mutating func addSeconds(_ seconds: Int, _ fraction: Int, _ rank: Int) -> Int? {
            hasTime = true
            guard seconds <= longest / 1_000_000_000 else { return nil }
            nanoseconds += seconds * 1_000_000_000 + fraction
            return nanoseconds <= longest ? rank : nil
        }
    }

    /// `P1DT2H`.
    static func text(nanoseconds: Int) -> String {
        let magnitude = abs(nanoseconds)
        if magnitude == 0 { return "PT0S" }
        let seconds = magnitude / 1_000_000_000
        let sign = nanoseconds < 0 ? "-" : ""
        let days = seconds / 86_400 > 0 ? "\(seconds / 86_400)D" : ""
        var time = seconds / 3_600 % 24 > 0 ? "\(seconds / 3_600 % 24)H" : ""
        if seconds / 60 % 60 > 0 { time += "\(seconds / 60 % 60)M" }
        let rest = magnitude % 1_000_000_000
        if seconds % 60 > 0 || rest > 0 { time += "\(seconds % 60)" + fraction(rest) + "S" }
        return sign + "P" + days + (time.isEmpty ? "" : "T" + time)
    }

    /// `P1Y6M`.
    static func text(months: Int) -> String {
        let magnitude = abs(months)
        if magnitude == 0 { return "P0M" }
        let years = magnitude / 12 > 0 ? "\(magnitude / 12)Y" : ""
        return (months < 0 ? "-P" : "P") + years + (magnitude % 12 > 0 ? "\(magnitude % 12)M" : "")
    }
}
