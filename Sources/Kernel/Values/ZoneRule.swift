/// How a zone goes on after its table: `EST5EDT,M3.2.0,M11.1.0`.
///
/// Source: POSIX.1, environment variable `TZ`, with the hours from -167 to 167 that RFC 9636 adds.
struct ZoneRule {
    /// A day of the year and a time on it, by the clock that is about to be changed.
    struct Turn {
        enum Form { case month(Int, week: Int, weekday: Int), julian(Int), dayOfYear(Int) }
        let form: Form
        let seconds: Int
    }

    let standardOffset: Int
    /// The other offset, from when and until when; nil for a zone without summer time.
    let summer: (offset: Int, from: Turn, until: Turn)?

    init?(_ text: String) {
        var reader = ZoneRuleReader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standardOffset = -west
        if reader.isAtEnd {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standardOffset + 3_600
        if reader.peek != "," {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard reader.take(","), let from = reader.turn(), reader.take(","), let until = reader.turn(), reader.isAtEnd else { return nil }
        summer = (offset, from, until)
    }

    /// The changes of a year, in order, each with the offset that follows.
    func changes(in year: Int) -> [(Int, Int)] {
        guard let summer else { return [] }
        let begin = (summer.from.local(year) - standardOffset, summer.offset)
        let end = (summer.until.local(year) - summer.offset, standardOffset)
        return begin.0 < end.0 ? [begin, end] : [end, begin]
    }
}

extension ZoneRule.Turn {
    /// Seconds from 1970-01-01 00:00 to the turn in a year, by the clock there.
    func local(_ year: Int) -> Int {
        let first = Day(year, 1, 1)
        switch form {
        case .dayOfYear(let number): return (first + number).number * 86_400 + seconds
        case .julian(let number):
            let isLeap = Day.length(year, 2) == 29
            return (first + number - 1 + (isLeap && number >= 60 ? 1 : 0)).number * 86_400 + seconds
        case .month(let month, let week, let weekday):
            let begin = Day(year, month, 1)
            var day = (weekday - begin.isoWeekday % 7 + 7) % 7 + 1 + (week - 1) * 7
            while day > Day.length(year, month) { day -= 7 }
            return (begin + day - 1).number * 86_400 + seconds
        }
    }
}

/// Reads the parts of a rule.
private struct ZoneRuleReader {
    private let characters: [Character]
    private var place = 0

    init(_ text: String) { characters = Array(text) }

    var isAtEnd: Bool { place == characters.count }
    var peek: Character? { place < characters.count ? characters[place] : nil }

    mutating func take(_ character: Character) -> Bool {
        guard peek == character else { return false }
        place += 1
        return true
    }

    /// A name of letters, or anything between angle brackets.
    mutating func name() -> Bool {
        let start = place
        if take("<") {
            while let next = peek, next != ">" { place += 1 }
            return take(">")
        }
        while let next = peek, next.isLetter { place += 1 }
        return place - start >= 3
    }

    mutating func number() -> Int? {
        let start = place
        while let next = peek, next.isASCII, next.isNumber, place - start < 4 { place += 1 }
        return Int(String(characters[start..<place]))
    }

    /// `[+-]h[:m[:s]]` in seconds.
    mutating func time() -> Int? {
        let sign = take("-") ? -1 : 1
        if sign == 1 { _ = take("+") }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where peek == ":" {
            place += 1
            guard let part = number(), part < 60 else { return nil }
            seconds += part * unit
        }
        return sign * seconds
    }

    /// `Mm.w.d`, `Jn` or `n`, with `/time`; two o'clock unless said.
    mutating func turn() -> ZoneRule.Turn? {
        let form: ZoneRule.Turn.Form
        if take("M") {
            guard let month = number(), take("."), let week = number(), take("."), let weekday = number() else { return nil }
            guard (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday) else { return nil }
            form = .month(month, week: week, weekday: weekday)
        } else if take("J") {
            guard let number = number(), (1...365).contains(number) else { return nil }
            form = .julian(number)
        } else {
            guard let number = number(), (0...365).contains(number) else { return nil }
            form = .dayOfYear(number)
        }
        var seconds = 7_200
        if take("/") {
            guard let time = time() else { return nil }
            seconds = time
        }
        return ZoneRule.Turn(form: form, seconds: seconds)
    }
}
