import Automation
import Kernel

/// What schedules and automation have in common: server actions that run at times, and the rules that wait for one. An app of its own,
/// since neither schedules nor rules need the other.
public enum AutomationSchedulesApp {
    /// The app.
    public static let app = App("automation_schedules", "Scheduled server actions", needs: ["base_automation", "schedules"]) { app in
        app.extend(ScheduledServerAction.self)
        app.offer(ServerActionWork() as any ScheduledWork)
        app.offer(
            BuiltInSchedule("base_automation.ir_cron_data_base_automation_check", "Automation rules: check times", every: 1, .minutes) {
                turn in
                try AutomationTime.run(turn.env)
            })
    }
}

/// The server action that a schedule runs.
struct ScheduledServerAction: ModelExtension {
    typealias Base = Cron

    let action = Many2one<ServerAction>("ir_actions_server_id", onDelete: .restrict, "Server action", .indexed, .tracked)
}

/// Runs a schedule's server action as it was released, with the rights of the schedule's user, on no records.
struct ServerActionWork: ScheduledWork {
    func run(_ schedule: Schedule, _ turn: CronTurn) throws -> Bool {
        guard let action = schedule["ir_actions_server_id"].idList?.first, action > 0 else { return false }
        let plan = try ActionPlan.inForce(action, in: turn.env)
        try ActionRun(plan, on: try turn.env.because(plan.cause).records(plan.modelName, [])).run()
        return true
    }
}
