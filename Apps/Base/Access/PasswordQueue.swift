import Kernel
import Store

/// Verifies passwords on threads of its own, few at a time: each takes 19 MiB and some ten milliseconds.
final class PasswordQueue: Sendable {
    static let threads = 2
    /// The most that wait; more are refused.
    static let limit = 256
    /// A hash that no password has: whoever has no password, or is unknown, costs the same time as a wrong password.
    static let nobody = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    private let pool = WorkerPool(threads: PasswordQueue.threads, name: "password")
    private let waiting = Locked(0)

    /// Whether the password is the stored one; false after the same time when nothing is stored.
    func verify(_ password: String, _ stored: String) async throws -> Bool {
        let isFull = waiting.withLock { count in
            if count >= PasswordQueue.limit { return true }
            count += 1
            return false
        }
        if isFull { throw Refusal.loginBusy() }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withUnsafeThrowingContinuation { continuation in
            let taken = pool.submit {
                continuation.resume(
                    with: Result {
                        let isRight = try Passwords.verify(password, stored.isEmpty ? PasswordQueue.nobody : stored)
                        return isRight && !stored.isEmpty
                    })
            }
            if !taken { continuation.resume(throwing: Refusal.loginBusy()) }
        }
    }

    deinit { pool.stop() }
}
