import Kernel
import Store

/// How many calls each webhook has taken in the present minute, on all nodes together.
///
/// A node takes permits for some calls at a time, so that a busy webhook is not one row that every call waits for; together they never give
/// more than a minute has.
final class HookRates: Sendable {
    /// The most webhooks that are counted at a time.
    private static let most = 10_000
    /// The parts in which a minute's calls are given to nodes.
    private static let parts = 20

    private struct Minute {
        var number: Int
        /// Calls that this node may still take without asking.
        var left = 0
        var isSpent = false
    }
    private let minutes = Locked<[Int: Minute]>([:])
    private let spent: SharedNotes

    init(_ database: Database) { spent = SharedNotes(database, room: "webhook.rate", limit: HookRates.most) }

    /// Counts a call; false when the webhook has had enough for this minute.
    func take(_ hook: Int, perMinute: Int, now: Int) async throws -> Bool {
        let number = now / 60
        let known = minutes.withLock { minutes -> Bool? in
            if minutes.count > HookRates.most { minutes = minutes.filter { $0.value.number == number } }
            guard var minute = minutes[hook], minute.number == number else { return nil }
            if minute.isSpent { return false }
            guard minute.left > 0 else { return nil }
            minute.left -= 1
            minutes[hook] = minute
            return true
        }
        if let known { return known }
        let part = max(1, perMinute / HookRates.parts)
        let given = try await spent.change(["\(hook):\(number)"]) { notes, now in
            let used = notes[0].flatMap { Int($0.text) } ?? 0
            let given = min(part, perMinute - used)
            if given > 0 { notes[0] = SharedNote(String(used + given), until: now + 120) }
            return given
        }
        minutes.withLock { minutes in
            var minute = minutes[hook] ?? Minute(number: number)
            if minute.number != number { minute = Minute(number: number) }
            if given > 0 { minute.left += given - 1 } else { minute.isSpent = minute.left == 0 }
            minutes[hook] = minute
        }
        return given > 0
    }
}
