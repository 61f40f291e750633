import Glibc
import Kernel
import Operations

/// A connection to an MLLP receiver, for `baton send-hl7`.
///
/// Source: HL7 *Transport Specification: MLLP, Release 1*.
final class MLLPClient {
    /// The longest answer, in bytes.
    static let answerLimit = 1 << 20

    private let socket: Int32

    init(host: String, port: Int, timeoutSeconds: Int) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { throw MLLPClient.unreachable(host, port) }
        defer { freeaddrinfo(found) }
        socket = Glibc.socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            close(socket)
            throw MLLPClient.unreachable(host, port)
        }
    }

    deinit { close(socket) }

    private static func unreachable(_ host: String, _ port: Int) -> Refusal {
        Refusal(
            "mllp.unreachable", .unavailable, "Nobody listens on \(host), port \(port).",
            instruction: "Start the receiver, for instance with `baton serve --mllp-port \(port)`.")
    }

    /// Sends one message and gives the answer, without its frame.
    func exchange(_ message: [UInt8]) throws -> [UInt8] {
        guard Output.write([0x0B] + message + [0x1C, 0x0D], to: socket) else { throw silent }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while answer.count < MLLPClient.answerLimit {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw silent }
            answer += chunk[..<count]
            if let end = answer.firstIndex(of: 0x1C) { return answer[..<end].filter { $0 != 0x0B } }
        }
        throw silent
    }

    private var silent: Refusal {
        Refusal(
            "mllp.no_answer", .unavailable, "The receiver gave no acknowledgement.",
            instruction: "The message may have been stored; send it again with the same control id, and it is not taken twice.")
    }
}
