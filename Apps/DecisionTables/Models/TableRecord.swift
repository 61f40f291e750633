import Base
import Governance
import Kernel

/// A decision table in force, as people find it; made and changed by releases alone.
public struct TableRecord: Model {
    public static let name = "decision.table"
    public static let title = "Decision table"
    public static let order = "key, id"
    public static let searchFields = ["name", "key"]
    public static let unique = [Unique("definition", message: "A definition has one table in force.")]

    public let displayedName = Char("name", "Title", .required, .readonly)
    public let key = Char("key", "Key", .required, .indexed, .readonly)
    public let hitPolicy = Char("hit_policy", "Hit policy", .readonly)
    public let inputs = Char("inputs", "Inputs", .readonly)
    public let outputs = Char("outputs", "Outputs", .readonly)
    public let ruleCount = Integer("rule_count", "Rules", .readonly, .aggregator(nil))
    public let cause = Char("version", "Version", .readonly, .help("What the audit trail calls it."))
    public let effectiveFrom = Datetime("effective_from", "In force since", .readonly)
    public let definition = Integer("definition", "Definition", .required, .indexed, .readonly, .aggregator(nil))
    public let company = Many2one<Company>("company_id", "Company", .indexed, .readonly)

    public static let methods = TableMethods.all

    public init() {}
}
