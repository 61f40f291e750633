import Crypto
import Kernel

/// Marks forms, so that only a page that we gave to this very visitor can be sent back, and not for ever.
public struct FormSeal: Sendable {
    /// How long a page may lie open before it is sent.
    public static let seconds = 4 * 3_600

    private let hash: KeyedHash

    /// A seal of this process: pages given out before a restart must be opened again.
    public init() { hash = KeyedHash() }

    /// A seal that several processes share.
    ///
    /// - Parameter key: 16 to 64 random bytes.
    public init(key: [UInt8]) throws { hash = try KeyedHash(key: key) }

    /// The mark for a form.
    ///
    /// - Parameters:
    ///   - purpose: What the form does, such as `documents.enter/12`.
    ///   - visitor: What only this visitor's browser sends, such as the session's id.
    public func mark(_ purpose: String, visitor: String, at now: Instant) -> String {
        let end = String(now.seconds + FormSeal.seconds)
        return end + "." + code(end, purpose, visitor)
    }

    /// Whether a mark was made for this purpose and visitor, and is still good.
    public func isGood(_ mark: String, _ purpose: String, visitor: String, at now: Instant) -> Bool {
        let parts = mark.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, mark.utf8.count < 200, let end = Int(parts[0]), end > now.seconds, end <= now.seconds + FormSeal.seconds
        else { return false }
        return ConstantTime.equal(String(parts[1]), code(String(parts[0]), purpose, visitor))
    }

    private func code(_ end: String, _ purpose: String, _ visitor: String) -> String {
        hash.hash("\(end)\u{0}\(purpose)\u{0}\(visitor)").hex
    }
}
