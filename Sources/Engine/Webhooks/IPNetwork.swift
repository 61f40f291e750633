import Foundation

/// An IP address as its bytes: four or sixteen.
public struct IPAddress: Sendable, Hashable {
    /// In network order; an IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) is the four bytes.
    public let bytes: [UInt8]

    /// An address of its bytes.
    init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes[..<10].allSatisfy({ $0 == 0 }) && bytes[10] == 0xFF && bytes[11] == 0xFF ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// An address by its text; nil when it is none.
    public init?(_ text: String) {
        var four = in_addr(), sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            self.init(bytes: withUnsafeBytes(of: sixteen) { Array($0) })
        } else {
            return nil
        }
    }

    /// The address that a socket is about to reach; nil for another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self.init(
                bytes: address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
                })
        case AF_INET6:
            self.init(
                bytes: address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
                })
        default: return nil
        }
    }
}

/// A range of addresses: `10.0.0.0/8`, `fc00::/7`, or one address.
public struct IPNetwork: Sendable, Hashable {
    let base: [UInt8]
    let bits: Int

    /// A network by its text; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        base = address.bytes
        guard parts.count == 2 else {
            bits = base.count * 8
            return
        }
        guard let bits = Int(parts[1]), (0...base.count * 8).contains(bits) else { return nil }
        self.bits = bits
    }

    /// Whether an address lies in it.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.count else { return false }
        for index in 0..<base.count {
            let left = bits - index * 8
            if left <= 0 { return true }
            let mask = left >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF << (8 - left))
            if (address.bytes[index] ^ base[index]) & mask != 0 { return false }
        }
        return true
    }

    /// The networks of a list: `10.0.0.0/8, 192.168.1.5`; what is none is left out.
    public static func list(_ text: String) -> [IPNetwork] {
        text.split { $0 == "," || $0.isWhitespace }.compactMap { IPNetwork(String($0)) }
    }
}

/// Which addresses a webhook may reach: public ones, and those that a setting names.
///
/// Asked for the address itself, after the name was looked up, so that no name can lead to the inside.
public struct ReachableAddresses: Sendable {
    /// What is nobody's on the open network. Source: IANA's special-purpose address registries; NAT64 and 6to4 lead to IPv4 addresses.
    private static let closed: [IPNetwork] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128",
        "::1/128", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { IPNetwork($0) }

    /// Networks that are reached although they are not public.
    public let allowed: [IPNetwork]

    /// Public addresses and these.
    public init(allowed: [IPNetwork] = []) { self.allowed = allowed }

    /// Whether an address may be reached.
    public func permits(_ address: IPAddress) -> Bool {
        isNamed(address) || !ReachableAddresses.closed.contains { $0.contains(address) }
    }

    /// Whether a setting names the address, so that it may be reached without TLS as well.
    func isNamed(_ address: IPAddress) -> Bool { allowed.contains { $0.contains(address) } }
}
