import Base
import Engine
import Kernel
import Messaging
import Store

/// What becomes of exceptions that nobody finished in time.
public enum Escalation {
    /// The queue that a runner has to work on.
    public static let queue = "exceptions"
    /// The kind of its jobs.
    static let jobKind = "exceptions.escalate"
    /// The setting with the user to whom exceptions are escalated; the administrator without one.
    public static let setting = "exceptions.escalate_to"

    /// Escalates exceptions past their deadline.
    public static let handlers = [JobHandler(jobKind, records: escalate)]

    /// What the manager's activity is about.
    static let activity = "exception.overdue"

    /// Plans the look at an exception at its deadline.
    static func plan(_ item: Record<ExceptionCase>) throws {
        guard let deadline = item.deadline, item.env.unit.transaction.isReadOnly == false else { return }
        try item.env.unit.transaction.enqueue(
            JobRequest(
                jobKind, queue: queue, payload: ["exception": .int(item.id), "deadline": .instant(deadline)],
                uniqueKey: "\(jobKind):\(item.id):\(deadline.seconds)", runAt: deadline))
    }

    /// Escalates the exception of a job, unless it is finished, has another deadline by now, or was escalated before.
    @Sendable public static func escalate(_ job: LeasedJob, _ env: Environment) throws {
        let env = env.asSuperuser("deadlines are watched by the machine")
        guard let id = job.payload["exception"]?.intValue,
            let item = try env.search(ExceptionCase.self, .where("id", .equal, .int(id)), limit: 1).first,
            item.state == .open || item.state == .inProgress, item.escalatedOn == nil, let deadline = item.deadline, deadline <= env.now
        else { return }
        let manager = try ExceptionSettings.user(setting, in: env)
        try item.write(["escalated_to": .int(manager), "escalated_on": .instant(env.now)])
        try ActivityActions.plan(
            "mail.mail_activity_data_todo", on: item.records, summary: "Nobody finished this in time", user: manager, deadline: env.today,
            cause: activity)
    }
}
