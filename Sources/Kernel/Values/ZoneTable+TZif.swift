/// Reading compiled time zones.
///
/// Source: RFC 9636, “The Time Zone Information Format (TZif)”.
extension ZoneTable {
    /// The most bytes, changes and kinds of local time that are read.
    static let byteLimit = 1 << 20
    static let changeLimit = 10_000

    /// Reads a compiled zone of version 1 to 4; nil when the bytes are none.
    public init?(name: String, tzif bytes: [UInt8]) {
        guard bytes.count <= ZoneTable.byteLimit, let first = TZifBlock(bytes, at: 0, wide: false) else { return nil }
        if first.version == 0 {
            self.init(name: name, block: first, rule: nil)
            return
        }
        guard let second = TZifBlock(bytes, at: first.end, wide: true) else { return nil }
        var rule: ZoneRule?
        let footer = bytes[second.end...]
        if footer.count >= 2, footer.first == 0x0A, let close = footer.dropFirst().firstIndex(of: 0x0A) {
            let text = String(decoding: footer[(second.end + 1)..<close], as: UTF8.self)
            if !text.isEmpty {
                guard let read = ZoneRule(text) else { return nil }
                rule = read
            }
        }
        self.init(name: name, block: second, rule: rule)
    }

    private init(name: String, block: TZifBlock, rule: ZoneRule?) {
        var changes: [Int] = []
        var offsets = [block.initialOffset]
        for (moment, offset) in zip(block.changes, block.offsets) where offset != offsets[offsets.count - 1] {
            changes.append(moment)
            offsets.append(offset)
        }
        let last = block.changes.last ?? Int.min / 4
        guard let rule else {
            self.init(name: name, changes: changes, offsets: offsets, repeatsFrom: nil)
            return
        }
        guard rule.summer != nil else {
            if rule.standardOffset != offsets[offsets.count - 1] {
                changes.append(last)
                offsets.append(rule.standardOffset)
            }
            self.init(name: name, changes: changes, offsets: offsets, repeatsFrom: nil)
            return
        }
        let firstYear = max(Instant(seconds: max(last, 0)).day.parts.year, 1970)
        for year in firstYear...(firstYear + 402) {
            for (moment, offset) in rule.changes(in: year) where moment > last && offset != offsets[offsets.count - 1] {
                changes.append(moment)
                offsets.append(offset)
            }
        }
        self.init(name: name, changes: changes, offsets: offsets, repeatsFrom: Instant(Day(firstYear + 1, 1, 1)).seconds)
    }
}

/// One block of a compiled zone: moments of change with the offset that follows each.
private struct TZifBlock {
    let version: UInt8
    /// The place after the block.
    let end: Int
    var changes: [Int] = []
    var offsets: [Int] = []
    /// The offset before the first change.
    let initialOffset: Int

    init?(_ bytes: [UInt8], at start: Int, wide: Bool) {
        guard start >= 0, bytes.count >= start + 44, Array(bytes[start..<start + 4]) == Array("TZif".utf8) else { return nil }
        func number(_ place: Int, _ width: Int) -> Int {
            var value: UInt64 = 0
            for byte in bytes[place..<place + width] { value = value << 8 | UInt64(byte) }
            return width == 8 ? Int(Int64(bitPattern: value)) : Int(Int32(truncatingIfNeeded: value))
        }
        version = bytes[start + 4]
        let counts = (0..<6).map { number(start + 20 + 4 * $0, 4) }
        guard counts.allSatisfy({ (0...ZoneTable.changeLimit).contains($0) }), counts[4] >= 1 else { return nil }
        let width = wide ? 8 : 4
        let (leaps, times, types, letters) = (counts[2], counts[3], counts[4], counts[5])
        let body = start + 44
        let kinds = body + times * width + times
        end = kinds + types * 6 + letters + leaps * (width + 4) + counts[1] + counts[0]
        guard bytes.count >= end else { return nil }
        let table = (0..<types).map { number(kinds + 6 * $0, 4) }
        initialOffset = table[0]
        for index in 0..<times {
            let kind = Int(bytes[body + times * width + index])
            guard kind < types else { return nil }
            changes.append(number(body + index * width, width))
            offsets.append(table[kind])
        }
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    }
}
