/// How alike two texts are: the letters that must be changed, inserted, left out or swapped.
enum Likeness {
    /// The distance between two texts, or nil beyond the limit.
    static func distance(_ one: String, _ other: String, limit: Int) -> Int? {
        distance(Array(one.utf8), Array(other.utf8), limit: limit)
    }

    static func distance(_ one: [UInt8], _ other: [UInt8], limit: Int) -> Int? {
        if one == other { return 0 }
        guard abs(one.count - other.count) <= limit, limit > 0 else { return nil }
        if one.isEmpty || other.isEmpty { return max(one.count, other.count) }
        var before: [Int] = []
        var previous = Array(0...other.count)
        for row in 1...one.count {
            var current = [row] + [Int](repeating: 0, count: other.count)
            var least = row
            for column in 1...other.count {
                let cost = one[row - 1] == other[column - 1] ? 0 : 1
                var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
                    best = min(best, before[column - 2] + 1)
                }
                current[column] = best
                least = min(least, best)
            }
            if least > limit { return nil }
            before = previous
            previous = current
        }
        return previous[other.count] <= limit ? previous[other.count] : nil
    }

    /// The entry of a dictionary that is most like a text, with 1 for the same; nil when none is, or two are alike.
    static func best(_ text: String, in entries: [ReadingDictionaries.Entry]) -> (entry: ReadingDictionaries.Entry, likeness: Double)? {
        let plain = Array(PlainText.of(text).utf8)
        guard plain.count >= 3 else { return nil }
        var best: (entry: ReadingDictionaries.Entry, likeness: Double)?
        for entry in entries.prefix(ReadingDictionaries.entryLimit) {
            let name = Array(PlainText.of(entry.name).utf8)
            guard let distance = distance(plain, name, limit: max(plain.count, name.count) / 4) else { continue }
            let likeness = 1 - Double(distance) / Double(max(plain.count, name.count))
            if likeness > best?.likeness ?? 0 { best = (entry, likeness) }
        }
        return best
    }
}
