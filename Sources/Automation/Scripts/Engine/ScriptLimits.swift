/// What a script may cost.
public struct ScriptLimits: Sendable, Hashable {
    /// Seconds of CPU time of one run, the host's work not counted.
    public var cpuSeconds = 1.0
    /// Seconds that one run may take, the host's work not counted; more than the CPU time because the machine may be busy.
    public var wallSeconds = 5.0
    /// Bytes of memory that a worker may take beyond what it started with.
    public var memoryBytes = 128 << 20
    /// Bytes of one message of a script: a result, a call, a line of the log.
    public var outputBytes = 4 << 20
    /// Bytes of one answer to a script.
    public var answerBytes = 16 << 20
    /// Bytes of a script's text.
    public var sourceBytes = 256 << 10
    /// Calls of one run to its host.
    public var calls = 20_000
    /// Lines that one run may log.
    public var logLines = 1_000
    /// Workers that run at once; those of scripts that other scripts set off come on top.
    public var workers = 4
    /// How many scripts may have set off each other: a rule's script whose change sets off another rule's.
    public var nesting = 8
    /// Seconds to wait for a free worker.
    public var waitSeconds = 10.0
    /// Runs after which a worker is replaced by a fresh one.
    public var runsPerWorker = 10_000
    /// Scripts that one worker keeps compiled.
    public var sourcesPerWorker = 500

    /// Limits for rules and actions on a clinic's server.
    public static let standard = ScriptLimits()

    /// The standard limits, to be changed one by one.
    public init() {}
}
