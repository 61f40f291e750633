import Base
import Governance
import Kernel

/// A promise about time: when its clock runs, by which calendar, how long it may take, and who hears of it when it takes longer.
///
/// Rows are made from released definitions only; a new version of a definition makes a new row and archives the old one, so that clocks
/// keep the promise that they were started with.
public struct Policy: Model {
    public static let name = "sla.policy"
    public static let title = "Service level"
    public static let order = "model, key, version desc"
    public static let unique = [Unique("version_id", message: "This version of the service level is there already.")]

    /// By which hours time counts.
    public enum Hours: String, SelectionValue {
        case site, calendar, always

        public var title: String {
            switch self {
            case .site: "The site's hours"
            case .calendar: "The calendar's hours"
            case .always: "Day and night"
            }
        }
    }

    public let displayedName = Char("name", "Name", .required)
    public let key = Char("key", "Key", .required, .indexed)
    public let number = Integer("version", "Version", .required, .initial(1), .aggregator(nil))
    public let released = Many2one<DefinitionVersion>("version_id", onDelete: .restrict, "Released version", .indexed)
    public let active = Flag("active", .initial(true))
    public let model = Char("model", "Model", .required, .indexed)
    public let start = Text("start_domain", "Starts when", .required)
    public let pause = Text("pause_domain", "Rests while")
    public let resume = Text("resume_domain", "Goes on when", .help("Empty means: when it need not rest any more."))
    public let stop = Text("stop_domain", "Is kept when", .help("Empty means: when what started it holds no more."))
    public let void = Text("void_domain", "Means nothing when")
    public let companies = Many2many<Company>(
        "company_ids", table: "sla_policy_company_rel", own: "policy_id", other: "company_id", "Sites", .help("Empty means all."))
    public let hours = Selection<Hours>("hours", initial: .site, "Measured by", .required)
    public let calendar = Many2one<ResourceCalendar>("calendar_id", onDelete: .restrict, "Calendar")
    public let target = Integer("target_minutes", "Minutes", .required, .aggregator(nil))
    public let table = Char("table_key", "Decision table for the minutes", .help("Its outputs are minutes and warn."))
    public let inputs = Json("table_inputs", "Where the table's inputs stand")
    public let warn = Integer("warn_percent", "Warn at percent", .initial(0), .aggregator(nil))
    public let escalationUser = Many2one<User>("escalation_user_id", "Tell")
    public let escalationGroup = Many2one<Group>("escalation_group_id", "Tell the group")
    public let raisesException = Flag("raises_exception", "A breach is an exception", .initial(true))

    public init() {}
}
