import Base
import Governance
import Kernel

/// A schedule as it was released: what runs, and not what was written last.
///
/// Its times and its books (`nextcall`, `lastcall`, failures, what holds it) are no part of it; they stand in its record.
public struct Schedule: Sendable {
    /// The id of its record.
    public let id: Int
    /// What people call it.
    public let name: String
    /// What the audit trail says for everything that it does.
    public let cause: String
    /// The user with whose rights it runs.
    public let user: Int
    /// The schedule that an app registered in Swift; empty for server actions.
    public let builtIn: String
    let isActive: Bool
    let priority: Int
    let timing: Timing
    private let values: ValueMap

    /// What its times follow from.
    struct Timing: Sendable {
        let number: Int
        let unit: String
        let expression: String
        let zone: String
        let user: Int
    }

    /// What the model keeps under governance.
    static let governed = GovernedModel(
        "schedule", model: Cron.name, title: Cron.title,
        fields: [
            "cron_name", "user_id", "active", "interval_number", "interval_type", "cron_expression", "tz", "priority", "builtin_key",
            "ir_actions_server_id",
        ],
        check: { row, env in
            let schedule = Schedule(row)
            do { _ = try Timetable(schedule.timing, env) } catch let refusal as Refusal {
                return [DefinitionProblem("values", refusal.message, remedy: refusal.instruction)]
            }
            guard try env.registry.directory.user(schedule.user, in: env) == nil, schedule.user != UserContext.system.id else { return [] }
            return [DefinitionProblem("values.user_id", "There is no active user \(schedule.user).", remedy: "Name another user.")]
        },
        follow: { id, row, env in
            // A record that is being deleted has no turns any more.
            guard try !env.existing([id], in: env.registry.schema(Cron.self)).isEmpty else { return }
            try Dispatch.enqueue(env.record(Cron.self, id), as: row.map { Schedule($0) })
        })

    init(_ row: GovernedRow) {
        func text(_ name: String) -> String { row[name].textValue ?? "" }
        id = row.id
        cause = row.cause
        values = row.values
        name = text("cron_name")
        user = row["user_id"].idList?.first ?? 0
        builtIn = text("builtin_key")
        isActive = !row["active"].isFalsy
        priority = row["priority"].intValue ?? 5
        timing = Timing(
            number: row["interval_number"].intValue ?? 1, unit: text("interval_type"), expression: text("cron_expression"),
            zone: text("tz"),
            user: user)
    }

    /// A value as it was released, for apps that gave schedules fields of their own.
    public subscript(_ name: String) -> Value { values[name] ?? .null }

    /// What was released of a schedule; nil when nothing was.
    static func inForce(_ id: Int, _ env: Environment) throws -> Schedule? {
        try GovernedRows.inForce(governed.name, record: id, in: env.asSuperuser("what was released is the same for everybody")).map {
            Schedule($0)
        }
    }

    /// What was released of a schedule.
    ///
    /// - Throws: `cron.not_released`.
    static func require(_ cron: Record<Cron>) throws -> Schedule {
        if let schedule = try inForce(cron.id, cron.env) { return schedule }
        throw Refusal(
            "cron.not_released", .conflict, "'\(cron.displayedName)' was not released yet and does not run.",
            instruction: "Have its version submitted and released by a second person.")
    }
}
