import Glibc
import Kernel
import Store
import TestKit

/// A line to a server that is cut at the commit of what carried a word, and of nothing else that the program commits meanwhile: before the server hears of it, or after it did and before it can answer.
final class CuttingProxy: Sendable {
    let port: Int
    private let listener: Int32
    private let target: Int
    private let state = Locked((word: [UInt8](), forwards: false, cuts: 0))

    init(to target: Int) throws {
        self.target = target
        port = try PostgresServer.freePort()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard CuttingProxy.with(port, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else { throw Errno() }
        OwnPump.start { [self] in accepting() }
    }

    struct Errno: Error { let code = errno }

    /// How often it cut.
    var cuts: Int { state.withLock { $0.cuts } }

    func cut(atCommitOf word: String, afterForwarding forwards: Bool) { state.withLock { $0 = (Array(word.utf8), forwards, $0.cuts) } }

    func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accepting() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard CuttingProxy.with(target, { connect(server, $0, $1) }) == 0 else { return }
            OwnPump.start { [self] in pump(client, server, watches: true) }
            OwnPump.start { [self] in pump(server, client, watches: false) }
        }
    }

    private func pump(_ from: Int32, _ to: Int32, watches: Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var line = Line()
        while true {
            let count = read(from, &buffer, buffer.count)
            if count <= 0 { break }
            if watches, isCut(buffer[..<count], &line) {
                let forwards = state.withLock { $0.forwards }
                // The answer must not come back: that direction ends first.
                shutdown(from, Int32(SHUT_RDWR))
                if forwards { _ = send(to, buffer, count, Int32(MSG_NOSIGNAL)) }
                usleep(200_000)
                break
            }
            if send(to, buffer, count, Int32(MSG_NOSIGNAL)) < count { break }
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }

    /// What went over one line: the word, and under which name the statement that commits was prepared.
    private struct Line {
        var carriesWord = false
        var commit: [UInt8] = []
    }

    private func isCut(_ bytes: ArraySlice<UInt8>, _ line: inout Line) -> Bool {
        // Shape of a preparation: the statement's name, a zero, its text, a zero; of a run: an empty name and a zero, the statement's name, a zero.
        if let place = CuttingProxy.place(of: Array("\0COMMIT\0".utf8), in: bytes) {
            line.commit = Array(bytes[..<place].reversed().prefix { $0 > 32 }.reversed())
        }
        return state.withLock { state in
            guard !state.word.isEmpty else { return false }
            if CuttingProxy.place(of: state.word, in: bytes) != nil { line.carriesWord = true }
            guard line.carriesWord, !line.commit.isEmpty, CuttingProxy.place(of: [0] + line.commit + [0], in: bytes) != nil else {
                return false
            }
            state.word = []
            state.cuts += 1
            return true
        }
    }

    private static func place(of word: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= word.count else { return nil }
        return (bytes.startIndex...bytes.endIndex - word.count).first { bytes[$0...].starts(with: word) }
    }

    private static func with(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

private enum OwnPump {
    static func start(_ body: @escaping @Sendable () -> Void) { OwnThread.start("proxy", body) }
}
