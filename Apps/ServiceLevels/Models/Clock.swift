import Base
import Clocks
import Kernel

/// A clock that measures a promise about one record: where it stands, as its events add up.
public struct Clock: Model {
    public static let name = "sla.clock"
    public static let title = "Clock"
    public static let order = "breach_at, id"
    public static let indexes = [["res_model", "res_id"], ["state", "calendar_id"]]
    public static let owner: OwnerLink? = .reference(model: "res_model", id: "res_id")

    /// Whether the clock runs.
    public enum State: String, SelectionValue { case running, paused, stopped }

    /// What became of the promise.
    public enum Outcome: String, SelectionValue { case kept, broken, void }

    public let displayedName = Char("name", "Promise", .required, .readonly)
    public let policy = Many2one<Policy>("policy_id", onDelete: .restrict, "Service level", .required, .readonly, .indexed)
    public let key = Char("policy_key", .related("policy_id.key", stored: true), .indexed)
    public let recordModel = Char("res_model", "Record's model", .required, .readonly)
    public let record = Many2oneReference("res_id", modelField: "res_model", "Record", .readonly)
    public let company = Many2one<Company>("company_id", "Site", .readonly, .indexed)
    public let state = Selection<State>("state", initial: .running, "State", .required, .readonly, .indexed)
    public let outcome = Selection<Outcome>("outcome", "Outcome", .readonly)
    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .restrict, "Calendar", .readonly)
    public let target = Integer("target_minutes", "Promised minutes", .readonly)
    public let warn = Integer("warn_percent", .readonly, .aggregator(nil))
    /// The version of the decision table that said so last; empty when the service level itself does.
    public let decision = Char("decision", "Minutes by", .readonly)
    public let started = Datetime("started_at", "Started", .readonly)
    public let stopped = Datetime("stopped_at", "Stopped", .readonly)
    /// Up to the last event; what passed since then is in `elapsed_now`.
    public let elapsed = Integer("elapsed_minutes", "Minutes at the last event", .readonly)
    public let warnAt = Datetime("warn_at", "Warning", .readonly, .indexed)
    public let breachAt = Datetime("breach_at", "Breach", .readonly, .indexed)
    public let isWarned = Flag("is_warned", "Warned", .readonly, .indexed, .initial(false))
    public let isBreached = Flag("is_breached", "Broken", .readonly, .indexed, .initial(false))
    public let events = One2many<ClockRecordEvent>("event_ids", inverse: \.clock, "Events")
    public let elapsedNow = Integer(
        "elapsed_now", "Minutes until now", .aggregator(nil),
        .computedTogether(on: "event_ids", "state") { records in
            try Recordset<Clock>(records).map { clock in .int(try ClockReader(clock).reading().elapsedMinutes) }
        })

    public static let methods = [
        Method<Clock>(
            "prove", readsOnly: true,
            onRecords: { clocks, _ in
                try clocks.env.checkAccess(.read, clocks.records.model, clocks.ids)
                guard clocks.count <= ClockReader.proofLimit else { throw ClockReader.tooMany }
                return .list(try clocks.map { .map(try ClockReader($0).proof()) })
            })
    ]

    public init() {}
}

/// Something that happened to a clock. Events are added and never changed: everything else can be computed from them.
public struct ClockRecordEvent: Model {
    public static let name = "sla.event"
    public static let title = "Clock event"
    public static let order = "clock_id, sequence"
    public static let nameField = "kind"
    public static let owner: OwnerLink? = .link("clock_id")
    public static let unique = [Unique("clock_id", "sequence", message: "This event of the clock is there already.")]

    /// What happened.
    public enum Kind: String, SelectionValue { case start, pause, resume, stop, reset, calendar, target }

    public let clock = Many2one<Clock>("clock_id", onDelete: .cascade, "Clock", .required, .readonly, .indexed)
    public let sequence = Integer("sequence", "Place", .required, .readonly, .aggregator(nil))
    public let at = Datetime("at", "At", .required, .readonly)
    public let kind = Selection<Kind>("kind", "What happened", .required, .readonly)
    public let calendar = Many2one<CalendarVersion>("calendar_version_id", onDelete: .restrict, "Calendar as it was", .readonly)
    public let target = Integer("target_minutes", .readonly, .aggregator(nil))
    public let warn = Integer("warn_percent", .readonly, .aggregator(nil))
    /// The version of the decision table that named the minutes, with what it was asked and which rows answered.
    public let decision = Char("decision", "Minutes by", .readonly)
    public let inputs = Json("decision_inputs", "What the table was asked", .readonly)
    public let user = Many2one<User>("user_id", "By", .readonly)
    public let holder = Many2one<User>("holder_id", "In the hands of", .readonly)
    public let reason = Char("reason", "Because of", .readonly)

    public static let lifecycle = Kept.lifecycle(of: ClockRecordEvent.self)

    public init() {}
}
