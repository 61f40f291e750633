import Crypto
import Kernel

/// What was verified in the last minutes, by keyed hash: a client that signs in before each call pays for Argon2id once.
///
/// The key lives in memory only. An entry counts while the user's record, and the key or session, have the versions they had.
final class LoginMemo: Sendable {
    /// How long something is remembered.
    static let seconds = 300
    /// The most entries; with more, all are forgotten.
    static let limit = 50_000

    private struct Entry {
        let verified: Verified
        let expires: Instant
    }
    private let hash = KeyedHash()
    private let entries = Locked<[Digest: Entry]>([:])

    /// Under what a claim with a secret is remembered.
    func digest(_ claim: Claim, _ secret: String) -> Digest {
        let label = claim.label
        var bytes: [UInt8] = []
        bytes.reserveCapacity(label.utf8.count + secret.utf8.count + 1)
        bytes += label.utf8
        bytes.append(0)
        bytes += secret.utf8
        return hash.hash(bytes)
    }

    func find(_ digest: Digest, at now: Instant) -> Verified? {
        entries.withLock { entries in
            guard let entry = entries[digest] else { return nil }
            if entry.expires > now { return entry.verified }
            entries[digest] = nil
            return nil
        }
    }

    /// Remembers, at most until the key or session itself ends.
    func keep(_ verified: Verified, at now: Instant, until end: Instant?) {
        let latest = now + LoginMemo.seconds
        let expires = end.map { min($0, latest) } ?? latest
        entries.withLock { entries in
            if entries.count >= LoginMemo.limit { entries.removeAll() }
            entries[verified.memo] = Entry(verified: verified, expires: expires)
        }
    }

    func forget(_ digest: Digest) { entries.withLock { $0[digest] = nil } }
}
