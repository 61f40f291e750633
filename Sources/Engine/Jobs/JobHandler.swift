import Kernel
import Store

/// What is done for jobs of one kind.
public struct JobHandler: Sendable {
    /// How an attempt ended well: what to write in the unit of work that also completes the job.
    public typealias Ending = @Sendable (Environment) throws -> Void

    /// The kind of its jobs: `mail.send`.
    public let kind: String
    let attempt: @Sendable (LeasedJob) async throws -> Ending

    /// A handler that reaches outside: it may run again after a crash, so that what it does outside must bear repeating.
    ///
    /// - Parameter attempt: Works without a transaction and gives what to write together with the job's completion.
    public init(_ kind: String, outside attempt: @escaping @Sendable (LeasedJob) async throws -> Ending) {
        self.kind = kind
        self.attempt = attempt
    }

    /// A handler that changes records only: its changes and the job's completion are one transaction, so that they happen once.
    public init(_ kind: String, records body: @escaping @Sendable (LeasedJob, Environment) throws -> Void) {
        self.init(kind, outside: { job in { env in try body(job, env) } })
    }
}

/// What an attempt may throw to say when the next one makes sense, or that none does.
public enum JobFailure: Error, Sendable {
    /// Try again after so many seconds instead of the usual back-off.
    case retry(inSeconds: Int, reason: String)
    /// Give up now; no further attempt can do better.
    case hopeless(reason: String)

    /// Why, in a sentence without patient data.
    public var reason: String {
        switch self {
        case .retry(_, let reason), .hopeless(let reason): reason
        }
    }
}

/// What the runner tells whoever keeps a log; no patient data.
public enum JobEvent: Sendable {
    case completed(LeasedJob)
    /// The attempt failed and the job stands in this state now.
    case failed(LeasedJob, JobState, reason: String)
    /// Another worker holds the job by now; what this one did for it counts no more.
    case leaseLost(LeasedJob)
    /// Jobs of workers that fell silent went back to their queues.
    case reaped(Int)
    /// The queue could not be asked; it is asked again later.
    case unavailable(reason: String)
}
