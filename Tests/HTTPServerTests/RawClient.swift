import COpenSSL
import CSockets
import Glibc

/// A client of sockets that sends whatever it is told and reads answers strictly.
final class RawClient {
    struct Answer {
        var status = 0
        var head = ""
        var body = ""

        /// The first value of a field; names in lower case.
        func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                if line[..<colon].lowercased() == name { return line[line.index(after: colon)...].drop { $0 == " " }.description }
            }
            return nil
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let socket: Int32
    private var session: OpaquePointer?
    private var context: OpaquePointer?
    private(set) var buffer: [UInt8] = []

    init(
        _ port: Int, timeoutSeconds: Int = 20, trusting certificatePath: String? = nil, maxTLS: Int? = nil, receiveBuffer: Int32? = nil
    ) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if let receiveBuffer { _ = sockets_set_option(socket, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        var wait = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
        if let certificatePath { try startTLS(certificatePath, maxTLS) }
    }

    deinit {
        if let session { SSL_free(session) }
        if let context { SSL_CTX_free(context) }
        close(socket)
    }

    private func startTLS(_ certificatePath: String, _ maxTLS: Int?) throws {
        context = SSL_CTX_new(TLS_client_method())
        if let maxTLS { SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, maxTLS, nil) }
        SSL_CTX_load_verify_locations(context, certificatePath, nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        session = SSL_new(context)
        SSL_set_fd(session, socket)
        guard SSL_connect(session) == 1 else { throw Failure(description: "The TLS handshake failed.") }
    }

    var tlsVersion: String { session.map { String(cString: SSL_get_version($0)) } ?? "" }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { part in
                session.map { Int(SSL_write($0, part.baseAddress, Int32(part.count))) }
                    ?? Glibc.send(socket, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
            start += count
        }
    }

    /// Ends the sending half.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// - Returns: Whether anything came before the end.
    @discardableResult
    func receive(_ limit: Int = 65_536) throws -> Bool {
        var part = [UInt8](repeating: 0, count: limit)
        let count = session.map { Int(SSL_read($0, &part, Int32(part.count))) } ?? recv(socket, &part, part.count, 0)
        if count < 0 { throw Failure(description: "receive: \(String(cString: strerror(errno)))") }
        buffer.append(contentsOf: part[..<count])
        return count > 0
    }

    /// Reads one answer; further bytes stay for the next.
    func answer(toHead: Bool = false) throws -> Answer {
        while true {
            if let end = headEnd {
                var answer = Answer()
                answer.head = String(decoding: buffer[..<end], as: UTF8.self)
                answer.status = Int(answer.head.split(separator: " ")[1]) ?? 0
                buffer.removeFirst(end + 4)
                if toHead || answer.status == 204 || answer.status == 304 || answer.status == 100 { return answer }
                answer.body = try body(answer)
                return answer
            }
            guard try receive() else { throw Failure(description: "The connection ended before an answer.") }
        }
    }

    private var headEnd: Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first { buffer[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }

    private func body(_ answer: Answer) throws -> String {
        if let length = answer.field("content-length").flatMap({ Int($0) }) { return try take(length) }
        guard answer.field("transfer-encoding") == "chunked" else {
            while try receive() {}
            return try take(buffer.count)
        }
        var text = ""
        while true {
            let size = try Int(line(), radix: 16) ?? -1
            guard size >= 0 else { throw Failure(description: "A chunk has no size.") }
            text += try take(size)
            guard try line().isEmpty else { throw Failure(description: "A chunk has no end.") }
            if size == 0 { return text }
        }
    }

    /// One chunk of a stream.
    func chunk() throws -> String {
        let text = try take(Int(line(), radix: 16) ?? 0)
        _ = try line()
        return text
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let text = try take(end + 1)
                return String(text.dropLast())
            }
            guard try receive() else { throw Failure(description: "The connection ended within a line.") }
        }
    }

    private func take(_ count: Int) throws -> String {
        while buffer.count < count { guard try receive() else { throw Failure(description: "The connection ended within a body.") } }
        defer { buffer.removeFirst(count) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Whether the server ends the connection, with or without further bytes.
    func isClosedByServer() -> Bool {
        while true {
            do { if try !receive() { return true } } catch { return errno == ECONNRESET }
        }
    }
}
