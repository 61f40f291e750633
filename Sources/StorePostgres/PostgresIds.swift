import Kernel

/// Ids that were taken together, as each question for some costs a journey: what a busy moment leaves over serves the next units of work of
/// this node. It is given up after a tenth of a second, so that nothing gets a lower id than what was made well before it.
final class PostgresIds: Sendable {
    /// Ids that are taken beyond those asked for while a table is busy.
    static let spare = 32
    /// How long spare ids hold; a table is busy when it is asked twice within that time.
    static let life = Duration.milliseconds(100)

    private struct Stock {
        var ids: ArraySlice<Int> = []
        var takenAt: ContinuousClock.Instant?
        var askedAt: ContinuousClock.Instant?

        func isWithin(_ moment: ContinuousClock.Instant?, _ now: ContinuousClock.Instant) -> Bool {
            moment.map { now - $0 < PostgresIds.life } ?? false
        }
    }
    private let stocks = Locked<[String: Stock]>([:])

    /// Ids of a table, from those left over or by asking for so many.
    func take(_ count: Int, of table: String, _ ask: (Int) throws -> [Int]) rethrows -> [Int] {
        let now = ContinuousClock().now
        let (known, isBusy) = stocks.withLock { stocks -> ([Int]?, Bool) in
            var stock = stocks[table] ?? Stock()
            defer { stocks[table] = stock }
            let isBusy = stock.isWithin(stock.askedAt, now)
            stock.askedAt = now
            guard stock.isWithin(stock.takenAt, now), stock.ids.count >= count else { return (nil, isBusy) }
            defer { stock.ids = stock.ids.dropFirst(count) }
            return (Array(stock.ids.prefix(count)), isBusy)
        }
        if let known { return known }
        guard isBusy, count <= PostgresIds.spare else { return try ask(count) }
        let taken = try ask(count + PostgresIds.spare)
        stocks.withLock { stocks in
            stocks[table]?.ids = taken.dropFirst(count)
            stocks[table]?.takenAt = now
        }
        return Array(taken.prefix(count))
    }
}
