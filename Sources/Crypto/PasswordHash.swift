import CSodium

/// Stores and checks passwords with Argon2id.
///
/// The stored form is the customary text `$argon2id$v=19$m=…,t=…,p=1$salt$hash`, which carries its own cost.
/// Source: RFC 9106; OWASP Password Storage Cheat Sheet.
public enum PasswordHash {
    /// Longest password, in UTF-8 bytes; a longer one is refused so that nobody makes the server hash a megabyte.
    public static let longestPassword = 1024

    /// How much work and memory one hash takes.
    public struct Cost: Hashable, Sendable {
        /// Passes over the memory; at least 1.
        public let passes: Int
        /// Memory in bytes; at least 8 KiB.
        public let memoryBytes: Int

        /// A cost of one's own; tests use little, production uses ``interactive``.
        public init(passes: Int, memoryBytes: Int) {
            precondition(passes >= 1 && memoryBytes >= 8192, "Argon2id needs one pass and 8 KiB at least.")
            self.passes = passes
            self.memoryBytes = memoryBytes
        }

        /// For people who log in: 2 passes over 19 MiB, OWASP's minimum; kept there so that many logins at once fit in memory.
        public static let interactive = Cost(passes: 2, memoryBytes: 19 << 20)
        /// For secrets that are checked seldom: 3 passes over 64 MiB.
        public static let strong = Cost(passes: 3, memoryBytes: 64 << 20)
    }

    /// The text to store for a password, with a fresh salt.
    /// - Throws: `crypto.password_too_long`, `crypto.out_of_memory`.
    public static func make(_ password: String, cost: Cost = .interactive) throws(CryptoError) -> String {
        Sodium.ready()
        let secret = password.utf8.map { CChar(bitPattern: $0) }
        guard secret.count <= longestPassword else { throw .passwordTooLong(limit: longestPassword) }
        var stored = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let outcome = crypto_pwhash_str_alg(
            &stored, secret, UInt64(secret.count), UInt64(cost.passes), cost.memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
        guard outcome == 0 else { throw .outOfMemory() }
        return String(decoding: stored.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the password is the stored one; false as well for a stored text that is not Argon2's.
    public static func verify(_ password: String, stored: String) -> Bool {
        Sodium.ready()
        guard let place = fixed(stored) else { return false }
        let secret = password.utf8.map { CChar(bitPattern: $0) }
        guard secret.count <= longestPassword else { return false }
        return crypto_pwhash_str_verify(place, secret, UInt64(secret.count)) == 0
    }

    /// Whether the stored text was made at another cost or in another way, so that the next login should store it anew.
    public static func needsRehash(_ stored: String, cost: Cost = .interactive) -> Bool {
        Sodium.ready()
        guard let place = fixed(stored) else { return true }
        return crypto_pwhash_str_needs_rehash(place, UInt64(cost.passes), cost.memoryBytes) != 0
    }

    /// The stored text in the fixed length that libsodium reads; nil when it cannot be one of ours.
    private static func fixed(_ stored: String) -> [CChar]? {
        let limit = Int(crypto_pwhash_STRBYTES)
        let text = stored.utf8
        guard text.count < limit, !text.contains(0) else { return nil }
        return text.map { CChar(bitPattern: $0) } + [CChar](repeating: 0, count: limit - text.count)
    }
}
