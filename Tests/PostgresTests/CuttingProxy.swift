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
        var carriesWord = false
        while true {
            let count = read(from, &buffer, buffer.count)
            if count <= 0 { break }
            if watches, isCut(buffer[..<count], &carriesWord) {
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

    private func isCut(_ bytes: ArraySlice<UInt8>, _ carriesWord: inout Bool) -> Bool {
        state.withLock { state in
            guard !state.word.isEmpty else { return false }
            if CuttingProxy.contains(bytes, state.word) { carriesWord = true }
            guard carriesWord, CuttingProxy.contains(bytes, Array("baton_commit (mark) VALUES ('".utf8)) else { return false }
            state.word = []
            state.cuts += 1
            return true
        }
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
        bytes.count >= word.count && (bytes.startIndex...bytes.endIndex - word.count).contains { bytes[$0...].starts(with: word) }
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
