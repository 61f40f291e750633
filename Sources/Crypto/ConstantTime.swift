import CSodium

/// Comparisons whose time does not tell where two secrets differ.
public enum ConstantTime {
    /// Whether both arrays hold the same bytes; only their lengths may show in the time.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return left.isEmpty || sodium_memcmp(left, right, left.count) == 0
    }

    /// Whether both texts hold the same UTF-8 bytes; only their lengths may show in the time.
    public static func equal(_ left: String, _ right: String) -> Bool { equal(Array(left.utf8), Array(right.utf8)) }

    /// Whether both digests are the same.
    public static func equal(_ left: Digest, _ right: Digest) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return false }
                return sodium_memcmp(left, right, Digest.byteCount) == 0
            }
        }
    }
}
