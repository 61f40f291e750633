import Kernel

/// How many units of work ended how in this process.
public final class StoreCounts: Sendable {
    /// The numbers, each rising only.
    public struct Numbers: Sendable {
        /// Units that wrote and whose commit is on disk.
        public var committed = 0
        /// Units that were to write and were undone.
        public var undone = 0
        /// Units that read.
        public var read = 0
        /// When a unit was refused last because there was no room.
        public var fullAt: ContinuousClock.Instant?
    }

    private let numbers = Locked(Numbers())

    init() {}

    /// The numbers now.
    public var now: Numbers { numbers.withLock { $0 } }

    func add(_ change: (inout Numbers) -> Void) { numbers.withLock { change(&$0) } }
}

/// What a driver carries at a moment.
public struct StoreLoad: Sendable, Equatable {
    /// Connections of one pool.
    public struct Pool: Sendable, Equatable {
        /// `readers` or `writers`.
        public let name: String
        /// Connections at work.
        public let busy: Int
        /// Connections that wait for work.
        public let free: Int
        /// The most that there may be.
        public let limit: Int

        /// A pool by its numbers.
        public init(name: String, busy: Int, free: Int, limit: Int) {
            self.name = name
            self.busy = busy
            self.free = free
            self.limit = limit
        }
    }

    /// Its pools.
    public var pools: [Pool] = []
    /// Units of work that wait for a writer.
    public var waitingWrites = 0
    /// Commits so far; several units may have shared one.
    public var commits = 0

    /// A load of nothing.
    public init() {}
}
