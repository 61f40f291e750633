import Automation
import Governance
import Kernel

/// What schedules and automation have in common: server actions that run at times, and the rules that wait for one. An app of its own,
/// since neither schedules nor rules need the other.
public enum AutomationSchedulesApp {
    /// The app.
    public static let app = App("automation_schedules", "Scheduled server actions", needs: ["base_automation", "schedules"]) { app in
        app.extend(ScheduledServerAction.self)
        app.offer(ServerActionWork() as any ScheduledWork)
        app.demo("governed automation") { try DemoAutomation.fill($0) }
        app.seed("actions of schedules") { try ScheduledServerAction.complete($0) }
        app.offer(
            BuiltInSchedule("base_automation.ir_cron_data_base_automation_check", "Automation rules: check times", every: 1, .minutes) {
                turn in
                try AutomationTime.run(turn.env)
            })
        app.offer(
            BuiltInSchedule("governance.ir_cron_verify_roles", "Governance: verify the roles in force", every: 10, .minutes) { turn in
                try RoleAlarm.verify(turn.env)
            })
    }
}

/// The server action that a schedule runs.
struct ScheduledServerAction: ModelExtension {
    typealias Base = Cron

    /// Carried, as Odoo has it: its name, model, type, code and the like are read, written and searched as the schedule's own.
    let action = Many2one<ServerAction>(
        "ir_actions_server_id", onDelete: .restrict, "Server action", .required, .delegate, .indexed, .tracked)
}

extension ScheduledServerAction {
    /// Gives schedules that an older program made without an action one that does nothing.
    static func complete(_ env: Environment) throws {
        let bare = Domain.where("ir_actions_server_id", .equal, .null)
        for cron in try env.with(context: ["active_test": false]).search(Cron.self, bare) {
            let action = try env.create(
                ServerAction.self,
                ["name": .text(cron.displayedName), "model_name": .text(Cron.name), "state": "multi", "usage": "ir_cron"])
            try env.record(Cron.self, cron.id).write(["ir_actions_server_id": .int(action.id)])
        }
    }
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
