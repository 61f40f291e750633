import Glibc

/// Why a server could not start.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable code, as `http.address_in_use`.
    public let code: String
    /// What happened and what to do, in sentences.
    public let message: String

    /// `code: message`.
    public var description: String { "\(code): \(message)" }

    static func noThread(_ status: Int32) -> Self {
        Self(code: "http.no_thread", message: "The system refused a thread (\(reason(status))). Raise the limit of processes (ulimit -u).")
    }

    static func badAddress(_ host: String) -> Self {
        Self(code: "http.bad_address", message: "“\(host)” is no IP address of this machine. Set one, as 127.0.0.1, 0.0.0.0 or ::.")
    }

    static func cannotListen(_ host: String, _ port: Int, _ status: Int32) -> Self {
        Self(
            code: status == EADDRINUSE ? "http.address_in_use" : "http.cannot_listen",
            message: "Cannot listen on \(host) port \(port) (\(reason(status))). Stop what uses the port or choose another.")
    }

    static func noPoller(_ status: Int32) -> Self {
        Self(code: "http.no_poller", message: "The system refused a poller (\(reason(status))). Raise the limit of open files (ulimit -n).")
    }

    static func badCertificate(_ path: String, _ reason: String) -> Self {
        Self(
            code: "http.bad_certificate",
            message: "\(path) cannot be used (\(reason)). Give the PEM files of a certificate chain and its key.")
    }

    static let alreadyStarted = Self(code: "http.already_started", message: "The server was started before. Make a new one.")

    private static func reason(_ status: Int32) -> String { String(cString: strerror(status)) }
}
