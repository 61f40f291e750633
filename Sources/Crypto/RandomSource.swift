import CSodium
import Synchronization

/// Where random bytes come from: the system in production, a seed in a simulation.
public protocol RandomSource: Sendable {
    /// Overwrites the whole buffer with random bytes. Safe from any thread.
    func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
    /// As many random bytes as asked for.
    /// - Parameter count: Not negative.
    public func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
            filled = count
        }
    }

    /// A random word: each of the 2⁶⁴ values is equally likely.
    public func word() -> UInt64 {
        var word: UInt64 = 0
        withUnsafeMutableBytes(of: &word) { fill($0) }
        return word
    }

    /// A random number from 0 up to, but without, `bound`; each is equally likely.
    /// - Parameter bound: At least 1.
    public func number(below bound: Int) -> Int {
        var generator = RandomGenerator(self)
        return Int.random(in: 0..<bound, using: &generator)
    }
}

/// The operating system's random bytes: for keys, tokens and everything that must not be guessed.
public struct SystemRandomSource: RandomSource {
    /// Uses the system's source; every value of this type is the same.
    public init() { Sodium.ready() }

    /// Overwrites the buffer with bytes of the kernel's generator.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        if let start = buffer.baseAddress { randombytes_buf(start, buffer.count) }
    }
}

/// The same bytes for the same seed, so that a simulation can be run again; never for secrets.
///
/// SplitMix64: each word depends only on its number, so that threads share one atomic counter instead of a lock.
public final class SeededRandomSource: RandomSource {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
    private let state: Atomic<UInt64>

    /// Starts the sequence that belongs to `seed`.
    public init(seed: UInt64) { state = Atomic(seed) }

    /// Overwrites the buffer with the next words of the sequence; a rest of fewer than eight bytes costs a whole word.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var offset = 0
        while offset < buffer.count {
            var word = next().littleEndian
            let length = min(8, buffer.count - offset)
            withUnsafeBytes(of: &word) { buffer[offset..<offset + length].copyBytes(from: $0[..<length]) }
            offset += length
        }
    }

    private func next() -> UInt64 {
        var word = state.wrappingAdd(Self.step, ordering: .relaxed).newValue
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Lets the standard library draw from a ``RandomSource``, as in `shuffled(using:)`.
public struct RandomGenerator<Source: RandomSource>: RandomNumberGenerator {
    private let source: Source

    /// Draws from `source`.
    public init(_ source: Source) { self.source = source }

    /// The next random word.
    public mutating func next() -> UInt64 { source.word() }
}
