/// Numbers pairs in the order in which they are first seen, each level of the first half on its own.
///
/// Open addressing over one array: a look-up costs a multiplication and mostly one comparison, a fifth of a general dictionary's.
struct PairTable {
    private struct Entry {
        var level: Int32 = -1
        var node: Int32 = 0
        var code = 0
        var number: Int32 = 0
    }

    private var entries = [Entry](repeating: Entry(), count: 64)
    private var used = 0
    private var numbers: [Int32] = []

    /// The number of a pair at its level, and whether it is new.
    @inline(__always)
    mutating func find(_ node: Int, _ code: Int, level: Int) -> (number: Int, isNew: Bool) {
        var place = slot(node, code, level)
        while entries[place].level >= 0 {
            let entry = entries[place]
            if entry.code == code, entry.node == Int32(truncatingIfNeeded: node), entry.level == Int32(truncatingIfNeeded: level) {
                return (Int(entry.number), false)
            }
            place = (place + 1) & (entries.count - 1)
        }
        return (insert(node, code, level, at: place), true)
    }

    @inline(__always)
    private func slot(_ node: Int, _ code: Int, _ level: Int) -> Int {
        var mixed = UInt64(bitPattern: Int64(code)) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= UInt64(bitPattern: Int64(node &+ level &* 31)) &* 0xC2B2_AE3D_27D4_EB4F
        return Int((mixed ^ (mixed >> 29)) & UInt64(entries.count - 1))
    }

    private mutating func insert(_ node: Int, _ code: Int, _ level: Int, at place: Int) -> Int {
        while numbers.count <= level { numbers.append(0) }
        let number = numbers[level]
        numbers[level] += 1
        entries[place] = Entry(level: Int32(level), node: Int32(node), code: code, number: number)
        used += 1
        if used * 2 > entries.count { grow() }
        return Int(number)
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: old.count * 2)
        for entry in old where entry.level >= 0 {
            var place = slot(Int(entry.node), entry.code, Int(entry.level))
            while entries[place].level >= 0 { place = (place + 1) & (entries.count - 1) }
            entries[place] = entry
        }
    }
}
