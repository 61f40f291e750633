/// A set of small numbers: rules of a table, or segments of a column.
struct RowSet: Sendable, Hashable {
    private(set) var words: [UInt64]

    /// An empty set that can hold numbers below the count.
    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    /// All numbers below the count.
    init(all count: Int) {
        self.init(count: count)
        for place in words.indices { words[place] = .max }
        if count % 64 != 0, let last = words.indices.last { words[last] = (1 << UInt64(count % 64)) - 1 }
    }

    init(words: [UInt64]) { self.words = words }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ number: Int) -> Bool { words[number >> 6] & (1 << UInt64(number & 63)) != 0 }
    mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }
    mutating func remove(_ number: Int) { words[number >> 6] &= ~(1 << UInt64(number & 63)) }

    mutating func insert(_ numbers: ClosedRange<Int>) { for number in numbers { insert(number) } }

    mutating func formIntersection(_ other: RowSet) { for place in words.indices { words[place] &= other.words[place] } }
    mutating func formUnion(_ other: RowSet) { for place in words.indices { words[place] |= other.words[place] } }

    func intersection(_ other: RowSet) -> RowSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    func intersects(_ other: RowSet) -> Bool { words.indices.contains { words[$0] & other.words[$0] != 0 } }
    func isSubset(of other: RowSet) -> Bool { words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 } }

    /// The numbers, ascending.
    var numbers: [Int] {
        var result: [Int] = []
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append((place << 6) + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return result
    }

    /// The smallest number.
    var first: Int? {
        for (place, word) in words.enumerated() where word != 0 { return (place << 6) + word.trailingZeroBitCount }
        return nil
    }
}
