import Base
import Kernel

/// Planning, moving and finishing activities.
public enum ActivityActions {
    /// Fills in what follows from the type and the record, and refuses activities on records out of reach.
    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        let superuser = env.asSuperuser("types and models are no secret")
        if values["res_model"] == nil, let id = values["res_model_id"]?.intValue {
            values["res_model"] = .text(superuser.record(ModelRecord.self, id).model)
        }
        guard let name = values["res_model"]?.textValue, let id = values["res_id"]?.intValue else {
            throw Refusal("activity.no_record", .validation, "An activity needs a record.", instruction: "Set res_model and res_id.")
        }
        let model = try env.registry.requireModel(name)
        try env.checkAccess(.read, model, [id])
        if values["res_model_id"] == nil {
            values["res_model_id"] = try ModelRecord.id(of: name, env).map { .int($0) } ?? .null
        }
        if values["res_name"] == nil { values["res_name"] = .text(try env.linkName(model, id)) }
        guard let typeId = values["activity_type_id"]?.intValue else { return }
        let type = superuser.record(ActivityType.self, typeId)
        if values["summary"]?.isFalsy ?? true, !type.summary.isEmpty { values["summary"] = .text(type.summary) }
        if values["date_deadline"] == nil { values["date_deadline"] = .day(deadline(of: type, from: env.today)) }
        if values["user_id"] == nil, let user = type.user { values["user_id"] = .int(user.id) }
    }

    private static func deadline(of type: Record<ActivityType>, from day: Day) -> Day {
        switch type.unit {
        case .weeks: day + 7 * type.delay
        case .months: day.adding(months: type.delay)
        default: day + type.delay
        }
    }

    /// Marks activities as done, keeps what was said, and tells the record's chatter.
    public static func finish(_ activities: Recordset<Activity>, feedback: String) throws {
        for activity in activities where activity.isActive {
            let env = activity.env
            let next = activity.type?.next
            try activity.write(["active": false, "date_done": .day(env.today), "feedback": .text(feedback)])
            if let model = env.registry.model(activity.recordModel), model.hasChatter {
                let what = activity.summary.isEmpty ? activity.type?.displayedName ?? "Activity" : activity.summary
                let said = feedback.isEmpty ? "" : "<p>\(PlainText.escape(feedback))</p>"
                _ = try Chatter.post(
                    on: Records(model, [activity.record], env),
                    Post(body: "<p>\(PlainText.escape(what)) done</p>\(said)", kind: .notification, subtype: "mail.mt_activities"))
            }
            if let next {
                try env.create(
                    Activity.self,
                    ["res_model": .text(activity.recordModel), "res_id": .int(activity.record), "activity_type_id": .int(next.id)])
            }
        }
    }

    static func move(_ activities: Recordset<Activity>, by days: Int, _ arguments: ValueMap) throws -> Value {
        try activities.write(["date_deadline": .day(activities.env.today + days)])
        return .bool(true)
    }

    /// Plans an activity on a record, once per cause while it is open.
    @discardableResult
    public static func plan(
        _ type: String, on record: Records, summary: String, user: Int? = nil, deadline: Day? = nil, cause: String = ""
    ) throws -> Record<Activity>? {
        let env = record.env.asSuperuser("activities are planned by the machine")
        guard let id = record.ids.first else { return nil }
        if !cause.isEmpty {
            let same =
                Domain.where("res_model", .equal, .text(record.model.name)) & .where("res_id", .equal, .int(id))
                & .where("cause", .equal, .text(cause))
            if let known = try env.search(Activity.self, same, limit: 1).first { return known }
        }
        var values: ValueMap = [
            "res_model": .text(record.model.name), "res_id": .int(id), "activity_type_id": .int(try Reference.require(type, env)),
            "summary": .text(summary), "automated": true, "cause": .text(cause),
        ]
        if let user { values["user_id"] = .int(user) }
        if let deadline { values["date_deadline"] = .day(deadline) }
        return try env.create(Activity.self, values)
    }

    /// Closes the open activities of a cause.
    public static func close(cause: String, on record: Records, feedback: String = "") throws {
        let env = record.env.asSuperuser("activities planned by the machine are closed by it")
        let domain =
            Domain.where("res_model", .equal, .text(record.model.name)) & .where("res_id", .in, .ids(record.ids))
            & .where("cause", .equal, .text(cause))
        try finish(try env.search(Activity.self, domain), feedback: feedback)
    }
}
