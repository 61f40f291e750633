import CSodium

/// Keyed BLAKE2b-256: a short secret fingerprint of bytes, for memos and tokens of this server.
///
/// Without the key nobody can compute or test a fingerprint, so that a leaked table of them says nothing about weak
/// inputs. Source: RFC 7693.
public struct KeyedHash: Sendable {
    /// The lengths of key that BLAKE2b takes, in bytes.
    public static let keyByteCounts = 16...64

    private let key: [UInt8]

    /// Uses a key that was made before.
    /// - Parameter key: 16 to 64 bytes; 32 random bytes are right.
    /// - Throws: `crypto.bad_key`.
    public init(key: [UInt8]) throws(CryptoError) {
        guard Self.keyByteCounts.contains(key.count) else {
            throw .badKey("hashing key", expected: "16 to 64", found: key.count)
        }
        self.key = key
    }

    /// Makes a fresh key of 32 bytes that lives as long as this value, as a memo needs.
    public init(random: some RandomSource = SystemRandomSource()) { key = random.bytes(32) }

    /// The fingerprint of bytes that the caller lends.
    public func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        Sodium.ready()
        return Digest { place in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let outcome = crypto_generichash(place, Digest.byteCount, start, UInt64(bytes.count), key, key.count)
            precondition(outcome == 0, "BLAKE2b refused lengths that were checked before.")
        }
    }

    /// The fingerprint of an array's bytes.
    public func hash(_ bytes: [UInt8]) -> Digest { bytes.withUnsafeBytes { hash($0) } }

    /// The fingerprint of a text's UTF-8 bytes.
    public func hash(_ text: String) -> Digest {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
