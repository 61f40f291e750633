import Base
import Engine
import Exceptions
import Kernel
import ServiceLevels
import Store

/// Rules that a clock sets off: each has a window of its own, kept in the database, so that nothing is missed or done twice over a restart.
public enum AutomationTime {
    /// The kind of the jobs that check one rule.
    public static let jobKind = "automation.time"
    /// The queue of these jobs.
    public static let queue = "automation"
    /// The most records that one check of a rule takes; the rest waits for the next one.
    static let batchLimit = 5_000
    /// Minutes between two checks at most, and at least.
    static let longestMinutes = 240, shortestMinutes = 1

    /// Puts one job per time rule into the queue: what a schedule does every few minutes.
    ///
    /// A second job of a rule finds a window that begins where the first one ended.
    public static func run(_ env: Environment) throws {
        let superuser = env.asSuperuser("rules of clocks run for the machine")
        for rule in try timeRules(superuser) { try enqueue(rule.id, again: 0, env) }
    }

    /// Puts a job for one rule into the queue.
    static func enqueue(_ rule: Int, again: Int, _ env: Environment) throws {
        let key = "automation.time:\(rule):\(env.now.seconds)" + (again > 0 ? ":\(again)" : "")
        try env.unit.transaction.enqueue(JobRequest(jobKind, queue: queue, payload: ["rule": .int(rule)], uniqueKey: key))
    }

    /// Minutes between two checks: a tenth of the smallest delay, at least one and at most four hours.
    public static func interval(_ env: Environment) throws -> Int {
        let delays = try timeRules(env.asSuperuser("delays are no secret")).map(\.time.minutes)
        let smallest = delays.filter { $0 > 0 }.min() ?? longestMinutes * 10
        return max(shortestMinutes, min(longestMinutes, smallest / 10))
    }

    private static func timeRules(_ env: Environment) throws -> [CompiledRule] {
        try RuleBook.rules(env.unit).byId.values.filter(\.trigger.followsTime).sorted { $0.id < $1.id }
    }

    /// The handler of the jobs.
    public static func handler(_ database: Database) -> JobHandler {
        JobHandler(
            jobKind,
            outside: { job in
                if let rule = job.payload["rule"]?.intValue { await check(rule, on: database) }
                return { _ in }
            })
    }

    /// Checks one rule in a unit of work of its own; a failure is undone, its window stays, and a person hears of it.
    public static func check(_ id: Int, on database: Database) async {
        do {
            try await database.write(as: .system, superuser: true) { env in try check(id, in: env) }
        } catch {
            let reason = (error as? Refusal)?.description ?? "An unexpected failure: \(type(of: error))."
            try? await database.write(as: .system, superuser: true) { env in
                if let rule = try env.search(AutomationRule.self, .where("id", .equal, .int(id))).first {
                    try RuleFailure.raise(rule, reason)
                }
            }
        }
    }

    /// Runs one rule on the records that came due since its last check, in this unit of work.
    static func check(_ id: Int, in env: Environment) throws {
        guard let compiled = try RuleBook.rules(env.unit).byId[id], compiled.trigger.followsTime,
            let rule = try env.search(AutomationRule.self, .where("id", .equal, .int(id))).first
        else { return }
        let model = try env.registry.requireModel(compiled.modelName)
        let window = try TimeWindow(compiled.time, since: rule.lastRun, model, env)
        let due = try window.due(in: model, env)
        let records = Records(model, due.ids, env)
        try RuleRun(compiled, records).run(records.ids)
        rule.lastRun = due.until
    }
}

/// When a clock sets a rule off, as it was released.
struct TimePlan: Sendable {
    let field: String
    let isBefore: Bool
    let range: Int
    let unit: AutomationRule.Unit
    let calendar: Int?

    init(_ rule: Content, _ trigger: Trigger) throws {
        switch trigger {
        case .timeCreated: field = "create_date"
        case .timeUpdated: field = "write_date"
        default: field = try rule.text("name", of: "trg_date_id", in: "ir.model.fields")
        }
        isBefore = try rule.text("trg_date_range_mode") == "before"
        range = try rule.number("trg_date_range")
        unit = AutomationRule.Unit(rawValue: try rule.text("trg_date_range_type")) ?? .hour
        calendar = try rule.link("trg_date_calendar_id")
    }

    /// The delay in minutes, months taken as thirty days.
    var minutes: Int {
        switch unit {
        case .minutes: range
        case .hour: range * 60
        case .day: range * 1_440
        case .month: range * 43_200
        }
    }
}

/// The stretch of time whose dates make records due at this check.
struct TimeWindow {
    let plan: TimePlan
    let field: Field
    let since: Instant
    let now: Instant

    init(_ plan: TimePlan, since: Instant?, _ model: ModelSchema, _ env: Environment) throws {
        self.plan = plan
        field = try model.requireField(plan.field)
        self.since = since ?? Instant(seconds: 0)
        now = env.now
    }

    /// A stretch of time that has passed.
    init(_ plan: TimePlan, from since: Instant, until now: Instant, _ model: ModelSchema) throws {
        self.plan = plan
        field = try model.requireField(plan.field)
        self.since = since
        self.now = now
    }

    /// When a date came due in this stretch; nil when it did not.
    func moment(of date: Value, _ env: Environment) throws -> Instant? {
        guard try isPast(date, at: now, env), try !isPast(date, at: since, env) else { return nil }
        var (early, late) = (since.seconds, now.seconds)
        while late - early > 1 {
            let middle = early + (late - early) / 2
            if try isPast(date, at: Instant(seconds: middle), env) { late = middle } else { early = middle }
        }
        return Instant(seconds: late)
    }

    /// Whether a check at a moment, or one before it, found a date due.
    private func isPast(_ date: Value, at moment: Instant, _ env: Environment) throws -> Bool {
        let edge = try shifted(moment, env)
        switch date {
        case .day(let day): return day <= edge.day
        case .instant(let instant): return instant < edge
        default: return false
        }
    }

    /// The records whose date came due, and until when that is known to be complete.
    func due(in model: ModelSchema, _ env: Environment) throws -> (ids: [Int], until: Instant) {
        let (first, last) = (try shifted(since, env), try shifted(now, env))
        var domain = Domain.where(field.name, .notEqual, false)
        if field.kind == .date {
            // Days: what lies after the last check's day, up to today's.
            domain = domain & .where(field.name, .greater, .day(first.day)) & .where(field.name, .lessOrEqual, .day(last.day))
        } else {
            domain = domain & .where(field.name, .greaterOrEqual, .instant(first)) & .where(field.name, .less, .instant(last))
        }
        let found = try env.search(model, domain, order: field.name + ", id", limit: AutomationTime.batchLimit + 1)
        guard found.count > AutomationTime.batchLimit, let cut = found.ids.last else { return (found.ids, now) }
        return try cutOff(found, at: cut, last)
    }

    /// A batch that ends before the first date that did not fit, so that the next check begins there.
    private func cutOff(_ found: Records, at id: Int, _ last: Instant) throws -> (ids: [Int], until: Instant) {
        let edge = try found.value(id, field)
        let ids = try found.ids.filter { try found.value($0, field) != edge }
        guard !ids.isEmpty, let moment = Instant.present(edge) else { return (found.ids, now) }
        return (ids, now - (last - moment))
    }

    /// The date that falls due at a moment.
    func shifted(_ moment: Instant, _ env: Environment) throws -> Instant {
        let amount = (plan.isBefore ? 1 : -1) * plan.range
        if let calendar = plan.calendar, moment.seconds > 0 {
            return try CalendarBook.calendar(calendar, env).adding(days: amount, to: moment) ?? moment
        }
        switch plan.unit {
        case .minutes: return moment + amount * 60
        case .hour: return moment + amount * 3_600
        case .day: return moment + amount * 86_400
        case .month: return Instant(moment.day.adding(months: amount), secondOfDay: moment.secondOfDay)
        }
    }
}
