import Foundation
import Kernel

/// Hands out workers, one script each, and lets scripts wait for one.
final class WaitingLine: @unchecked Sendable {
    /// How many texts get a number before numbering begins anew.
    private static let mostNumbers = 5_000

    private let limits: ScriptLimits
    private let make: @Sendable () -> ScriptProcess?
    private let condition = NSCondition()
    private var idle: [ScriptProcess] = []
    /// Workers in all, those being started included.
    private var total = 0
    /// Workers that the starting thread still has to make.
    private var wanted = 0
    private var failures = 0
    private var isStopped = false
    private var hasThread = false
    private var numbers: [String: UInt64] = [:]
    private var nextNumber: UInt64 = 1

    init(limits: ScriptLimits, make: @escaping @Sendable () -> ScriptProcess?) {
        self.limits = limits
        self.make = make
    }

    /// The number by which workers know a text.
    func number(of text: String) -> UInt64 {
        condition.withLock {
            if let known = numbers[text] { return known }
            if numbers.count >= WaitingLine.mostNumbers { numbers.removeAll() }
            defer { nextNumber += 1 }
            numbers[text] = nextNumber
            return nextNumber
        }
    }

    /// A worker for one script; a script that another one set off does not wait behind it.
    func take(_ source: ScriptSource, isNested: Bool, _ executable: String) throws -> ScriptProcess {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: limits.waitSeconds)
        let failuresBefore = failures
        if isNested, idle.isEmpty { order() }
        while !isStopped {
            if let worker = idle.popLast() {
                if worker.isWaiting { return worker }
                // It died while nobody needed it: the machine was short of memory, or somebody ended it.
                worker.end()
                total -= 1
                continue
            }
            if failures > failuresBefore { throw Refusal.scriptsMissing(executable) }
            if wanted == 0, total < limits.workers { order() }
            guard condition.wait(until: end) else { throw Refusal.scriptBusy(source, limits.waitSeconds) }
        }
        throw Refusal.scriptsStopped()
    }

    /// Takes a worker back whose script has ended.
    func giveBack(_ worker: ScriptProcess) {
        // A worker that kept half of what a script may take is replaced, so that every script finds the same room.
        let isSpent =
            worker.runs >= limits.runsPerWorker || worker.known.count >= limits.sourcesPerWorker
            || worker.isDueForLook && worker.hasGrown(beyond: limits.memoryBytes / 2)
        condition.withLock {
            if isSpent || isStopped || total > limits.workers {
                total -= 1
                DispatchQueue.global().async { worker.end() }
            } else {
                idle.append(worker)
            }
            condition.signal()
        }
    }

    /// Counts a worker that is dead.
    func lost() {
        condition.withLock {
            total -= 1
            if total == 0, !isStopped { order() }
            condition.signal()
        }
    }

    /// Starts the first worker.
    func warmUp() { condition.withLock { if total == 0, !isStopped { order() } } }

    /// Ends all workers that are not at work, and those after their script.
    func stop() {
        let rest = condition.withLock {
            isStopped = true
            defer { idle = [] }
            total -= idle.count
            condition.broadcast()
            return idle
        }
        for worker in rest { worker.end() }
    }

    /// Asks the starting thread for one more worker; called with the lock held.
    private func order() {
        wanted += 1
        total += 1
        condition.broadcast()
        if hasThread { return }
        hasThread = true
        let thread = Thread { [self] in startWorkers() }
        thread.name = "scripts"
        thread.start()
    }

    /// The starting thread, which must live as long as its workers.
    private func startWorkers() {
        condition.lock()
        while !isStopped {
            if wanted == 0 {
                condition.wait()
                continue
            }
            condition.unlock()
            let worker = make()
            condition.lock()
            wanted -= 1
            if let worker {
                if isStopped { worker.end() } else { idle.append(worker) }
            } else {
                total -= 1
                failures += 1
            }
            condition.broadcast()
        }
        // Workers still at work die with this thread; their scripts were given time to end before.
        while total > 0 { if !condition.wait(until: Date(timeIntervalSinceNow: limits.wallSeconds)) { break } }
        condition.unlock()
    }
}
