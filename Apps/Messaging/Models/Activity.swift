import Base
import Kernel

/// Something that a person is to do about a record, by a day.
public struct Activity: Model {
    public static let name = "mail.activity"
    public static let title = "Activity"
    public static let order = "date_deadline, id"
    public static let nameField = "summary"
    public static let indexes = [["res_model", "res_id"]]
    public static let owner: OwnerLink? = .reference(model: "res_model", id: "res_id")

    /// Where an activity stands against its deadline.
    public enum State: String, SelectionValue { case overdue, today, planned, done }

    public let recordModel = Char("res_model", "Related document model", .required)
    public let modelRecord = Many2one<ModelRecord>("res_model_id", onDelete: .cascade, "Document model")
    public let record = Many2oneReference("res_id", modelField: "res_model", "Related document")
    public let recordName = Char("res_name", "Document name")
    public let type = Many2one<ActivityType>("activity_type_id", onDelete: .restrict, "Activity type")
    public let summary = Char("summary", "Summary")
    public let note = Html("note", "Note")
    public let deadline = DateField("date_deadline", "Due date", .required, .indexed, .initially { .day($0.today) })
    public let user = Many2one<User>("user_id", "Assigned to", .indexed, .initially { .int($0.user.id) })
    public let isAutomated = Flag("automated", "Automated activity", .initial(false))
    public let isActive = Flag("active", .initial(true))
    public let doneOn = DateField("date_done", "Done date", .readonly)
    public let feedback = Text("feedback", "Feedback")
    /// What the activity is about, so that it is made once: a code of the app that made it.
    public let cause = Char("cause", .indexed)
    public let state = Selection<State>(
        "state", "State",
        .computed(on: "date_deadline", "active") { (activity: Record<Activity>) in Activity.state(of: activity) })

    public static let methods = [
        Method<Activity>(
            "action_done",
            onRecords: { activities, _ in
                try ActivityActions.finish(activities, feedback: "")
                return .bool(true)
            }),
        Method<Activity>(
            "action_feedback", ["feedback", "attachment_ids"],
            onRecords: { activities, arguments in
                try ActivityActions.finish(activities, feedback: arguments["feedback"]?.textValue ?? "")
                return .bool(true)
            }),
        Method<Activity>(
            "action_cancel",
            onRecords: { activities, _ in
                try activities.unlink()
                return .bool(true)
            }),
        Method<Activity>("action_reschedule_today", onRecords: { try ActivityActions.move($0, by: 0, $1) }),
        Method<Activity>("action_reschedule_tomorrow", onRecords: { try ActivityActions.move($0, by: 1, $1) }),
        Method<Activity>("action_reschedule_nextweek", onRecords: { try ActivityActions.move($0, by: 7, $1) }),
    ]

    public static let lifecycle = Lifecycle<Activity>(beforeCreate: { values, env in try ActivityActions.complete(&values, env) })

    public init() {}

    private static func state(of activity: Record<Activity>) -> State? {
        if !activity.isActive { return .done }
        guard let deadline = activity.deadline else { return nil }
        let today = activity.env.today
        return deadline < today ? .overdue : deadline == today ? .today : .planned
    }
}

/// A kind of activity: a call, a document to upload, a thing to do.
public struct ActivityType: Model {
    public static let name = "mail.activity.type"
    public static let title = "Activity type"
    public static let order = "sequence, id"

    /// What happens when the activity is done.
    public enum Category: String, SelectionValue {
        case `default`, uploadFile = "upload_file", phonecall
    }

    /// The unit of the delay.
    public enum Unit: String, SelectionValue { case days, weeks, months }

    public let displayedName = Char("name", "Name", .required)
    public let summary = Char("summary", "Default summary")
    public let sequence = Integer("sequence", .initial(10))
    public let category = Selection<Category>("category", initial: .default, "Action")
    public let delay = Integer("delay_count", "Schedule", .initial(0), .aggregator(nil))
    public let unit = Selection<Unit>("delay_unit", initial: .days, "Delay units", .required)
    public let icon = Char("icon")
    public let recordModel = Char("res_model", "Model")
    public let user = Many2one<User>("default_user_id", "Default user")
    public let next = Many2one<ActivityType>("triggered_next_type_id", "Trigger")
    public let active = Flag("active", .initial(true))

    public init() {}
}
