import Foundation
import Glibc
import HL7v2

/// A sending system: a socket that speaks MLLP.
final class Client {
    struct Failure: Error { let what: String }

    private let socket: Int32
    private var input: [UInt8] = []
    private var isOpen = true

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(what: "connect: \(errno)") }
        var time = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    func close() {
        if isOpen { Glibc.close(socket) }
        isOpen = false
    }

    static func frame(_ text: String) -> [UInt8] { frame(Array(text.utf8)) }
    static func frame(_ bytes: [UInt8]) -> [UInt8] { [0x0B] + bytes + [0x1C, 0x0D] }

    func send(raw bytes: [UInt8]) throws {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(what: "send: \(errno)") }
            left = left.dropFirst(count)
        }
    }

    /// Sends a message and gives the bytes of its first answer.
    func exchange(_ text: String) throws -> [UInt8] {
        try send(raw: Client.frame(text))
        return try receive()
    }

    /// Sends a message and gives its first answer.
    func ask(_ text: String) throws -> HL7Message { try HL7Reader().readOne(try exchange(text)) }

    func receiveMessage() throws -> HL7Message { try HL7Reader().readOne(try receive()) }

    /// The bytes of the next answer, without its frame.
    func receive() throws -> [UInt8] {
        while true {
            if let end = input.firstIndex(of: 0x1C), input.count > end + 1 {
                guard input[0] == 0x0B, input[end + 1] == 0x0D else { throw Failure(what: "a bad frame") }
                let message = Array(input[1..<end])
                input.removeFirst(end + 2)
                return message
            }
            guard try fill() else { throw Failure(what: "the line was closed") }
        }
    }

    /// Whether the door has closed the line, with nothing more to read.
    func isClosedByPeer() throws -> Bool {
        guard input.isEmpty else { return false }
        return try !fill()
    }

    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { throw Failure(what: "no answer in time") }
        if count <= 0 { return false }
        input += buffer[0..<count]
        return true
    }
}
