import CSodium

/// An Ed25519 signature: 64 bytes that only the holder of a signing key could make for one message.
///
/// Source: RFC 8032.
public struct Signature: Hashable, Sendable {
    /// The number of bytes of a signature: 64.
    public static let byteCount = 64
    /// The 64 bytes, as they are stored or sent.
    public let bytes: [UInt8]

    /// Takes a signature from its bytes.
    /// - Throws: `crypto.bad_key` unless there are 64.
    public init(bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.byteCount else { throw .badKey("signature", expected: "64", found: bytes.count) }
        self.bytes = bytes
    }

    init(trusted bytes: [UInt8]) { self.bytes = bytes }
}

/// The secret half of an Ed25519 key pair: it signs.
public struct SigningKey: Sendable {
    /// The number of bytes to save: 32.
    public static let byteCount = 32
    /// The 32 bytes (RFC 8032's private key) to save in a safe place; ``init(bytes:)`` loads them.
    public let bytes: [UInt8]
    /// The other half, which everybody may have.
    public let verifyingKey: VerifyingKey

    private let expanded: [UInt8]

    /// Makes a new key pair.
    public init(random: some RandomSource = SystemRandomSource()) { self.init(seed: random.bytes(Self.byteCount)) }

    /// Loads a key pair from the bytes that were saved.
    /// - Throws: `crypto.bad_key` unless there are 32.
    public init(bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.byteCount else { throw .badKey("signing key", expected: "32", found: bytes.count) }
        self.init(seed: bytes)
    }

    private init(seed: [UInt8]) {
        Sodium.ready()
        var publicBytes = [UInt8](repeating: 0, count: VerifyingKey.byteCount)
        var secretBytes = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
        crypto_sign_seed_keypair(&publicBytes, &secretBytes, seed)
        bytes = seed
        expanded = secretBytes
        verifyingKey = VerifyingKey(trusted: publicBytes)
    }

    /// Signs a message; the same message gives the same signature.
    public func sign(_ message: [UInt8]) -> Signature {
        var signature = [UInt8](repeating: 0, count: Signature.byteCount)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), expanded)
        return Signature(trusted: signature)
    }
}

/// The public half of an Ed25519 key pair: it tells whether a signature is genuine.
public struct VerifyingKey: Hashable, Sendable {
    /// The number of bytes of the key: 32.
    public static let byteCount = 32
    /// The 32 bytes, which may be published.
    public let bytes: [UInt8]

    /// Takes a key from its bytes.
    /// - Throws: `crypto.bad_key` unless there are 32.
    public init(bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.byteCount else { throw .badKey("verifying key", expected: "32", found: bytes.count) }
        self.bytes = bytes
    }

    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the holder of the signing key signed exactly this message.
    public func verify(_ signature: Signature, of message: [UInt8]) -> Bool {
        Sodium.ready()
        return crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), bytes) == 0
    }
}
