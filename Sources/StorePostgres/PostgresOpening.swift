import CPostgres
import Kernel
import Store

/// How a transaction begins: not by itself, but together with the first thing that it asks.
///
/// Work that may remember something must know how often models were changed before it asks anything. It is told what this node knows; the
/// question about it travels in front of the work's own, and when the answer is another, the work is done again.
extension PostgresConnection {
    /// The beginning of a transaction.
    struct Opening {
        let steps: [Step]
        /// What the last step must answer; nil when it asks nothing.
        let expected: PostgresCounts.Sum?
        /// Whether the last step fails when the answer is another, so that nothing that travels behind it is done.
        var isGuard = false
    }

    /// Has a transaction begin with the first thing that is asked in it.
    func begin(_ level: String) throws {
        try reset()
        opening = Opening(steps: [try step("BEGIN ISOLATION LEVEL " + level)], expected: nil)
    }

    /// Has a transaction begin for work that needs to know how often models were changed.
    ///
    /// - Parameter isHopeful: Whether the work may begin with what this node knows of it: then `isMisled` tells whether to do it again.
    func beginCounted(_ level: String, isHopeful: Bool) throws {
        try reset()
        let begin = try step("BEGIN ISOLATION LEVEL " + level)
        let sum = try step(PostgresCounts.sumQuery)
        if isHopeful, let known = counts.hopeful(link.epoch) {
            stamps = known.stamps
            opening = Opening(steps: [begin, sum], expected: known.sum)
            return
        }
        let present = PostgresCounts.Sum(try travel([begin, sum]))
        hasBegun = true
        if let known = counts.known(link.epoch), known.sum == present {
            stamps = known.stamps
            return
        }
        stamps = counts.keep(present, try travel([step(PostgresCounts.query(options.settleSeconds))]), link.epoch)
    }

    /// Begins the transaction now, for what cannot wait for a question.
    func open() throws { if opening != nil { try guarded { _ = try journey([]) } } }

    /// Looks at what was expected, before a transaction ends that asked and changed nothing.
    func verify() throws { if opening?.expected != nil, !hasChanged { try open() } }

    /// Has a transaction that asked nothing fail when what was expected is not so: its commit travels right behind the question.
    func guardOpening() throws {
        guard let opening, let expected = opening.expected else { return }
        let steps = [opening.steps[0], try step(PostgresCounts.guardQuery, [.int(expected.number)])]
        self.opening = Opening(steps: steps, expected: expected, isGuard: true)
    }

    /// Looks whether the transaction began as it was expected to.
    func compare(_ opening: Opening, _ answers: ArraySlice<PostgresResult>) throws {
        if opening.isGuard {
            guard let answer = answers.last, PostgresFailures.isDivision(answer) else {
                for answer in answers { try checked(answer) }
                return
            }
        } else {
            for answer in answers { try checked(answer) }
            guard let expected = opening.expected, let answer = answers.last, PostgresCounts.Sum(answer) != expected else { return }
        }
        isMisled = true
        counts.noteMisled()
        throw SQLFailure(.conflict, code: 0, message: "something remembered was changed meanwhile")
    }
}

/// How often models were changed, as the last transaction of this node saw it that had to look.
final class PostgresCounts: Sendable {
    /// How long nobody hopes after somebody was misled: where counts rise all the time, hoping costs more than asking.
    static let caution = Duration.milliseconds(100)

    /// All counts in one number. Counts only rise and rows are only added, so that equal sums are equal counts.
    struct Sum: Equatable {
        let number: Int

        init(_ result: PostgresResult) { number = result.rows > 0 ? PostgresCells(result).integer(0, 0) : 0 }
    }

    private struct State {
        var sum: Sum?
        var stamps = ChangeStamps(counts: [:], counted: [])
        /// The server that answered: another may hold an older state.
        var epoch = 0
        /// When the next row begins to count, so that all must be read again.
        var until: ContinuousClock.Instant?
        var misledAt: ContinuousClock.Instant?
    }
    private let state = Locked(State())

    func known(_ epoch: Int) -> (sum: Sum, stamps: ChangeStamps)? {
        let now = ContinuousClock().now
        return state.withLock { state in
            guard let sum = state.sum, state.epoch == epoch, state.until.map({ now < $0 }) ?? true else { return nil }
            return (sum, state.stamps)
        }
    }

    /// What is known, unless it was wrong a moment ago.
    func hopeful(_ epoch: Int) -> (sum: Sum, stamps: ChangeStamps)? {
        if let misledAt = state.withLock({ $0.misledAt }), ContinuousClock().now - misledAt < PostgresCounts.caution { return nil }
        return known(epoch)
    }

    /// Remembers what the answer to `query` says, and gives it.
    func keep(_ sum: Sum, _ answer: PostgresResult, _ epoch: Int) -> ChangeStamps {
        let cells = PostgresCells(answer)
        var counts: [String: Int] = [:]
        var counted: Set<String> = []
        var next: Int?
        for row in 0..<answer.rows {
            guard let model = cells.value(row, 0, .text).textValue else { continue }
            counted.insert(model)
            let rest = cells.integer(row, 2)
            if rest <= 0 { counts[model] = cells.integer(row, 1) } else { next = min(next ?? rest, rest) }
        }
        let stamps = ChangeStamps(counts: counts, counted: counted, epoch: epoch)
        let until = next.map { ContinuousClock().now + .seconds($0) }
        state.withLock { state in (state.sum, state.stamps, state.epoch, state.until) = (sum, stamps, epoch, until) }
        return stamps
    }

    func noteMisled() { state.withLock { $0.misledAt = ContinuousClock().now } }

    static let sumQuery = "SELECT sum(stamp + 1)::bigint FROM " + ChangeCounts.table

    /// Divides by zero when the sum is not the one that is given.
    static let guardQuery = "SELECT 1 / CASE WHEN sum(stamp + 1) = $1 THEN 1 ELSE 0 END FROM " + ChangeCounts.table

    /// Each model, how often it was changed, and the seconds until that counts.
    static func query(_ settleSeconds: Int) -> String {
        let settles = "at + interval '\(settleSeconds) seconds'"
        return
            "SELECT model, stamp, CASE WHEN \(settles) > now() THEN ceil(extract(epoch FROM \(settles) - now()))::bigint ELSE 0 END FROM "
            + ChangeCounts.table
    }
}
