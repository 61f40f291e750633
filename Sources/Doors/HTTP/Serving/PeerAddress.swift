import Glibc

/// The IP address of a peer.
package struct PeerAddress: Sendable {
    /// Without port; an IPv4 address that came through an IPv6 socket is written as IPv4.
    package let text: String
    /// What the limit of connections counts: an IPv4 address, or the first 64 bits of an IPv6 address, since one
    /// subscriber has them all.
    package let network: UInt64

    package init(_ storage: inout sockaddr_storage) {
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var prefix: UInt64 = 0
        withUnsafeMutablePointer(to: &storage) { pointer in
            let raw = UnsafeRawPointer(pointer)
            if pointer.pointee.ss_family == sa_family_t(AF_INET6) {
                var address = raw.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_addr
                inet_ntop(AF_INET6, &address, &name, socklen_t(name.count))
                withUnsafeBytes(of: &address) { bytes in
                    prefix = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
                    // ::ffff:a.b.c.d is counted as a.b.c.d.
                    if prefix == 0 { prefix = UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))) }
                }
            } else {
                var address = raw.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_addr
                inet_ntop(AF_INET, &address, &name, socklen_t(name.count))
                prefix = UInt64(UInt32(bigEndian: address.s_addr))
            }
        }
        let written = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        text = written.hasPrefix("::ffff:") && written.contains(".") ? String(written.dropFirst(7)) : written
        network = prefix
    }
}
