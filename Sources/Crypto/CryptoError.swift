/// What can go wrong with keys, passwords and encodings that come from outside.
public struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable code, such as `crypto.bad_key`; callers and catalogues match on it.
    public let code: String
    /// One sentence that says what happened; never holds a secret.
    public let sentence: String
    /// What the reader should do next.
    public let instruction: String

    /// The code, the sentence and the instruction in one line.
    public var description: String { "\(code): \(sentence) \(instruction)" }

    static func badKey(_ what: String, expected: String, found: Int) -> CryptoError {
        CryptoError(
            code: "crypto.bad_key", sentence: "The \(what) must have \(expected) bytes, but has \(found).",
            instruction: "Load the key again from where it was saved, or make a new one.")
    }

    static func passwordTooLong(limit: Int) -> CryptoError {
        CryptoError(
            code: "crypto.password_too_long", sentence: "The password is longer than \(limit) bytes.",
            instruction: "Choose a shorter password.")
    }

    static func outOfMemory() -> CryptoError {
        CryptoError(
            code: "crypto.out_of_memory", sentence: "There is not enough memory to hash the password.",
            instruction: "Try again in a moment; if it happens again, give the server more memory.")
    }

    static func notSealed() -> CryptoError {
        CryptoError(
            code: "crypto.not_sealed", sentence: "The text is not one that was sealed.", instruction: "Store the secret again.")
    }

    static func keyMissing(_ id: String) -> CryptoError {
        CryptoError(
            code: "crypto.key_missing", sentence: "The text was sealed under the key \(id), which is not on the ring.",
            instruction: "Bring back the file of keys that belongs to this database, or store the secret again.")
    }

    static func forged() -> CryptoError {
        CryptoError(
            code: "crypto.forged", sentence: "The sealed text was changed, or was sealed for another place.",
            instruction: "Store the secret again.")
    }
}
