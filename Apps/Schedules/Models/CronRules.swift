import Base
import Kernel

/// What completes and guards schedules.
enum CronRules {
    /// Fields that only runs write.
    private static let own: Set<String> = [
        "lastcall", "failure_count", "first_failure_date", "builtin_key", "turn", "running_job", "running_until",
        "stopped_reason",
    ]

    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        if !env.isSuperuser { for name in own { values[name] = nil } }
        if values["cron_name"]?.isFalsy ?? true, let name = values["name"] { values["cron_name"] = name }
        values["name"] = nil
    }

    static func check(_ crons: Recordset<Cron>, _ values: inout ValueMap) throws {
        if crons.env.isSuperuser { return }
        if let name = values.names.first(where: own.contains) {
            throw Refusal(
                "cron.own_field", .validation, "'\(name)' of a scheduled action is written by its runs only.",
                instruction: "Change its times, or run it.")
        }
        try refuseRunning(crons)
    }

    static func refuseRunning(_ crons: Recordset<Cron>) throws {
        guard let cron = crons.first(where: { Dispatch.isRunning($0) }) else { return }
        throw Refusal(
            "cron.running", .userError, "Record cannot be modified right now: '\(cron.displayedName)' is running.",
            instruction: "Try again when the run is over.")
    }
}
