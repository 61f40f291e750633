import Base
import Clocks
import Kernel

/// Something that runs at times: by an interval as Odoo counts it, or by a cron expression in a zone.
public struct Cron: Model {
    public static let name = "ir.cron"
    public static let title = "Scheduled action"
    public static let order = "cron_name, id"
    public static let nameField = "cron_name"
    public static let hasChatter = true
    public static let indexes = [["active", "nextcall"]]

    /// What the interval counts.
    public enum Unit: String, SelectionValue { case minutes, hours, days, weeks, months }

    public let displayedName = Char("cron_name", "Name", .required, .tracked)
    public let user = Many2one<User>("user_id", onDelete: .restrict, "Scheduler user", .required, .tracked, .initially { .int($0.user.id) })
    public let active = Flag("active", .initial(true), .tracked)
    public let number = Integer("interval_number", "Repeat every", .required, .initial(1), .tracked, .aggregator(nil))
    public let unit = Selection<Unit>("interval_type", initial: .months, "Interval unit", .required, .tracked)
    public let expression = Char("cron_expression", "Cron expression", .tracked, .help("Takes the place of the interval."))
    public let zone = Char("tz", "Time zone", .help("Empty means: the user's."))
    public let next = Datetime("nextcall", "Next execution date", .required, .indexed, .notCopied, .initially { .instant($0.now) })
    public let last = Datetime("lastcall", "Last execution date", .readonly, .notCopied)
    public let priority = Integer("priority", "Priority", .initial(5), .aggregator(nil))
    public let failures = Integer("failure_count", "Failures in a row", .readonly, .notCopied, .initial(0))
    public let firstFailure = Datetime("first_failure_date", "First failure", .readonly, .notCopied)
    /// Why its runs stopped by themselves; empty means that they did not. No part of what is released, since nobody decided it.
    public let stopped = Char("stopped_reason", "Why it was switched off", .readonly, .notCopied)
    /// The schedule that an app registers in Swift; empty for server actions.
    public let builtIn = Char("builtin_key", "Part of the program", .readonly, .notCopied, .indexed)
    /// Counts the times that it was put into the queue: a job of an earlier turn does nothing.
    public let turn = Integer("turn", .readonly, .notCopied, .initial(0), .aggregator(nil))
    /// The job that is at work on it, and until when it may be.
    public let runningJob = Integer("running_job", .readonly, .notCopied, .initial(0), .aggregator(nil))
    public let runningUntil = Datetime("running_until", .readonly, .notCopied)
    public let triggers = One2many<CronTrigger>("trigger_ids", inverse: \.cron, "Triggers")
    public let progress = One2many<CronProgress>("progress_ids", inverse: \.cron, "Progress")

    public static let methods = CronMethods.all

    public static let constraints = [
        Constraint<Cron>("interval_number", "interval_type", "cron_expression", "tz", "user_id") { cron in
            _ = try Timetable(cron)
        },
        Constraint<Cron>("priority") { cron in
            guard !(0...99).contains(cron.priority) else { return }
            throw Refusal(
                "cron.priority", .validation, "The priority must be from 0 to 99.", instruction: "Smaller goes first; 5 is usual.")
        },
    ]
    public static let lifecycle = Lifecycle<Cron>(
        beforeCreate: { values, env in try CronRules.complete(&values, env) },
        beforeWrite: { crons, values in try CronRules.check(crons, &values) },
        afterWrite: { crons, names in
            if names.contains("active") { try Dispatch.resume(crons) }
            // What else a turn depends on is released, and the turn follows the release.
            guard names.contains("nextcall"), !names.contains("turn") else { return }
            for cron in crons { try Dispatch.enqueue(cron) }
        },
        beforeDelete: { try CronRules.refuseRunning($0) })

    public init() {}
}

/// A moment at which a schedule runs beside its usual times.
public struct CronTrigger: Model {
    public static let name = "ir.cron.trigger"
    public static let title = "Trigger of a scheduled action"
    public static let order = "call_at, id"
    public static let nameField = "call_at"

    /// The most triggers of one schedule that wait.
    static let limit = 10_000

    public let cron = Many2one<Cron>("cron_id", onDelete: .cascade, "Scheduled action", .required, .indexed)
    public let at = Datetime("call_at", "Call at", .required, .indexed)

    public init() {}
}

/// How far a run of a schedule has come.
public struct CronProgress: Model {
    public static let name = "ir.cron.progress"
    public static let title = "Progress of a scheduled action"
    public static let order = "id desc"
    public static let nameField = "cron_id"

    /// How many of a schedule are kept.
    static let limit = 100

    public let cron = Many2one<Cron>("cron_id", onDelete: .cascade, "Scheduled action", .required, .indexed)
    public let done = Integer("done", "Done", .initial(0))
    public let remaining = Integer("remaining", "Remaining", .initial(0))
    public let isDeactivating = Flag("deactivate", "Deactivates the schedule", .initial(false))
    public let timeouts = Integer("timed_out_counter", "Times that it did not end", .initial(0), .aggregator(nil))
    public let error = Char("error", "Failure")

    public init() {}
}
