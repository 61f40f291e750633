import CConfinement
import Foundation

/// One worker from its start to its end, seen from the server.
///
/// Used by one thread at a time: the one that took it from the pool.
final class ScriptProcess: @unchecked Sendable {
    /// Why a conversation broke off.
    enum Break: Error {
        /// The worker closed its socket, or sent what is no message.
        case ended
        /// The time that the worker may take was over.
        case late
        /// The CPU time that a run may use was over.
        case costly
        /// It took more memory than it may.
        case large
        /// It announced a message that is longer than allowed.
        case talkative
        /// It asked more often than allowed.
        case tooManyCalls
        /// It logged more than allowed.
        case tooManyLines
    }

    private static let pollMilliseconds: Int32 = 10

    let process: pid_t
    private let socket: Int32
    /// Memory when it was ready; 0 until then.
    private var resting = 0
    /// Memory when it was last looked at.
    private var largest = 0
    /// The numbers of the scripts that it keeps.
    var known: Set<UInt64> = []
    /// Runs that it has done.
    var runs = 0
    private var spent = Spending()
    private var unread: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// What a run has used so far.
    private struct Spending {
        var wall = Duration.zero
        var cpuAtStart = 0
    }

    /// Starts a worker and waits until it is confined; nil when it does not come.
    init?(executable: String, arguments: [String], limits: ScriptLimits) {
        var sockets: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else { return nil }
        socket = sockets[0]
        let words = [executable] + arguments + [String(limits.memoryBytes)]
        process = withCStrings(words) { words in
            withCStrings(ScriptProcess.environment) { baton_start_worker(executable, words, $0, sockets[1]) }
        }
        close(sockets[1])
        var patience = limits
        patience.wallSeconds = max(10, limits.wallSeconds)
        patience.cpuSeconds = patience.wallSeconds
        guard process > 0 else {
            close(socket)
            return nil
        }
        guard (try? receive(patience).kind) == .ready else {
            end()
            return nil
        }
        resting = max(0, Int(baton_resident_bytes(process)))
    }

    /// No machine code is made at run time and no memory is reserved that limits could not count; no name of the server's leaks in.
    private static var environment: [String] {
        let own = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
        return own + [
            "LANG=C.UTF-8", "TZ=UTC", "HOME=/dev/null", "SWIFT_BACKTRACE=enable=no", "MALLOC_ARENA_MAX=1", "GIGACAGE_ENABLED=0",
            "JSC_useJIT=0", "JSC_useWasm=0", "JSC_useConcurrentGC=0", "JSC_numberOfGCMarkers=1",
        ]
    }

    /// Whether it waits for work: its socket is open and silent.
    var isWaiting: Bool {
        var wish = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return unread.isEmpty && poll(&wish, 1, 0) == 0
    }

    /// Begins to count a run's time.
    func beginRun() {
        runs += 1
        largest = 0
        spent = Spending(wall: .zero, cpuAtStart: Int(baton_cpu_microseconds(process)))
    }

    /// Whether it is time to look at the worker's memory again; not after each run, for looking costs.
    var isDueForLook: Bool { runs % 64 == 0 || spent.wall > .milliseconds(20) }

    /// Whether the worker kept so much that a fresh one is better.
    func hasGrown(beyond bytes: Int) -> Bool { Int(baton_resident_bytes(process)) > resting + bytes }

    /// Sends a frame.
    func send(_ bytes: [UInt8], _ limits: ScriptLimits) throws(Break) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(Int16(POLLOUT), limits)
            } else if errno != EINTR {
                throw .ended
            }
        }
    }

    /// The next frame.
    func receive(_ limits: ScriptLimits) throws(Break) -> (kind: ScriptFrame.Kind, content: [UInt8]) {
        while true {
            if unread.count >= ScriptFrame.headBytes {
                guard let head = ScriptFrame.head(unread[..<ScriptFrame.headBytes]) else { throw .ended }
                guard head.length <= limits.outputBytes else { throw .talkative }
                let end = ScriptFrame.headBytes + head.length
                if unread.count >= end {
                    let content = Array(unread[ScriptFrame.headBytes..<end])
                    unread.removeFirst(end)
                    return (head.kind, content)
                }
            }
            try wait(Int16(POLLIN), limits)
            let count = recv(socket, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                unread.append(contentsOf: chunk[..<count])
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                throw .ended
            }
        }
    }

    /// Waits for the socket, and looks after the worker meanwhile.
    private func wait(_ events: Int16, _ limits: ScriptLimits) throws(Break) {
        let start = ContinuousClock.now
        let before = spent.wall
        while true {
            var wish = pollfd(fd: socket, events: events, revents: 0)
            let ready = poll(&wish, 1, ScriptProcess.pollMilliseconds)
            spent.wall = before + start.duration(to: .now)
            if spent.wall > .seconds(limits.wallSeconds) { throw .late }
            if spent.wall > .seconds(limits.cpuSeconds),
                Double(Int(baton_cpu_microseconds(process)) - spent.cpuAtStart) / 1e6 > limits.cpuSeconds
            {
                throw .costly
            }
            if ready > 0 { return }
            largest = Int(baton_resident_bytes(process))
            if resting > 0, largest > resting + limits.memoryBytes { throw .large }
        }
    }

    /// Ends the worker: lets it die if it is about to, else kills it.
    /// - Returns: Whether it ended by itself after it had used a good part of the memory that it may take, which explains the end.
    @discardableResult func end(_ limits: ScriptLimits? = nil) -> Bool {
        close(socket)
        let exit = baton_await_worker(process, limits == nil ? 0 : 20)
        return exit.signal != SIGKILL && max(largest, exit.most_resident_bytes) > resting + (limits?.memoryBytes ?? 0) / 4
    }
}

/// Lends texts as the null-terminated list that C expects.
private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
