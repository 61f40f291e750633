import Foundation

/// How the worker's process ended, and how much memory it had used.
struct WorkerExit: Hashable {
    /// The exit code; nil when a signal ended it.
    let code: Int32?
    /// The signal; nil when it ended by itself.
    let signal: Int32?
    /// The most memory that was resident, in bytes.
    let mostResidentBytes: Int

    /// Waits until the process is dead, so that no zombie stays.
    /// - Parameter patience: Seconds that it may take to end by itself; then it is killed.
    static func wait(_ process: pid_t, patience: Double) -> WorkerExit {
        let end = ContinuousClock.now + .seconds(patience)
        var status: Int32 = 0
        var usage = rusage()
        while true {
            let isOver = ContinuousClock.now >= end
            if isOver { kill(process, SIGKILL) }
            let ended = wait4(process, &status, isOver ? 0 : WNOHANG, &usage)
            if ended == process { break }
            // Somebody else took the child away (SIGCHLD ignored): nothing more can be known.
            if ended < 0 && errno != EINTR { return WorkerExit(code: nil, signal: nil, mostResidentBytes: 0) }
            usleep(1000)
        }
        let signal = status & 0x7F
        return WorkerExit(
            code: signal == 0 ? status >> 8 & 0xFF : nil, signal: signal == 0 ? nil : signal, mostResidentBytes: usage.ru_maxrss << 10)
    }

    /// The refusal for a worker that died without an answer.
    func refusal(executable: String, limits: PageLimits) -> DocumentRefusal {
        switch (code, signal) {
        case (127, _), (126, _), (64, _), (70, _): .readerMissing(executable)
        case (_, SIGXCPU), (_, SIGKILL): .tooCostly()
        default: mostResidentBytes > limits.workerMemoryBytes / 2 ? .tooCostly() : .readerCrashed()
        }
    }
}
