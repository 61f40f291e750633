import Kernel

/// How often rules ran and failed in this process, rehearsals and units that were undone included.
public final class RuleCounts: Sendable {
    /// The numbers, each rising only.
    public struct Numbers: Sendable {
        /// Runs that met their conditions.
        public var run = 0
        /// Those of them that ended with a refusal.
        public var failed = 0
    }

    private let numbers = Locked(Numbers())

    private init() {}

    /// The numbers now.
    public var now: Numbers { numbers.withLock { $0 } }

    /// The counts of a database.
    public static func of(_ memory: DatabaseMemory) -> RuleCounts { memory.thing(RuleCounts.self) { RuleCounts() } }

    static func of(_ env: Environment) -> RuleCounts { of(env.unit.memory) }

    func add(_ change: (inout Numbers) -> Void) { numbers.withLock { change(&$0) } }
}
