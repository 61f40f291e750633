import Kernel

/// One unit of work of a run: who acts, and how far the work has come.
public final class CronTurn {
    /// The environment of the run.
    public let env: Environment
    let started: ContinuousClock.Instant
    /// What was done in this unit of work.
    public private(set) var done = 0
    /// What is left; nil when nobody said.
    public private(set) var remaining: Int?
    private(set) var isDeactivating = false

    init(_ env: Environment, started: ContinuousClock.Instant) {
        self.env = env
        self.started = started
    }

    /// Seconds that a run may take before it makes room for others.
    public static let roomSeconds = 10.0

    /// Says how far the work has come.
    ///
    /// - Returns: The seconds that are left before the run should make room for others.
    @discardableResult
    public func progress(done: Int, remaining: Int? = nil, deactivate: Bool = false) throws -> Double {
        guard done >= 0, remaining ?? 0 >= 0 else {
            throw Refusal("cron.progress", .invalid, "Progress is counted from 0.", instruction: "Give what was done and what is left.")
        }
        self.done += done
        self.remaining = remaining ?? self.remaining.map { max($0 - done, 0) }
        isDeactivating = isDeactivating || deactivate
        let passed = ContinuousClock().now - started
        return max(CronTurn.roomSeconds - Double(passed.components.seconds), 0)
    }

    /// Takes over what the same run said in another environment.
    func take(_ other: CronTurn) {
        done += other.done
        remaining = other.remaining ?? remaining
        isDeactivating = isDeactivating || other.isDeactivating
    }

    /// The run whose unit of work this is.
    static func current(_ env: Environment) -> CronTurn? { env.unit.thing(Holder.self) { Holder() }.turn }

    func hold() { env.unit.thing(Holder.self) { Holder() }.turn = self }

    private final class Holder { var turn: CronTurn? }

    static let notRunning = Refusal(
        "cron.not_running", .userError, "Progress is told by scheduled actions while they run.", instruction: "Call it from a schedule.")
}
