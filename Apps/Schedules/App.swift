import Base
import Exceptions
import Governance
import Kernel

/// Scheduled actions: what happens at times, once each, whichever process is there.
public enum SchedulesApp {
    /// The app.
    public static let app = App("schedules", "Scheduled actions", needs: ["base", "mail", "exceptions", "governance"]) { app in
        app.add(Cron.self)
        app.add(CronTrigger.self)
        app.add(CronProgress.self)
        app.govern(Schedule.governed)
        app.offer(ScheduleRetry.again)
        // What runs by itself runs with the rights of its user: only administrators say what and when.
        app.offer(CronViews.crons)
        app.allow("base.group_system", "rwcd", on: "ir.cron")
        app.allow("base.group_system", "r", on: "ir.cron.trigger", "ir.cron.progress")
        app.seed("governed schedules") { try GovernedRows.adopt(Schedule.governed, in: $0) }
    }
}

/// Running schedules again that failed.
enum ScheduleRetry {
    /// A schedule is run again at once, beside its usual times; one that was switched off goes on with these, too.
    static let again = ExceptionRetry(source: "schedules") { item in
        let env = item.env.asSuperuser("whoever works on an exception runs again what failed")
        let all = try env.with(context: ["active_test": false])
        guard item.recordModel == Cron.name,
            let found = try all.search(Cron.self, .where("id", .equal, .int(item.record)), limit: 1).first,
            let schedule = try Schedule.inForce(found.id, env), schedule.isActive
        else { throw Refusal.noRetry("The scheduled action is gone, or not in force any more.") }
        let cron = env.record(Cron.self, found.id)
        if !cron.stopped.isEmpty {
            try cron.write(["stopped_reason": .null, "failure_count": 0, "first_failure_date": .null])
            try Dispatch.enqueue(cron)
        }
        try Dispatch.trigger(cron, at: [env.now])
        return "'\(schedule.name)' is run again now."
    }
}
