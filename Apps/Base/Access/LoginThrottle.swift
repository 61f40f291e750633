import Crypto
import Kernel
import Store

/// Slows down whoever guesses passwords.
///
/// Failures are counted for a login from an address, for a login from everywhere, and for an address with all logins, over all nodes.
/// Beyond the number allowed, further attempts are refused for a minute, then for two, and so on. What is remembered as verified is never
/// slowed down, so that a guesser cannot lock out programs and people who work already. Logins are kept as keyed hashes: people type
/// passwords into the wrong box.
final class LoginThrottle: Sendable {
    /// Failures of one login from one address before the first pause.
    static let pairFailures = 5
    /// Failures of one login, and failures from one address, before the first pause.
    static let wideFailures = 20
    static let firstPauseSeconds = 60
    static let longestPauseSeconds = 3_600
    /// After so long without a failure the count begins anew.
    static let forgetSeconds = 7_200
    /// After so long an attempt that never ended counts as ended: its process is gone.
    static let openSeconds = 60
    /// The most counts that are kept.
    static let limit = 20_000

    /// How an attempt ended.
    enum Ending: Sendable { case failed, succeeded, unknown }

    private struct Count {
        var failures = 0
        /// Attempts that are being checked at this moment, and until when that may be believed.
        var open = 0
        var openUntil = 0
        var until = 0
        var last = 0

        init() {}

        init(_ note: SharedNote?) {
            let parts = (note?.text ?? "").split(separator: " ").compactMap { Int($0) }
            guard parts.count == 5 else { return }
            (failures, open, openUntil, until, last) = (parts[0], parts[1], parts[2], parts[3], parts[4])
        }

        var note: SharedNote? {
            if open == 0 && failures == 0 { return nil }
            let end = max(openUntil, until, last + LoginThrottle.forgetSeconds)
            return SharedNote("\(failures) \(open) \(openUntil) \(until) \(last)", until: Instant(seconds: end))
        }
    }

    private let database: Database
    private let counts: SharedNotes
    private let ownKey = KeyedHash()

    init(_ database: Database) {
        self.database = database
        counts = SharedNotes(database, room: "login", limit: LoginThrottle.limit)
    }

    /// Refuses an attempt during a pause, and different guesses at one login at the same time; whoever is let in must `leave`.
    func enter(_ login: String, _ address: String) async throws {
        let seconds = try await counts.change(keys(login, address)) { notes, now in
            var found = notes.map(Count.init)
            let pause = found.map { $0.until - now.seconds }.max() ?? 0
            if pause > 0 { return pause }
            for (place, allowed) in LoginThrottle.allowed.enumerated().prefix(2) {
                if found[place].openUntil <= now.seconds { found[place].open = 0 }
                if found[place].open >= max(1, allowed - found[place].failures) { return 1 }
            }
            for place in 0..<2 {
                found[place].open += 1
                found[place].openUntil = now.seconds + LoginThrottle.openSeconds
                notes[place] = found[place].note
            }
            return 0
        }
        if seconds > 0 { throw Refusal.loginThrottled(seconds) }
    }

    /// Ends an attempt. A success ends the counts of the login, not that of the address: a guesser may own an account.
    func leave(_ login: String, _ address: String, _ ending: Ending) async throws {
        try await counts.change(keys(login, address)) { notes, now in
            var found = notes.map(Count.init)
            for place in 0..<2 {
                found[place].open = max(0, found[place].open - 1)
                if ending == .succeeded { found[place].failures = 0 }
            }
            if ending == .failed {
                for (place, allowed) in LoginThrottle.allowed.enumerated() { LoginThrottle.fail(&found[place], allowed, now.seconds) }
            }
            for place in notes.indices { notes[place] = found[place].note }
        }
    }

    private static func fail(_ count: inout Count, _ allowed: Int, _ now: Int) {
        if now - count.last > forgetSeconds { count.failures = 0 }
        count.failures += 1
        count.last = now
        guard count.failures >= allowed else { return }
        let doublings = min(count.failures - allowed, 6)
        count.until = now + min(firstPauseSeconds << doublings, longestPauseSeconds)
    }

    /// The failures that are allowed under each of the keys.
    private static let allowed = [pairFailures, wideFailures, wideFailures]

    private func keys(_ login: String, _ address: String) -> [String] {
        // One key for all nodes; a database without one has but one process.
        let shared = Secrets.derived(for: "login", database.appMemory).flatMap { try? KeyedHash(key: $0.bytes) }
        let hash = shared ?? ownKey
        return ["p\(login)\u{0}\(address)", "l" + login, "a" + address].map { hash.hash($0).hex }
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
