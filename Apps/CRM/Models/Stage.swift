import Base
import Kernel

/// A stage that leads go through.
public struct Stage: Model {
    public static let name = "crm.stage"
    public static let title = "CRM stage"
    public static let order = "sequence, name, id"

    public let displayedName = Char("name", "Stage name", .required)
    public let sequence = Integer("sequence", "Sequence", .initial(1), .aggregator(nil))
    public let isWon = Flag("is_won", "Is won stage", .initial(false))
    public let isFolded = Flag("fold", "Folded in pipeline", .initial(false))
    public let requirements = Text("requirements", "Requirements")
    public let rottingDays = Integer("rotting_threshold_days", "Days to rot", .initial(0), .aggregator(nil))
    public let teams = Many2many<Team>("team_ids", "Sales teams")

    public init() {}

    /// The stage that a new lead starts in.
    static func first(in env: Environment) throws -> Value {
        try env.remembered("crm.stage.first", from: [name]) { machine in
            try machine.search(Stage.self, limit: 1).first.map { .int($0.id) } ?? .null
        }
    }
}

/// People who work on leads together.
public struct Team: Model {
    public static let name = "crm.team"
    public static let title = "Sales team"
    public static let order = "sequence, id"
    public static let hasChatter = true

    public let displayedName = Char("name", "Sales team", .required)
    public let sequence = Integer("sequence", .initial(10), .aggregator(nil))
    public let leader = Many2one<User>("user_id", "Team leader")
    public let members = Many2many<User>("member_ids", table: "crm_team_member_rel", own: "team_id", other: "user_id", "Salespersons")
    public let usesLeads = Flag("use_leads", "Leads", .initial(true))
    public let usesOpportunities = Flag("use_opportunities", "Pipeline", .initial(true))
    public let company = Many2one<Company>("company_id", "Company", .indexed)
    public let color = Integer("color", .aggregator(nil))
    public let active = Flag("active", .initial(true))

    public init() {}

    /// The team that a new lead goes to.
    static func first(in env: Environment) throws -> Value {
        let company = env.companyId
        return try env.remembered("crm.team.first#\(company)", from: [name]) { machine in
            try machine.search(Team.self, .where("company_id", .in, .list([.null, .int(company)])), limit: 1).first.map { .int($0.id) }
                ?? .null
        }
    }
}

/// A label for leads.
public struct Tag: Model {
    public static let name = "crm.tag"
    public static let title = "CRM tag"
    public static let order = "name"
    public static let unique = [Unique("name", message: "Tag name already exists!")]

    public let displayedName = Char("name", "Tag name", .required)
    public let color = Integer("color", .aggregator(nil))

    public init() {}
}

/// Why a lead was lost.
public struct LostReason: Model {
    public static let name = "crm.lost.reason"
    public static let title = "Lost reason"

    public let displayedName = Char("name", "Description", .required)
    public let active = Flag("active", .initial(true))

    public init() {}
}
