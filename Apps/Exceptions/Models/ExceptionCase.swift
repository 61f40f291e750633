import Base
import Kernel
import Messaging

/// Something that stopped and needs a person.
public struct ExceptionCase: Model {
    public static let name = "ops.exception"
    public static let title = "Exception"
    public static let order = "state, deadline, id"
    public static let hasChatter = true
    public static let indexes = [["res_model", "res_id"], ["cause", "state"]]

    /// How far it has come.
    public enum State: String, SelectionValue {
        case open, inProgress = "in_progress", resolved, dismissed
    }

    public let displayedName = Char("name", "What happened", .required)
    /// A stable code; exceptions of one cause are worked on together.
    public let cause = Char("cause", "Cause", .required, .indexed)
    public let remedy = Text("remedy", "What to do")
    public let source = Char("source", "Where it came from", .indexed)
    public let kind = Char(
        "kind", "Kind", .indexed,
        .computed(on: "source", stored: true) { (item: Record<ExceptionCase>) in ExceptionCase.kind(of: item.source) })
    public let recordModel = Char("res_model", "Record's model", .indexed)
    public let record = Many2oneReference("res_id", modelField: "res_model", "Record")
    public let reference = Char("reference", "Reference", .indexed, .readonly, .help("What to try again where it is no record: job:17."))
    public let state = Selection<State>("state", initial: .open, "State", .required, .indexed, .tracked)
    public let user = Many2one<User>("user_id", "Owner", .required, .indexed, .tracked, .initially { try ExceptionCase.owner(in: $0) })
    public let deadline = Datetime("deadline", "Deadline", .indexed, .initially { .instant($0.now + ExceptionCase.hoursToAct * 3_600) })
    public let escalatedTo = Many2one<User>("escalated_to", "Escalated to", .indexed, .tracked, .readonly)
    public let escalatedOn = Datetime("escalated_on", "Escalated on", .readonly)
    public let occurrences = Integer("occurrences", "How often", .initial(1))
    public let lastOn = Datetime("last_on", "Last time", .readonly, .indexed, .initially { .instant($0.now) })
    public let history = One2many<Occurrence>("occurrence_ids", inverse: \.exception, "Occurrences")
    public let retries = Integer("retries", "How often it was tried again", .initial(0), .readonly)
    public let resolution = Text("resolution", "Resolution")
    public let resolvedOn = Datetime("resolved_on", "Resolved on", .readonly)
    public let company = Many2one<Company>("company_id", "Company", .indexed, .initially { .int($0.companyId) })

    /// Hours until somebody should have acted.
    static let hoursToAct = 8

    public static let actions = ExceptionActions.all
    public static let methods = [
        Method<ExceptionCase>(
            "desk", readsOnly: true, onModel: { env, _ in .list(try ExceptionDesk.rows(in: env).map { .map($0.values) }) })
    ]
    public static let lifecycle = Lifecycle<ExceptionCase>(
        afterCreate: { cases in
            for item in cases { try Escalation.plan(item) }
        },
        afterWrite: { cases, names in
            if names.contains("deadline") { for item in cases { try Escalation.plan(item) } }
        })

    public init() {}

    /// The first part of a source: `intake` of `intake.hl7v2`.
    private static func kind(of source: String) -> String { source.split(separator: ".").first.map(String.init) ?? "other" }

    /// Who owns an exception that nobody has taken on: the setting `exceptions.owner`, else the administrator.
    private static func owner(in env: Environment) throws -> Value { .int(try ExceptionSettings.user("exceptions.owner", in: env)) }
}

/// One time that an exception occurred.
public struct Occurrence: Model {
    public static let name = "ops.exception.occurrence"
    public static let title = "Occurrence"
    public static let order = "id desc"
    public static let owner: OwnerLink? = .link("exception_id")

    /// The most occurrences that are kept of one exception; the oldest go first, and the exception counts them all.
    public static let limit = 100

    public let exception = Many2one<ExceptionCase>("exception_id", onDelete: .cascade, .required, .indexed)
    public let displayedName = Char("name", "What happened")
    public let moment = Datetime("occurred_on", "When", .initially { .instant($0.now) })
    public let causedBy = Char("caused_by", "Caused by", .help("The definition at work, with its version."))
    public let reopened = Flag("reopened", "Opened it again", .initial(false))

    public init() {}
}

/// Users that settings name, by id.
enum ExceptionSettings {
    /// The user under a key, else the administrator.
    static func user(_ key: String, in env: Environment) throws -> Int {
        let superuser = env.asSuperuser("who looks after exceptions is a setting")
        let setting = try superuser.search(Parameter.self, .where("key", .equal, .text(key)), limit: 1).first
        guard let id = setting.flatMap({ Int($0.content) }), try !superuser.existing([id], in: env.registry.schema(User.self)).isEmpty
        else {
            return 2
        }
        return id
    }
}
