import Clocks
import Kernel

/// A schedule that an app brings along in Swift: `app.offer(BuiltInSchedule(…))`. The database gets a row for it, whose times people may change.
public struct BuiltInSchedule: Sendable {
    /// The external id of its row: `base_automation.ir_cron_data_base_automation_check`.
    public let key: String
    let title: String
    let number: Int
    let unit: IntervalSchedule.Unit
    let expression: String
    let priority: Int
    let body: @Sendable (CronTurn) throws -> Void

    /// A schedule by an interval.
    ///
    /// - Parameter body: Runs as the machine in a unit of work of its own; long work says how far it came with `CronTurn.progress`.
    public init(
        _ key: String, _ title: String, every number: Int, _ unit: IntervalSchedule.Unit, priority: Int = 5,
        _ body: @escaping @Sendable (CronTurn) throws -> Void
    ) {
        self.key = key
        self.title = title
        self.number = number
        self.unit = unit
        expression = ""
        self.priority = priority
        self.body = body
    }

    /// A schedule by a cron expression, in UTC unless the row says otherwise.
    public init(
        _ key: String, _ title: String, cron expression: String, priority: Int = 5, _ body: @escaping @Sendable (CronTurn) throws -> Void
    ) {
        self.key = key
        self.title = title
        (number, unit) = (1, .days)
        self.expression = expression
        self.priority = priority
        self.body = body
    }
}

/// What does the work of a schedule; an app offers one for the schedules that it knows how to run.
public protocol ScheduledWork: Sendable {
    /// Runs a schedule as its user, if it is one of its own.
    ///
    /// - Returns: Whether it was.
    func run(_ schedule: Schedule, _ turn: CronTurn) throws -> Bool
}
