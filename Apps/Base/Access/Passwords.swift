import Crypto
import Kernel

/// Passwords: how strong, how kept, how checked.
public enum Passwords {
    /// The fewest characters of a new password. NIST SP 800-63B asks for a length, not for kinds of characters.
    public static let minimumLength = 8

    /// Refuses a password that is too short or too long.
    public static func checkStrength(_ password: String) throws {
        guard password.count >= minimumLength else {
            throw Refusal(
                "password.too_short", .validation, "The password has fewer than \(minimumLength) characters.",
                instruction: "Choose a longer one.")
        }
        guard password.utf8.count <= PasswordHash.longestPassword else {
            throw Refusal("password.too_long", .validation, "The password is too long.", instruction: "Choose a shorter one.")
        }
    }

    /// The Argon2id string to store.
    public static func hash(_ password: String) throws -> String { try PasswordHash.make(password) }

    /// Whether a password is the one whose Argon2id string is stored.
    public static func verify(_ password: String, _ stored: String) throws -> Bool {
        !stored.isEmpty && password.utf8.count <= PasswordHash.longestPassword && PasswordHash.verify(password, stored: stored)
    }
}

/// Keys with which programs sign in.
public enum APIKeys {
    /// Hexadecimal digits of a key.
    static let length = 40
    /// How many of them are stored in clear, to find the key by.
    static let indexLength = 8

    /// Makes a key, stores its hash, and gives the key, which is never shown again.
    static func make(for user: Int, name: String, expires: Value?, scope: Value?, _ env: Environment) throws -> String {
        guard !name.isEmpty else {
            throw Refusal("api_key.no_name", .validation, "An API key needs a description.", instruction: "Name what will use it.")
        }
        let key = Hex.encode(SystemRandomSource().bytes(length / 2))
        try env.asSuperuser("a key's hash is written by nobody else").create(
            APIKey.self,
            [
                "name": .text(name), "user_id": .int(user), "scope": scope ?? "rpc", "expiration_date": expires ?? .null,
                "index": .text(String(key.prefix(indexLength))), "key": .text(hash(key)),
            ])
        return key
    }

    /// Whether a text has the form of a key, so that it need not be hashed as a password.
    public static func looksLikeKey(_ text: String) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The user whose key it is, if it has not expired.
    public static func owner(of key: String, in env: Environment) throws -> Int? { try find(key, in: env)?.user?.id }

    /// The record of a key that has not expired and whose user is active. Keys are random, so that a plain digest is as good as a slow one.
    static func find(_ key: String, in env: Environment) throws -> Record<APIKey>? {
        let candidates = try env.search(APIKey.self, .where("index", .equal, .text(String(key.prefix(indexLength)))), limit: 10)
        let wanted = hash(key)
        for candidate in candidates where ConstantTime.equal(candidate.digest, wanted) {
            if let end = candidate.expires, end <= env.now { continue }
            guard let user = candidate.user, user.active else { continue }
            return candidate
        }
        return nil
    }

    private static func hash(_ key: String) -> String { SHA256.hash(key).hex }
}
