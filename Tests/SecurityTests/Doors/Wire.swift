import Foundation
import Glibc
import JSON

/// A client on one connection that is kept alive: thousands of requests in seconds, and no cleverness between test and server.
final class Wire {
    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]
        var json: JSON { (try? JSON.parse(body)) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
    }
    struct Failure: Error { let what: String }

    private let port: Int
    private var socket: Int32 = -1

    init(port: Int) { self.port = port }

    deinit { close() }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    func ask(_ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = []) throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body
        // The server may have closed an idle connection, or closes after a refusal.
        do { return try exchange(bytes, toHead: method == "HEAD") } catch {
            close()
            return try exchange(bytes, toHead: method == "HEAD")
        }
    }

    private func exchange(_ bytes: [UInt8], toHead: Bool) throws -> Answer {
        if socket < 0 { try connect() }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(what: "send") }
            sent += count
        }
        var received: [UInt8] = []
        let end = try receive(&received) { Bytes.find("\r\n\r\n", in: $0, from: 0) }
        let head = String(decoding: received[..<end], as: UTF8.self)
        let lines = head.split(separator: "\r\n").map { $0.lowercased() }
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        let field = lines.first { $0.hasPrefix("content-length:") } ?? ""
        let digits = field.drop { !$0.isNumber }
        let length = Int(digits) ?? 0
        guard !lines.contains(where: { $0.hasPrefix("transfer-encoding:") }) else { throw Failure(what: "a chunked answer") }
        let isBare = toHead || status == 204 || status == 304
        if !isBare { _ = try receive(&received) { $0.count >= end + 4 + length ? 0 : nil } }
        if lines.contains("connection: close") { close() }
        return Answer(status: status, head: head, body: isBare ? [] : Array(received[(end + 4)...]))
    }

    private func receive(_ received: inout [UInt8], until found: ([UInt8]) -> Int?) throws -> Int {
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let place = found(received) { return place }
            let count = recv(socket, &part, part.count, 0)
            guard count > 0 else { throw Failure(what: "receive") }
            received += part[..<count]
        }
    }

    private func connect() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var wait = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(what: "connect") }
    }
}

/// Looking for a few bytes in many; the test is built without optimisation, so the machine's own search is used.
enum Bytes {
    static func find(_ text: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        return bytes.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress else { return nil }
            var place = start
            while place + length <= all.count {
                guard let hit = memchr(base + place, Int32(text.utf8Start[0]), all.count - place) else { return nil }
                let found = UnsafeRawPointer(hit) - base
                if found + length > all.count { return nil }
                if memcmp(hit, text.utf8Start, length) == 0 { return found }
                place = found + 1
            }
            return nil
        }
    }
}
