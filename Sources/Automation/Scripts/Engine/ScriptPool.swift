import Foundation
import JSON
import Kernel

/// Runs scripts in worker processes that live on: confined JavaScriptCore, one script at a time in each, every script in a context of
/// its own.
///
/// Workers start when they are needed, from a thread of the pool, because a worker dies with the thread that started it. A script that
/// passes a limit costs its worker; the next script gets another.
public final class ScriptPool: ScriptEngine {
    /// What a script may cost.
    public let limits: ScriptLimits

    private let executable: String
    private let leadingArguments: [String]
    private let line: WaitingLine

    /// Prepares the pool; starts nothing yet.
    /// - Parameters:
    ///   - executable: The absolute path of the command that runs ``ScriptWorker/main(arguments:)``: the server's own.
    ///   - leadingArguments: What to put before the worker's arguments.
    ///   - limits: What a script may cost, and how many workers run at once.
    public init(executable: String, leadingArguments: [String] = ["script-worker"], limits: ScriptLimits = .standard) {
        self.executable = executable
        self.leadingArguments = leadingArguments
        self.limits = limits
        line = WaitingLine(limits: limits) { ScriptProcess(executable: executable, arguments: leadingArguments, limits: limits) }
    }

    deinit { line.stop() }

    /// Starts the first worker now, so that the first script need not wait for it.
    public func warmUp() { line.warmUp() }

    /// Ends the workers; scripts that run are finished, later ones are refused.
    public func stop() { line.stop() }

    public func run(_ run: ScriptRun, host: any ScriptHost) throws -> JSON {
        let number = try prepare(run.source)
        let input = ScriptFrame.encode(.run, ScriptFrame.number(number), run.inputBytes)
        return try Nesting.deeper(limits.nesting, run.source) { isNested in
            try converse(run.source, number, input, host, isNested: isNested)
        }
    }

    public func check(_ source: ScriptSource) throws {
        let number = try prepare(source)
        _ = try converse(source, number, ScriptFrame.encode(.check, ScriptFrame.number(number)), NoHost(), isNested: false)
    }

    /// What can be said of a text without a worker; its number.
    private func prepare(_ source: ScriptSource) throws -> UInt64 {
        guard source.text.utf8.count <= limits.sourceBytes else { throw Refusal.scriptTooLarge(source, limits.sourceBytes) }
        guard !source.text.utf8.contains(0) else {
            throw ScriptFailure(kind: "syntax", message: "A script cannot hold a NUL character.", place: ScriptPlace()).refusal(source)
        }
        return line.number(of: source.text)
    }

    private func converse(_ source: ScriptSource, _ number: UInt64, _ order: [UInt8], _ host: any ScriptHost, isNested: Bool) throws -> JSON
    {
        let worker = try line.take(source, isNested: isNested, executable)
        let talk = ScriptTalk(worker: worker, source: source, limits: limits, host: host)
        let outcome: Result<JSON, any Error>
        do throws(ScriptProcess.Break) {
            try begin(source, number, order, worker)
            outcome = try talk.toEnd()
        } catch {
            let wasFull = worker.end(limits)
            line.lost()
            throw refusal(error, source, wasFull: wasFull)
        }
        line.giveBack(worker)
        return try outcome.get()
    }

    private func begin(_ source: ScriptSource, _ number: UInt64, _ order: [UInt8], _ worker: ScriptProcess) throws(ScriptProcess.Break) {
        worker.beginRun()
        if worker.known.insert(number).inserted {
            try worker.send(ScriptFrame.encode(.source, ScriptFrame.number(number), Array(source.text.utf8)), limits)
        }
        try worker.send(order, limits)
    }

    private func refusal(_ reason: ScriptProcess.Break, _ source: ScriptSource, wasFull: Bool) -> Refusal {
        switch reason {
        case .late: .scriptTime(source, limits.wallSeconds)
        case .costly: .scriptCPU(source, limits.cpuSeconds)
        case .large: .scriptMemory(source, limits.memoryBytes)
        case .talkative: .scriptOutput(source, limits.outputBytes)
        case .tooManyCalls: .scriptCalls(source, limits.calls)
        case .tooManyLines: .scriptLog(source, limits.logLines)
        case .ended: wasFull ? .scriptMemory(source, limits.memoryBytes) : .scriptCrashed(source)
        }
    }
}

/// The host of a script that is only compiled.
private struct NoHost: ScriptHost {
    func answer(_ call: String, _ arguments: JSON) throws -> JSON { throw Refusal.badScriptCall("Nothing can be asked while compiling.") }
    func isChange(_ call: String) -> Bool { false }
    func note(_ line: ScriptLogLine) {}
}

/// How many scripts of this thread have set off each other.
enum Nesting {
    private static let key = "baton.scripts.nesting"

    /// Runs the body one level deeper; it is told whether a script stands above it.
    static func deeper<Result>(_ limit: Int, _ source: ScriptSource, _ body: (Bool) throws -> Result) throws -> Result {
        let thread = Thread.current.threadDictionary
        let depth = thread[key] as? Int ?? 0
        guard depth < limit else { throw Refusal.scriptNesting(source, depth) }
        thread[key] = depth + 1
        defer { thread[key] = depth == 0 ? nil : depth }
        return try body(depth > 0)
    }
}

extension ScriptRun {
    /// The input as JSON.
    fileprivate var inputBytes: [UInt8] {
        var object: JSONObject = [
            "now": .int(Int64(now.seconds) * 1_000), "seed": .int(Int64(Int32(truncatingIfNeeded: seed ^ seed >> 32))),
        ]
        if let model = input.model {
            object["model"] = .string(model)
            object["ids"] = .array(input.ids.map { JSON($0) })
        }
        if !input.columns.isEmpty { object["columns"] = .object(input.columns) }
        object["env"] = .object(input.environment)
        if !input.payload.isNull { object["payload"] = input.payload }
        return JSON.object(object).serialized()
    }
}
