import CSockets
import Glibc

/// IP addresses and networks that may connect; this machine's own always may.
package struct AddressList: Sendable {
    private struct Network: Sendable {
        let bytes: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            for (place, byte) in bytes.enumerated() {
                let left = bits - place * 8
                if left <= 0 { return true }
                let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
                if byte & mask != address[place] & mask { return false }
            }
            return true
        }
    }

    private let networks: [Network]

    /// Reads addresses such as `10.1.2.3` and networks such as `10.1.0.0/16`; nil when one of them is neither.
    package init?(networks texts: [String]) {
        let read = (["127.0.0.0/8", "::1"] + texts).map { AddressList.network($0) }
        networks = read.compactMap { $0 }
        if networks.count < read.count { return nil }
    }

    private static func network(_ text: String) -> Network? {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard let bytes = bytes(of: parts.first ?? "") else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8
        guard let bits, (0...bytes.count * 8).contains(bits) else { return nil }
        return Network(bytes: bytes, bits: bits)
    }

    package func contains(_ address: String) -> Bool {
        guard let bytes = AddressList.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var short = in_addr()
        if inet_pton(AF_INET, text, &short) == 1 { return withUnsafeBytes(of: &short) { Array($0) } }
        var long = in6_addr()
        if inet_pton(AF_INET6, text, &long) == 1 { return withUnsafeBytes(of: &long) { Array($0) } }
        return nil
    }
}
