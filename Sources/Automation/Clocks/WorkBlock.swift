import Kernel

/// The working time of 32 days in UTC, added up, so that any part of it is found by a binary search.
struct WorkBlock: Sendable {
    /// Seconds of one block.
    static let length = 32 * 86_400

    /// Where each piece of working time begins and ends, in UTC; pieces neither touch nor overlap.
    let starts: [Int]
    let ends: [Int]
    /// Working seconds of the block before each piece.
    let before: [Int]
    /// Working seconds of the whole block.
    let total: Int

    init(_ pieces: [(start: Int, end: Int)]) {
        var before: [Int] = []
        before.reserveCapacity(pieces.count)
        var total = 0
        for piece in pieces {
            before.append(total)
            total += piece.end - piece.start
        }
        starts = pieces.map(\.start)
        ends = pieces.map(\.end)
        self.before = before
        self.total = total
    }

    /// The place of the last piece that begins at or before a second; -1 when none does.
    func piece(beginningBy second: Int) -> Int { WorkBlock.last(starts) { $0 <= second } }

    /// Working seconds of the block until a second.
    func worked(until second: Int) -> Int {
        let place = piece(beginningBy: second)
        return place < 0 ? 0 : before[place] + min(second, ends[place]) - starts[place]
    }

    /// The first second by which so many working seconds of the block have passed; at least one, at most all.
    func second(after worked: Int) -> Int {
        let place = WorkBlock.last(before) { $0 < worked }
        return starts[place] + worked - before[place]
    }

    /// The last second before which so many working seconds of the block have passed; fewer than all.
    func second(before worked: Int) -> Int {
        let place = WorkBlock.last(before) { $0 <= worked }
        return starts[place] + worked - before[place]
    }

    /// The last place whose number meets a condition that holds for the first ones only; -1 when it holds for none.
    private static func last(_ numbers: [Int], where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if holds(numbers[middle]) { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
