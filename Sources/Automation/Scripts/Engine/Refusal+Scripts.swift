import Kernel

extension Refusal {
    private static func limit(_ code: String, _ source: ScriptSource, _ what: String, _ instruction: String) -> Refusal {
        Refusal(
            code, .limit, "The script '\(source.name)' \(what) and was stopped.", instruction: instruction,
            details: ["script": .text(source.name)])
    }

    static func scriptTime(_ source: ScriptSource, _ seconds: Double) -> Refusal {
        limit(
            "script.time", source, "ran longer than \(seconds) seconds",
            "Look for a loop without an end, or let it do less at a time.")
    }

    static func scriptCPU(_ source: ScriptSource, _ seconds: Double) -> Refusal {
        limit(
            "script.cpu", source, "used more than \(seconds) seconds of CPU time",
            "Look for a loop without an end, or let it do less at a time.")
    }

    static func scriptMemory(_ source: ScriptSource, _ bytes: Int) -> Refusal {
        limit("script.memory", source, "used more than \(bytes >> 20) MiB of memory", "Let it keep less at a time.")
    }

    static func scriptOutput(_ source: ScriptSource, _ bytes: Int) -> Refusal {
        limit("script.output", source, "sent more than \(bytes) bytes at once", "Write, log and return less at a time.")
    }

    static func scriptCalls(_ source: ScriptSource, _ count: Int) -> Refusal {
        limit("script.calls", source, "asked its host more than \(count) times", "Write many records with one `records.write`.")
    }

    static func scriptLog(_ source: ScriptSource, _ count: Int) -> Refusal {
        limit("script.log", source, "logged more than \(count) lines", "Log less.")
    }

    static func scriptNesting(_ source: ScriptSource, _ depth: Int) -> Refusal {
        limit(
            "script.nesting", source, "was set off by \(depth) other scripts, each by the one before,",
            "Look for rules that set off each other.")
    }

    static func scriptBusy(_ source: ScriptSource, _ seconds: Double) -> Refusal {
        Refusal(
            "script.busy", .unavailable, "No worker was free for the script '\(source.name)' within \(seconds) seconds.",
            instruction: "Try again; if it happens often, raise the number of script workers.", details: ["script": .text(source.name)])
    }

    static func scriptTooLarge(_ source: ScriptSource, _ bytes: Int) -> Refusal {
        Refusal(
            "script.too_large", .limit, "The script '\(source.name)' is longer than \(bytes) bytes.", instruction: "Shorten it.",
            details: ["script": .text(source.name)])
    }

    static func scriptCrashed(_ source: ScriptSource) -> Refusal {
        Refusal(
            "script.crashed", .internalFault, "The worker of the script '\(source.name)' ended unexpectedly.",
            instruction: "Try again; if it happens again, the script may need more memory than it may have: change it, or report it.",
            details: ["script": .text(source.name)])
    }

    static func scriptsMissing(_ executable: String) -> Refusal {
        Refusal(
            "script.no_engine", .unavailable, "Scripts cannot run: the worker did not start.",
            instruction: "Check that \(executable) may be executed and that the limits of the machine allow another process.")
    }

    static func scriptsStopped() -> Refusal {
        Refusal("script.stopped", .unavailable, "The server is stopping and runs no more scripts.", instruction: "Try again later.")
    }

    /// What a script may send as an answer, a call or an argument that it is not.
    static func badScriptCall(_ what: String) -> Refusal {
        Refusal("script.bad_call", .invalid, what, instruction: "Compare the call with the reference of scripts.")
    }

    static func scriptAnswerTooLarge(_ bytes: Int) -> Refusal {
        Refusal(
            "script.answer_limit", .limit, "The answer to a script's call would be longer than \(bytes) bytes.",
            instruction: "Ask for fewer records or fields at a time.")
    }

    /// The same refusal, with the place in the script that it came from.
    func at(_ place: ScriptPlace, in source: ScriptSource) -> Refusal {
        var details = details.merging(["script": .text(source.name)])
        if let line = place.line { details["line"] = .int(line) }
        if let column = place.column { details["column"] = .int(column) }
        return Refusal(code, kind, message, instruction: instruction, details: details)
    }
}

/// Where in a script something happened.
struct ScriptPlace: Hashable {
    /// From 1; nil when it is not known.
    var line: Int?
    /// From 1; nil when it is not known.
    var column: Int?

    /// ` at line 3, column 5`.
    var words: String {
        guard let line else { return "" }
        return " at line \(line)" + (column.map { ", column \($0)" } ?? "")
    }
}
