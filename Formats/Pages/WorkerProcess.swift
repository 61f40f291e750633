import CConfinement
import Foundation

/// One page worker from its start to its end, seen from the server.
///
/// One socket carries the document there and the answer back. Unlike a pipe it lets the server write without SIGPIPE when the
/// worker is dead already, and nothing is ever put into a file.
struct WorkerProcess {
    /// How a worker ended.
    enum Outcome: Hashable {
        /// It closed its answer and ended by itself or by a signal.
        case ended(answer: [UInt8], exit: WorkerExit)
        /// It was killed because time was over.
        case late
        /// It was killed because its answer was longer than the limit.
        case talkative
        /// It could not be started.
        case notStarted
    }

    let executable: String
    let arguments: [String]
    let limits: PageLimits

    /// Runs the worker on a document; returns when it is dead.
    func run(_ document: [UInt8]) -> Outcome {
        guard let (ours, process) = start() else { return .notStarted }
        let conversation = converse(ours, document)
        close(ours)
        switch conversation {
        case .answered(let answer): return .ended(answer: answer, exit: WorkerExit.wait(process, patience: 1))
        case .late:
            _ = WorkerExit.wait(process, patience: 0)
            return .late
        case .talkative:
            _ = WorkerExit.wait(process, patience: 0)
            return .talkative
        }
    }

    private func start() -> (socket: Int32, process: pid_t)? {
        var sockets: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else { return nil }
        let (ours, theirs) = (sockets[0], sockets[1])
        defer { close(theirs) }
        guard let process = spawn(theirs) else {
            close(ours)
            return nil
        }
        return (ours, process)
    }

    private func spawn(_ socket: Int32) -> pid_t? {
        let process = withCStrings([executable] + arguments) { arguments in
            withCStrings(environment) { baton_start_worker(executable, arguments, $0, socket) }
        }
        return process > 0 ? process : nil
    }

    /// Nothing of the server's environment but where libraries lie, for it may hold secrets.
    private var environment: [String] {
        let own = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
        // No helper of the runtime after a crash, no font cache anywhere, one small heap.
        return own + [
            "LANG=C.UTF-8", "SWIFT_BACKTRACE=enable=no", "HOME=/dev/null", "XDG_CACHE_HOME=/dev/null", "MALLOC_ARENA_MAX=1",
            "OMP_THREAD_LIMIT=1",
        ]
    }

    private enum Conversation { case answered([UInt8]), late, talkative }

    private func converse(_ socket: Int32, _ document: [UInt8]) -> Conversation {
        let end = ContinuousClock.now + .seconds(limits.workerWallSeconds)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var sent = 0, isHeard = true
        while true {
            let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            guard left > 0 else { return .late }
            let isSending = isHeard && sent < document.count
            if isHeard && !isSending {
                shutdown(socket, Int32(SHUT_WR))
                isHeard = false
            }
            var wish = pollfd(fd: socket, events: Int16(POLLIN | (isSending ? POLLOUT : 0)), revents: 0)
            guard poll(&wish, 1, Int32(min(left.rounded(.up), 60_000))) > 0 else { continue }
            if isSending, wish.revents & Int16(POLLOUT) != 0 {
                let count = document.withUnsafeBytes {
                    send(
                        socket, $0.baseAddress?.advanced(by: sent), document.count - sent,
                        Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                }
                if count > 0 { sent += count } else if errno != EAGAIN && errno != EINTR { isHeard = false }
            }
            guard wish.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
            let count = recv(socket, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                answer.append(contentsOf: chunk[..<count])
                guard answer.count <= limits.answerBytes else { return .talkative }
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                return .answered(answer)
            }
        }
    }
}

/// Lends texts as the null-terminated list that C expects.
private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
