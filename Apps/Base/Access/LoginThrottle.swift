import Kernel

/// Slows down whoever guesses passwords.
///
/// Failures are counted for a login from an address, for a login from everywhere, and for an address with all logins. Beyond the number
/// allowed, further attempts are refused for a minute, then for two, and so on. What is remembered as verified is never slowed down, so
/// that a guesser cannot lock out programs and people who work already.
final class LoginThrottle: Sendable {
    /// Failures of one login from one address before the first pause.
    static let pairFailures = 5
    /// Failures of one login, and failures from one address, before the first pause.
    static let wideFailures = 20
    static let firstPauseSeconds = 60
    static let longestPauseSeconds = 3_600
    /// After so long without a failure the count begins anew.
    static let forgetSeconds = 7_200
    /// The most counts that are kept.
    static let limit = 20_000

    private struct Count {
        var failures = 0
        /// Attempts that are being checked at this moment.
        var open = 0
        var until = Instant(seconds: 0)
        var last = Instant(seconds: 0)
    }
    private let counts = Locked<[String: Count]>([:])

    /// Refuses an attempt during a pause, and different guesses at one login at the same time; whoever is let in must `leave`.
    func enter(_ login: String, _ address: String, at now: Instant) throws {
        let seconds = counts.withLock { counts in
            let keys = keys(login, address)
            let pause = keys.compactMap { key, _ in counts[key].map { $0.until - now } }.max() ?? 0
            if pause > 0 { return pause }
            for (key, allowed) in keys.prefix(2) {
                let count = counts[key] ?? Count()
                if count.open >= max(1, allowed - count.failures) { return 1 }
            }
            for (key, _) in keys.prefix(2) { counts[key, default: Count()].open += 1 }
            return 0
        }
        if seconds > 0 { throw Refusal.loginThrottled(seconds) }
    }

    /// Ends an attempt.
    func leave(_ login: String, _ address: String) {
        counts.withLock { counts in
            for (key, _) in keys(login, address).prefix(2) {
                guard var count = counts[key] else { continue }
                count.open = max(0, count.open - 1)
                counts[key] = count.open == 0 && count.failures == 0 ? nil : count
            }
        }
    }

    func fail(_ login: String, _ address: String, at now: Instant) {
        counts.withLock { counts in
            if counts.count >= LoginThrottle.limit { shrink(&counts, now) }
            for (key, allowed) in keys(login, address) {
                var count = counts[key] ?? Count()
                if now - count.last > LoginThrottle.forgetSeconds { count.failures = 0 }
                count.failures += 1
                count.last = now
                if count.failures >= allowed {
                    let doublings = min(count.failures - allowed, 6)
                    count.until = now + min(LoginThrottle.firstPauseSeconds << doublings, LoginThrottle.longestPauseSeconds)
                }
                counts[key] = count
            }
        }
    }

    /// A success ends the counts of the login, not that of the address: a guesser may own an account.
    func succeed(_ login: String, _ address: String) {
        counts.withLock { counts in
            for (key, _) in keys(login, address).prefix(2) { counts[key]?.failures = 0 }
        }
    }

    private func keys(_ login: String, _ address: String) -> [(String, Int)] {
        [
            ("p\(login)\u{0}\(address)", LoginThrottle.pairFailures), ("l" + login, LoginThrottle.wideFailures),
            ("a" + address, LoginThrottle.wideFailures),
        ]
    }

    private func shrink(_ counts: inout [String: Count], _ now: Instant) {
        counts = counts.filter { $0.value.until > now || $0.value.open > 0 }
        if counts.count >= LoginThrottle.limit { counts.removeAll() }
    }
}

extension Refusal {
    /// Too many wrong passwords.
    static func loginThrottled(_ seconds: Int) -> Refusal {
        Refusal(
            "login.throttled", .unauthenticated, "Too many login failures, please wait a bit before trying again.",
            instruction: "Try again in \(seconds) seconds.", details: ["retry_after": .int(seconds)])
    }

    /// Too many passwords are being verified.
    static func loginBusy() -> Refusal {
        Refusal("login.busy", .unavailable, "Too many people sign in at this moment.", instruction: "Try again in a few seconds.")
    }
}
