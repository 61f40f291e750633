import JSON
import Kernel

/// Runs scripts of rules and actions.
///
/// A run is synchronous: it belongs into a unit of work, on that unit's thread. What the script asks of records is answered on the same
/// thread by the ``ScriptHost``, so that everything it does is part of the unit and is undone with it. Most callers want
/// ``run(_:on:payload:seed:log:)``, which brings a host over an `Environment`; for n8n's nodes and for tests there is ``run(_:host:)``.
public protocol ScriptEngine: Sendable {
    /// Runs a script to its end.
    ///
    /// - Returns: What the script returned, else what it left in the variable `action`, else null.
    /// - Throws: `script.user_error` with the sentence of a `UserError`; what the host refused; `script.failed` with line and column;
    ///   `script.syntax`; a limit that was passed (`script.time`, `.cpu`, `.memory`, `.output`, `.calls`, `.nesting`, `.busy`).
    func run(_ run: ScriptRun, host: any ScriptHost) throws -> JSON

    /// Compiles a script without running it.
    /// - Throws: `script.syntax` with line and column, `script.too_large`.
    func check(_ source: ScriptSource) throws
}

/// The text of a script, and what people call it.
public struct ScriptSource: Sendable, Hashable {
    /// What errors call it: `Server action "Escalate" (12)`.
    public let name: String
    /// JavaScript: the body of a function.
    public let text: String

    /// A script by its name and text.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// One run of a script.
public struct ScriptRun: Sendable {
    /// The script.
    public let source: ScriptSource
    /// What it is given; see ``ScriptInput``.
    public let input: ScriptInput
    /// What `Date.now()` says throughout the run.
    public let now: Instant
    /// What `Math.random()` follows from: the same seed gives the same numbers.
    public let seed: UInt64

    /// A run of a script.
    public init(_ source: ScriptSource, input: ScriptInput = ScriptInput(), now: Instant, seed: UInt64 = 0) {
        self.source = source
        self.input = input
        self.now = now
        self.seed = seed
    }
}

/// What a script is given before it begins.
public struct ScriptInput: Sendable {
    /// The model of `records`; nil for a script without records.
    public var model: String?
    /// The ids of `records`.
    public var ids: [Int] = []
    /// Values that need no asking, by field: what the answer to `read` would be; see ``UnitHost``.
    public var columns = JSONObject()
    /// `env.uid`, `env.user`, `env.context`, `env.today`, `env.company`.
    public var environment = JSONObject()
    /// `payload`: what came in with a webhook; null otherwise.
    public var payload: JSON = .null

    /// Nothing yet.
    public init() {}
}

/// What stands behind a script: answers its questions on the thread that runs it.
public protocol ScriptHost {
    /// Answers a call, or refuses it; the refusal becomes an exception in the script.
    ///
    /// - Parameters:
    ///   - call: The call's name: `read`, `write`, `search`, …
    ///   - arguments: What the script's side of the protocol sent; nothing in it may be believed.
    func answer(_ call: String, _ arguments: JSON) throws -> JSON

    /// Whether a refused call of that name may have left half a change, so that the run must fail even when the script catches it.
    func isChange(_ call: String) -> Bool

    /// Takes a line that the script logged.
    func note(_ line: ScriptLogLine)
}

/// A line that a script wrote with `log(message, level)`.
public struct ScriptLogLine: Sendable, Hashable {
    /// How grave it is; the raw value is what scripts write.
    public enum Level: String, Sendable, CaseIterable {
        case debug, info, warning, error, critical
    }

    /// How grave it is.
    public let level: Level
    /// At most 10,000 characters.
    public let message: String

    /// A line of a log.
    public init(_ message: String, _ level: Level = .info) {
        self.message = message
        self.level = level
    }
}
