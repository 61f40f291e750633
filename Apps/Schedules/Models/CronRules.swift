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
        try completeAction(&values, env)
    }

    /// What the server action is given that a schedule carries, where there are server actions.
    private static func completeAction(_ values: inout ValueMap, _ env: Environment) throws {
        guard env.registry.schema(Cron.self).field("usage") != nil else {
            values["name"] = nil
            return
        }
        // An action that was there before keeps what it has.
        guard values["ir_actions_server_id"]?.isFalsy ?? true else { return }
        if values["name"]?.isFalsy ?? true { values["name"] = values["cron_name"] }
        values["usage"] = "ir_cron"
        if values["state"]?.isFalsy ?? true { values["state"] = values["builtin_key"]?.isFalsy ?? true ? "code" : "multi" }
        if values["model_id"]?.isFalsy ?? true, values["model_name"]?.isFalsy ?? true { values["model_name"] = .text(Cron.name) }
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
