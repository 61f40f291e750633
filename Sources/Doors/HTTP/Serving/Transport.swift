import COpenSSL
import CSockets
import Glibc

/// The bytes of one connection, encrypted or not. Never blocks.
package struct Transport {
    package enum Outcome: Equatable {
        /// So many bytes went through.
        case moved(Int)
        /// Nothing now; the poller tells when.
        case wouldBlock
        /// The peer sends no more.
        case ended
        /// The connection is broken.
        case failed
    }

    package let socket: Int32
    /// An OpenSSL session, owned by this value; `close` frees it.
    private let session: OpaquePointer?
    private(set) var isOpen = true

    package init(socket: Int32, session: OpaquePointer?) {
        self.socket = socket
        self.session = session
    }

    package var isTLS: Bool { session != nil }

    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        guard let session else { return Self.outcome(recv(socket, buffer.baseAddress, buffer.count, 0)) }
        ERR_clear_error()
        let count = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
        return count > 0 ? .moved(Int(count)) : Self.sessionOutcome(session, count)
    }

    /// - Parameter isLast: Whether nothing follows at once; otherwise the kernel waits for more before it sends.
    package func write(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Outcome {
        guard let session else {
            let flags = Int32(MSG_NOSIGNAL) | (isLast ? 0 : Int32(MSG_MORE))
            return Self.outcome(send(socket, bytes.baseAddress, bytes.count, flags))
        }
        ERR_clear_error()
        let count = SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
        return count > 0 ? .moved(Int(count)) : Self.sessionOutcome(session, count)
    }

    /// Goes on with the TLS handshake; `.moved` tells that it is complete.
    package func handshake() -> Outcome {
        guard let session else { return .moved(0) }
        ERR_clear_error()
        let status = SSL_do_handshake(session)
        return status == 1 ? .moved(0) : Self.sessionOutcome(session, status)
    }

    /// Tells the peer that nothing more comes; reading stays possible.
    package func endWriting() {
        if let session {
            ERR_clear_error()
            SSL_shutdown(session)
        }
        shutdown(socket, Int32(SHUT_WR))
    }

    package mutating func close() {
        guard isOpen else { return }
        isOpen = false
        if let session { SSL_free(session) }
        Glibc.close(socket)
    }

    private static func outcome(_ count: Int) -> Outcome {
        if count > 0 { return .moved(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .failed
    }

    private static func sessionOutcome(_ session: OpaquePointer, _ status: Int32) -> Outcome {
        switch SSL_get_error(session, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: .wouldBlock
        case SSL_ERROR_ZERO_RETURN: .ended
        default: .failed
        }
    }
}
