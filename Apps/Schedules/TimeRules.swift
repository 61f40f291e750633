import Automation
import Kernel

/// Automation rules that wait for a time, checked by a schedule; an app of its own, since neither schedules nor rules need the other.
public enum TimeRulesApp {
    /// The app.
    public static let app = App("automation_times", "Automation rules by the clock", needs: ["base_automation", "schedules"]) { app in
        app.offer(
            BuiltInSchedule("base_automation.ir_cron_data_base_automation_check", "Automation rules: check times", every: 1, .minutes) {
                turn in
                try AutomationTime.run(turn.env)
            })
    }
}
