import Base
import JSON
import Kernel

/// A draft that was held against what really happened, with what would have been different.
public struct SimulationRun: Model {
    public static let name = "governance.simulation"
    public static let title = "Simulation"
    public static let order = "id desc"
    public static let nameField = "state"
    public static let owner: OwnerLink? = .link("version_id")

    /// Whether it has run.
    public enum State: String, SelectionValue { case waiting, done }

    public let draft = Many2one<DefinitionVersion>("version_id", onDelete: .cascade, "Version", .required, .indexed)
    public let days = Integer("days", "Days", .aggregator(nil))
    public let user = Many2one<User>("user_id", "Asked by", .required)
    public let state = Selection<State>("state", initial: .waiting, "State", .required)
    public let report = Json("report", "What would have been different")
    public let finishedOn = Datetime("finished_on", "Finished on")

    public init() {}

    /// Asks for a simulation of a version; a job runs it.
    static func ask(_ version: Record<DefinitionVersion>, days: Int) throws -> Int {
        guard (1...Simulation.dayLimit).contains(days) else { throw Refusal.badDays() }
        let machine = Definitions.machine(version)
        _ = try SimulationPlan(machine, days: days, user: version.env.user.id)
        let waiting = Domain.where("user_id", .equal, .int(version.env.user.id)) & .where("state", .equal, "waiting")
        guard try machine.env.count(SimulationRun.self, waiting) < Simulation.waitingLimit else { throw Refusal.tooManySimulations() }
        let run = try machine.env.create(
            SimulationRun.self, ["version_id": .int(version.id), "days": .int(days), "user_id": .int(version.env.user.id)])
        try DefinitionTrail.note("simulated", machine, by: version.env, ["days": .int(days)])
        try version.env.unit.transaction.enqueue(
            JobRequest(Simulation.jobKind, queue: Releasing.queue, payload: ["simulation": .int(run.id)]))
        return run.id
    }
}
