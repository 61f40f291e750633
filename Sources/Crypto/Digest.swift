/// The 32 bytes that SHA-256, HMAC-SHA-256 or keyed BLAKE2b makes of some bytes.
///
/// Kept inline as four words, so that a digest is copied, compared and used as a key without an allocation. `==` is not
/// constant-time: use ``ConstantTime`` when one side is a secret.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The number of bytes of a digest: 32.
    public static let byteCount = 32
    /// The digest of 32 zero bytes, the customary start of a chain.
    public static let zero = Digest()

    // In memory order, so that the bytes of the four words are the digest's bytes.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    private init() {}

    /// Makes a digest by letting `fill` write its 32 bytes.
    /// - Parameter fill: Gets the place of exactly 32 bytes, which are zero before.
    @inline(__always)
    init(filling fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        withUnsafeMutableBytes(of: &words) { raw in
            if let start = raw.baseAddress { fill(start.assumingMemoryBound(to: UInt8.self)) }
        }
    }

    /// Takes a digest from its bytes; nil unless there are exactly 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    /// Takes a digest from 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes as an array (one allocation).
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The digest as 64 lower-case hexadecimal digits.
    public var hex: String { withUnsafeBytes { Hex.encode($0) } }

    /// Same as ``hex``.
    public var description: String { hex }

    /// Lends the 32 bytes without copying them; the buffer is valid only during the call.
    @inline(__always)
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// Whether all 32 bytes are the same.
    @inline(__always)
    public static func == (left: Digest, right: Digest) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    /// Feeds all 32 bytes to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
