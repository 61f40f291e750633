import Kernel

/// How a runner works through its queues.
public struct JobOptions: Sendable {
    /// One queue that is worked on.
    public struct Queue: Sendable {
        /// The queue's name.
        public let name: String
        /// The most jobs of it that run at a time in this process.
        public let concurrency: Int

        /// A queue with its bound.
        public init(_ name: String, concurrency: Int = 4) {
            precondition(concurrency > 0, "A queue runs one job at a time at least.")
            self.name = name
            self.concurrency = concurrency
        }
    }

    /// What is worked on, in this order.
    public var queues: [Queue]
    /// Seconds that a worker holds a job before others may take it; extended at half time while the job runs.
    public var leaseSeconds = 60
    /// Seconds after which the queues are asked although nobody said that a job came.
    public var pollSeconds = 5.0
    /// Seconds to wait when the queues could not be asked.
    public var unavailableSeconds = 2.0
    /// Days that finished jobs are kept.
    public var keptDays = 30
    /// Begins a span for each attempt; nil keeps none.
    public var tracer: Tracer?
    /// Who holds the leases: this process, by the name under which others know whether it lives.
    public var owner = "worker"

    /// The defaults for these queues.
    public init(queues: [Queue]) { self.queues = queues }
}
