/// Dates as people say them from now on: `today`, `-7d`, `today =1d`, `=monday -1w`, `now +3H`.
///
/// Shape: optionally `today` (which makes a day) or `now` (a moment, also when nothing is said), then steps: `+` or `-` with a number and
/// `d w m y H M S`, `=` with a number to set that part and clear the smaller ones, and `+ - =` with a weekday or `week_start`.
/// Source: Odoo 19 developer documentation, “Search domains”.
struct RelativeDate {
    /// The most steps of one date.
    static let stepLimit = 16

    /// What came out: a day, or a moment of the wall clock where the user is.
    enum Outcome: Hashable { case day(Day), local(Instant) }

    private var day: Day
    /// Nil while the date is a day without a time.
    private var second: Int?
    /// 1 for Monday to 7 for Sunday.
    private let weekStart: Int

    /// - Parameter localNow: The wall clock where the user is, as if it were UTC.
    /// - Returns: nil when the text is not such a date or leaves the years 1 to 9999.
    static func parse(_ text: String, localNow: Instant, weekStart: Int) -> Outcome? {
        var terms = text.split(whereSeparator: \.isWhitespace)
        guard !terms.isEmpty, terms.count <= stepLimit + 1 else { return nil }
        var date = RelativeDate(day: localNow.day, second: localNow.secondOfDay, weekStart: weekStart)
        if terms[0] == "today" || terms[0] == "now" {
            if terms.removeFirst() == "today" { date.second = nil }
        }
        for term in terms {
            guard date.step(term), date.isWritable else { return nil }
        }
        return date.second.map { .local(Instant(date.day, secondOfDay: $0)) } ?? .day(date.day)
    }

    private var isWritable: Bool { day >= Day(1, 1, 1) && day <= Day(9999, 12, 31) }

    private mutating func step(_ term: Substring) -> Bool {
        guard let sign = term.first, sign == "+" || sign == "-" || sign == "=" else { return false }
        let rest = term.dropFirst()
        if let weekday = weekday(rest) {
            goTo(weekday, sign)
            return true
        }
        guard let unit = rest.last, rest.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false, let number = Int(rest.dropLast()),
            number <= 1_000_000
        else { return false }
        return sign == "=" ? set(unit, number) : move(unit, sign == "-" ? -number : number)
    }

    private func weekday(_ name: Substring) -> Int? {
        if name == "week_start" { return weekStart }
        return ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].firstIndex { $0 == name }.map { $0 + 1 }
    }

    /// The weekday of the current week, or with a sign the nearest one that way, today included.
    private mutating func goTo(_ weekday: Int, _ sign: Character) {
        var offset = (weekday - weekStart + 7) % 7 - (day.isoWeekday - weekStart + 7) % 7
        if sign == "+", offset < 0 { offset += 7 }
        if sign == "-", offset > 0 { offset -= 7 }
        if sign == "=", second != nil { second = 0 }
        day = day + offset
    }

    private mutating func move(_ unit: Character, _ number: Int) -> Bool {
        switch unit {
        case "d": day = day + number
        case "w": day = day + number * 7
        case "m", "y":
            let months = unit == "m" ? number : number * 12
            guard months.magnitude <= 120_000 else { return false }
            day = day.adding(months: months)
        case "H", "M", "S":
            let moved = Instant(day, secondOfDay: second ?? 0) + number * (unit == "H" ? 3_600 : unit == "M" ? 60 : 1)
            day = moved.day
            second = moved.secondOfDay
        default: return false
        }
        return true
    }

    private mutating func set(_ unit: Character, _ number: Int) -> Bool {
        let (year, month, dayOfMonth) = day.parts
        switch unit {
        case "d": return setDay(year, month, number)
        case "m": return setDay(year, number, dayOfMonth)
        case "y": return setDay(number, month, dayOfMonth)
        case "H" where number < 24: second = number * 3_600
        case "M" where number < 60: second = (second ?? 0) / 3_600 * 3_600 + number * 60
        case "S" where number < 60: second = (second ?? 0) / 60 * 60 + number
        default: return false
        }
        return true
    }

    private mutating func setDay(_ year: Int, _ month: Int, _ dayOfMonth: Int) -> Bool {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(dayOfMonth) else { return false }
        day = Day(year, month, min(dayOfMonth, Day.length(year, month)))
        if second != nil { second = 0 }
        return true
    }

    /// The first day of the week where a language is spoken, 1 for Monday to 7 for Sunday.
    static func weekStart(language: String) -> Int {
        switch language {
        case "en_US", "en_CA", "fr_CA", "pt_BR", "he_IL", "ja_JP", "ko_KR", "zh_TW", "zh_HK", "th_TH", "en_IN", "hi_IN": 7
        case "ar_001", "ar_SY", "fa_IR": 6
        default: 1
        }
    }
}
