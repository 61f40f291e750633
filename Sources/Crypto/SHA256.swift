import CSodium

/// SHA-256 over bytes that are at hand at once or that arrive in pieces.
///
/// Neither form allocates. Source: FIPS 180-4.
///
/// ```swift
/// var hash = SHA256()
/// hash.update(previous)
/// hash.update(entry)
/// let link = hash.finish()
/// ```
public struct SHA256: Sendable {
    private var state = crypto_hash_sha256_state()

    /// Starts a hash of nothing yet.
    @inline(__always)
    public init() {
        Sodium.ready()
        crypto_hash_sha256_init(&state)
    }

    /// Appends bytes that the caller lends.
    @inline(__always)
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        crypto_hash_sha256_update(&state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Appends the bytes of an array.
    @inline(__always)
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Appends the 32 bytes of a digest, as a chain does with the link before.
    @inline(__always)
    public mutating func update(_ digest: Digest) { digest.withUnsafeBytes { update($0) } }

    /// Appends the UTF-8 bytes of a text.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of everything appended so far; more may be appended afterwards.
    @inline(__always)
    public func finish() -> Digest {
        var last = state
        return Digest { place in crypto_hash_sha256_final(&last, place) }
    }

    /// The digest of bytes that the caller lends.
    @inline(__always)
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        Sodium.ready()
        return Digest { place in
            crypto_hash_sha256(place, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
        }
    }

    /// The digest of an array's bytes.
    @inline(__always)
    public static func hash(_ bytes: [UInt8]) -> Digest { bytes.withUnsafeBytes { hash($0) } }

    /// The digest of a text's UTF-8 bytes.
    public static func hash(_ text: String) -> Digest {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
