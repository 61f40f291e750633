import Base
import Kernel

/// Scheduled actions: what happens at times, once each, whichever process is there.
public enum SchedulesApp {
    /// The app.
    public static let app = App("schedules", "Scheduled actions", needs: ["base", "mail", "exceptions"]) { app in
        app.add(Cron.self)
        app.add(CronTrigger.self)
        app.add(CronProgress.self)
        // What runs by itself runs with the rights of its user: only administrators say what and when.
        app.allow("base.group_system", "rwcd", on: "ir.cron")
        app.allow("base.group_system", "r", on: "ir.cron.trigger", "ir.cron.progress")
    }
}
