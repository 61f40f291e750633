import CSockets
import Glibc

/// A listening socket.
package struct Listener: Sendable {
    package let socket: Int32
    package let port: Int

    /// - Throws: `http.bad_address`, `http.address_in_use` or `http.cannot_listen`.
    package init(_ configuration: HTTPServerConfiguration) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(configuration.host, String(configuration.port), &hints, &found) == 0, let info = found else {
            throw .badAddress(configuration.host)
        }
        defer { freeaddrinfo(info) }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(info.pointee.ai_family, flags, 0)
        guard socket >= 0 else { throw .cannotListen(configuration.host, configuration.port, errno) }
        _ = sockets_set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1)
        guard bind(socket, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0, listen(socket, Int32(configuration.backlog)) == 0 else {
            let status = errno
            Glibc.close(socket)
            throw .cannotListen(configuration.host, configuration.port, status)
        }
        self.socket = socket
        port = Self.port(of: socket)
    }

    package func close() { Glibc.close(socket) }

    private static func port(of socket: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(socket, $0, &length) }
            // The port stands at the same place for IPv4 and IPv6.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
    }
}
