import COpenSSL
import Engine
import Foundation
import Glibc

/// What the program needs from elsewhere: its certificate, the mail server, the collector of traces, the address that clients see.
package struct NetworkChecks {
    package let arguments: Arguments

    package init(arguments: Arguments) { self.arguments = arguments }

    /// Days before its end at which a certificate is worth a word.
    package static let certificateDays = 21

    package func run() -> [Finding] {
        var findings: [Finding] = []
        if let path = arguments.text("tls-cert") { findings.append(certificate(path)) }
        if let smtp = arguments.text("smtp") { findings.append(reach("mail", smtp, usual: smtp.hasPrefix("smtps") ? 465 : 25)) }
        if let url = arguments.text("otlp-endpoint") { findings.append(reach("traces", url, usual: url.hasPrefix("https") ? 443 : 80)) }
        if let url = arguments.text("public-url") { findings.append(gateway(url)) }
        return findings
    }

    private func certificate(_ path: String) -> Finding {
        guard let days = Certificate.daysLeft(path) else {
            return .bad("certificate", "\(path) holds no certificate.", "Give the chain in PEM form, the server's own first.")
        }
        let remedy = "Renew it, put it in its place and restart the server."
        if days < 0 { return .bad("certificate", "It ended \(-days) days ago.", remedy) }
        if let key = arguments.text("tls-key"), !Certificate.fits(path, key) {
            return .bad("certificate", "\(key) is not the key of \(path).", "Give the key with which the certificate was requested.")
        }
        let words = "It is good for \(days) days."
        return days < Self.certificateDays ? .warning("certificate", words, remedy) : .good("certificate", words)
    }

    /// Whether somebody listens at an address.
    private func reach(_ subject: String, _ text: String, usual: Int) -> Finding {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else {
            return .bad(subject, "The address is none.", "Correct it; `baton config` shows where it comes from.")
        }
        let port = parts.port ?? usual
        let name = "\(host):\(port)"
        guard let reason = Reach.refusal(host.trimmingCharacters(in: ["[", "]"]), port) else {
            return .good(subject, "\(name) is reached.")
        }
        return .bad(subject, "\(name) is not reached: \(reason).", "Check the name, the port, and what stands between.")
    }

    /// Whether the address that clients see leads to this program.
    private func gateway(_ url: String) -> Finding {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        do {
            let status = try HTTPCall("GET", base + "/health", seconds: 5).perform().status
            if status == 200 { return .good("gateway", "\(base) leads to a healthy server.") }
            return .warning("gateway", "\(base)/health answers \(status).", "Start the server, or correct the proxy in front of it.")
        } catch {
            return .warning(
                "gateway", "\(base) does not answer: \(error.reason).", "Check the proxy in front of the server, and its certificate.")
        }
    }
}

/// A certificate in a PEM file.
package enum Certificate {
    private static func load(_ path: String) -> OpaquePointer? {
        guard let file = BIO_new_file(path, "r") else { return nil }
        defer { BIO_free(file) }
        return PEM_read_bio_X509(file, nil, nil, nil)
    }

    /// Days until the first certificate of a file ends, negative when it has; nil when there is none.
    package static func daysLeft(_ path: String) -> Int? {
        guard let certificate = load(path) else { return nil }
        defer { X509_free(certificate) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate)) == 1 else { return nil }
        return days == 0 && seconds < 0 ? -1 : Int(days)
    }

    /// Whether a key belongs to a certificate.
    package static func fits(_ certificatePath: String, _ keyPath: String) -> Bool {
        guard let certificate = load(certificatePath) else { return false }
        defer { X509_free(certificate) }
        guard let file = BIO_new_file(keyPath, "r") else { return false }
        defer { BIO_free(file) }
        guard let key = PEM_read_bio_PrivateKey(file, nil, nil, nil) else { return false }
        defer { EVP_PKEY_free(key) }
        return X509_check_private_key(certificate, key) == 1
    }
}

/// Whether somebody listens.
package enum Reach {
    package static let seconds = 5

    /// Why not; nil when a connection stands.
    package static func refusal(_ host: String, _ port: Int) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { return String(cString: gai_strerror(code)) }
        defer { freeaddrinfo(list) }
        var (reason, place) = ("it has no address", list)
        while let address = place?.pointee {
            guard let refused = attempt(address) else { return nil }
            (reason, place) = (refused, address.ai_next)
        }
        return reason
    }

    private static func attempt(_ address: addrinfo) -> String? {
        let descriptor = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&entry, 1, Int32(seconds * 1_000)) > 0 else { return "nobody answered within \(seconds) s" }
        var (error, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? nil : String(cString: strerror(error))
    }
}
