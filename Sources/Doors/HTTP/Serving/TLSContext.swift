import COpenSSL

/// A server's certificate, key and TLS settings, shared by all its connections.
package final class TLSContext: @unchecked Sendable {
    // OpenSSL counts references to a context atomically; it is not changed after `init`.
    private let context: OpaquePointer

    /// - Throws: `http.bad_certificate`.
    package init(_ files: HTTPServerConfiguration.TLS) throws(HTTPServerError) {
        ERR_clear_error()
        guard let context = openssl_server_context() else { throw .badCertificate(files.certificatePath, Self.lastError()) }
        self.context = context
        guard SSL_CTX_use_certificate_chain_file(context, files.certificatePath) == 1 else {
            throw .badCertificate(files.certificatePath, Self.lastError())
        }
        guard openssl_use_key_file(context, files.keyPath) == 1, SSL_CTX_check_private_key(context) == 1 else {
            throw .badCertificate(files.keyPath, Self.lastError())
        }
    }

    deinit { SSL_CTX_free(context) }

    /// A session for an accepted socket; nil without memory.
    package func session(_ socket: Int32) -> OpaquePointer? {
        guard let session = SSL_new(context) else { return nil }
        guard SSL_set_fd(session, socket) == 1 else {
            SSL_free(session)
            return nil
        }
        SSL_set_accept_state(session)
        return session
    }

    private static func lastError() -> String {
        guard let reason = ERR_reason_error_string(ERR_get_error()) else { return "unknown" }
        return String(cString: reason)
    }
}
