import CConfinement
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
        let exit = baton_await_worker(process, Int32(patience * 1000))
        return WorkerExit(
            code: exit.code < 0 ? nil : exit.code, signal: exit.signal < 0 ? nil : exit.signal, mostResidentBytes: exit.most_resident_bytes)
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
