import Base
import Kernel
import Messaging

/// One queue for everything that needs a person, with owner, deadline, cause, remedy and history.
public enum ExceptionsApp {
    /// The app.
    public static let app = App("exceptions", "Exceptions", needs: ["base", "mail"]) { app in
        app.add(ExceptionCase.self)
        app.group("exceptions.group_user", "Exceptions: work on them", implies: ["base.group_user"])
        app.group("exceptions.group_manager", "Exceptions: administrator", implies: ["exceptions.group_user"])
        app.group("exceptions.group_auditor", "Exceptions: read them", implies: ["base.group_user"])
        app.allow("exceptions.group_auditor", "r", on: "ops.exception")
        app.allow("exceptions.group_user", "rw", on: "ops.exception")
        app.allow("exceptions.group_manager", "rwcd", on: "ops.exception")
        app.rule(
            "exceptions of one's companies", on: "ops.exception", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
    }
}

/// Something that stopped and needs a person.
public struct ExceptionCase: Model {
    public static let name = "ops.exception"
    public static let title = "Exception"
    public static let order = "state, deadline, id"
    public static let hasChatter = true

    /// How far it has come.
    public enum State: String, SelectionValue {
        case open, inProgress = "in_progress", resolved, dismissed
    }

    public let displayedName = Char("name", "What happened", .required)
    /// A stable code; exceptions of one cause are worked on together.
    public let cause = Char("cause", "Cause", .required, .indexed)
    public let remedy = Text("remedy", "What to do")
    public let source = Char("source", "Where it came from", .indexed)
    public let recordModel = Char("res_model", "Record's model", .indexed)
    public let record = Many2oneReference("res_id", modelField: "res_model", "Record")
    public let state = Selection<State>("state", initial: .open, "State", .required, .indexed, .tracked)
    public let user = Many2one<User>("user_id", "Owner", .required, .indexed, .tracked, .initially { try ExceptionCase.owner(in: $0) })
    public let deadline = Datetime("deadline", "Deadline", .indexed, .initially { .instant($0.now + ExceptionCase.hoursToAct * 3_600) })
    public let occurrences = Integer("occurrences", "How often", .initial(1))
    public let resolution = Text("resolution", "Resolution")
    public let resolvedOn = Datetime("resolved_on", "Resolved on", .readonly)
    public let company = Many2one<Company>("company_id", "Company", .indexed, .initially { .int($0.companyId) })

    /// Hours until somebody should have acted.
    static let hoursToAct = 8

    public static let actions = [
        Action<ExceptionCase>("action_start", "Take on", when: { $0.state == .open }) { cases in
            try cases.write(["state": "in_progress", "user_id": .int(cases.env.user.id)])
        },
        Action<ExceptionCase>(
            "action_resolve", "Resolve", when: { $0.state == .open || $0.state == .inProgress },
            taking: { cases, arguments in
                let text = arguments["resolution"]?.textValue ?? ""
                guard !text.isEmpty else {
                    throw Refusal("exception.no_resolution", .validation, "Say how it was resolved.", instruction: "Give a resolution.")
                }
                try cases.write(["state": "resolved", "resolution": .text(text), "resolved_on": .instant(cases.env.now)])
                return .bool(true)
            }),
        Action<ExceptionCase>("action_reopen", "Open again", when: { $0.state == .resolved || $0.state == .dismissed }) { cases in
            try cases.write(["state": "open", "resolved_on": .null])
        },
    ]

    public init() {}

    /// Raises an exception, or counts one that is open for the same record and cause.
    @discardableResult
    public static func raise(
        _ cause: String, _ title: String, remedy: String, source: String, on record: Records? = nil, in env: Environment
    ) throws -> Record<ExceptionCase> {
        let superuser = env.asSuperuser("whatever fails gets an owner, whoever was at work")
        if let record, let id = record.ids.first {
            let same =
                Domain.where("cause", .equal, .text(cause)) & .where("res_model", .equal, .text(record.model.name))
                & .where("res_id", .equal, .int(id))
                & .where("state", .in, ["open", "in_progress"])
            if let known = try superuser.search(ExceptionCase.self, same, limit: 1).first {
                known.occurrences += 1
                return known
            }
        }
        var values: ValueMap = ["name": .text(title), "cause": .text(cause), "remedy": .text(remedy), "source": .text(source)]
        if let record, let id = record.ids.first {
            values["res_model"] = .text(record.model.name)
            values["res_id"] = .int(id)
        }
        return try superuser.create(ExceptionCase.self, values)
    }

    /// Who owns an exception that nobody has taken on: the setting `exceptions.owner`, else the administrator.
    private static func owner(in env: Environment) throws -> Value {
        let superuser = env.asSuperuser("the owner of exceptions is a setting")
        let setting = try superuser.search(Parameter.self, .where("key", .equal, "exceptions.owner"), limit: 1).first
        return .int(setting.flatMap { Int($0.content) } ?? 2)
    }
}
