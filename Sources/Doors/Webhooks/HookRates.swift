import Kernel

/// How many calls each webhook has taken in the present minute.
final class HookRates: Sendable {
    /// The most webhooks that are counted at a time.
    private static let most = 10_000

    private struct Minute {
        var number: Int
        var calls: Int
    }
    private let minutes = Locked<[Int: Minute]>([:])

    /// Counts a call; false when the webhook has had enough for this minute.
    func take(_ hook: Int, perMinute: Int, now: Int) -> Bool {
        minutes.withLock { minutes in
            if minutes.count > HookRates.most { minutes = minutes.filter { $0.value.number == now / 60 } }
            var minute = minutes[hook] ?? Minute(number: now / 60, calls: 0)
            if minute.number != now / 60 { minute = Minute(number: now / 60, calls: 0) }
            minute.calls += 1
            minutes[hook] = minute
            return minute.calls <= perMinute
        }
    }
}
