import Kernel

/// Where a job stands; the raw value is stored.
public enum JobState: String, Sendable, CaseIterable {
    /// Its time has not come.
    case scheduled
    /// A worker may take it.
    case available
    /// A worker holds its lease.
    case running
    /// It failed and will be tried again.
    case retryable
    case completed
    /// A person or a program called it off.
    case cancelled
    /// It failed for the last time and waits for a person.
    case discarded
}

/// A job that a worker holds: what to do, and the lease that proves it.
public struct LeasedJob: Sendable {
    /// The job's number.
    public let id: Int
    /// Where it was queued.
    public let queue: String
    /// What sort of work it is.
    public let kind: String
    /// What it is about.
    public let payload: ValueMap
    /// The present attempt, counted from 1.
    public let attempt: Int
    /// How many attempts it has in all.
    public let maxAttempts: Int
    /// The proof that this worker holds it.
    public let lease: JobLease
}

/// The right to finish a job; a later lease of the same job makes it void.
public struct JobLease: Sendable, Hashable {
    /// The job's number.
    public let job: Int
    /// The worker's name.
    public let owner: String
    /// Rises with every lease of the job: a late worker's is too low.
    public let epoch: Int
    /// When another worker may take the job.
    public let until: Instant
}

extension Refusal {
    /// Another worker holds the job by now, or it is finished.
    public static func staleLease(_ job: Int) -> Refusal {
        Refusal(
            "job.stale_lease", .conflict, "The lease of job \(job) is no longer yours.",
            instruction: "Drop what you did for it; another worker does it, or it is done.", details: ["job": .int(job)])
    }
}
