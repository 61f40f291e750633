import Kernel

/// Days as forms write them.
struct DateParser: Sendable {
    let today: Day

    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    ]

    /// A birth date: not in the future, and of nobody older than 120.
    func birth(_ words: [ReadWord]) -> ParsedValue? {
        first(in: words) { $0 <= today && $0.parts.year >= today.parts.year - 120 }
    }

    /// The day on which something was written: within three years, and not in the future.
    func recent(_ words: [ReadWord]) -> ParsedValue? {
        first(in: words) { $0 <= today + 3 && $0 > today - 1_100 }
    }

    private func first(in words: [ReadWord], where isGood: (Day) -> Bool) -> ParsedValue? {
        for start in words.indices {
            for end in (start + 1)...min(words.count, start + 5) {
                let text = words[start..<end].map(\.text).joined(separator: " ")
                guard let (day, mended) = read(text), isGood(day) else { continue }
                // “March 4, 19” is whole only with the rest of its year.
                if end < words.count, end < start + 5, let (longer, _) = read(text + " " + words[end].text), longer != day { continue }
                let fit = 1 - 0.15 * Double(min(mended, 4))
                return ParsedValue(value: day.description, fit: fit, check: "date", words: start..<end)
            }
        }
        return nil
    }

    /// The day that a text is, and how many signs were mended.
    func read(_ text: String) -> (day: Day, mended: Int)? {
        if let named = named(text) { return named }
        let parts = text.split { "/-. ,".contains($0) }.map(String.init)
        if parts.count == 3 { return numbers(parts) }
        return lostSlashes(text)
    }

    private func numbers(_ parts: [String]) -> (day: Day, mended: Int)? {
        var values: [Int] = []
        var mended = 0
        for part in parts {
            let found = CharacterMap.digits(in: part)
            guard found.digits.count == part.count, let value = Int(found.digits), value < 10_000 else { return nil }
            mended += found.mended
            values.append(value)
        }
        guard mended <= 3 else { return nil }
        if parts[0].count == 4 { return Day(checking: values[0], values[1], values[2]).map { ($0, mended) } }
        guard let year = year(parts[2], values[2]), parts[0].count <= 2, parts[1].count <= 2 else { return nil }
        return Day(checking: year, values[0], values[1]).map { ($0, mended) }
    }

    /// A slash that was read as a one or lost: `03104/1961`, `03/0411961`.
    private func lostSlashes(_ text: String) -> (day: Day, mended: Int)? {
        let plain = text.filter { $0 != " " && $0 != "," && $0 != "." }
        let found = CharacterMap.digits(in: plain.filter { $0 != "/" && $0 != "-" })
        guard plain.count == 10, plain.contains("/") || plain.contains("-") || found.digits.count == 10 else { return nil }
        let signs = Array(plain)
        func isBreak(_ place: Int) -> Bool { "/-1Il|!7".contains(signs[place]) }
        guard isBreak(2), isBreak(5) else { return nil }
        let parts = [String(signs[0..<2]), String(signs[3..<5]), String(signs[6..<10])]
        return numbers(parts).map { ($0.day, $0.mended + 1) }
    }

    private func named(_ text: String) -> (day: Day, mended: Int)? {
        let parts = text.split { " ,.-/".contains($0) }.map(String.init)
        guard parts.count == 3, let (place, month, mended) = month(in: parts), place < 2 else { return nil }
        let day = CharacterMap.digits(in: String(parts[1 - place].prefix(2)))
        guard parts[1 - place].count <= 4, let number = Int(day.digits) else { return nil }
        let yearDigits = CharacterMap.digits(in: parts[2])
        guard yearDigits.digits.count == parts[2].count, let value = Int(yearDigits.digits), let year = year(parts[2], value) else {
            return nil
        }
        return Day(checking: year, month, number).map { ($0, mended + day.mended + yearDigits.mended) }
    }

    private func month(in parts: [String]) -> (place: Int, month: Int, mended: Int)? {
        for (place, part) in parts.prefix(2).enumerated() {
            let plain = PlainText.of(CharacterMap.name(part))
            guard plain.count >= 3, plain.count <= 10 else { continue }
            if let month = Self.months[String(plain.prefix(3))] { return (place, month, 0) }
            let likely = Self.fullNames.compactMap { name, month in
                Likeness.distance(plain, name, limit: name.count >= 6 ? 2 : 1).map { ($0, month) }
            }.min { $0.0 < $1.0 }
            if let likely, plain.count >= 4 { return (place, likely.1, likely.0) }
        }
        return nil
    }

    private static let fullNames: [(String, Int)] = [
        ("january", 1), ("february", 2), ("march", 3), ("april", 4), ("may", 5), ("june", 6), ("july", 7), ("august", 8), ("september", 9),
        ("october", 10), ("november", 11), ("december", 12),
    ]

    /// Two digits of a year mean the last hundred years.
    private func year(_ text: String, _ value: Int) -> Int? {
        if text.count == 4 { return value }
        guard text.count == 2 else { return nil }
        let century = today.parts.year / 100 * 100
        return century + value > today.parts.year ? century - 100 + value : century + value
    }
}
