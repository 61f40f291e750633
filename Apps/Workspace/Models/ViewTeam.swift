import Base
import Kernel

/// People who look at the same records in the same way; its lead arranges the views for them.
struct ViewTeam: Model {
    static let name = "workspace.team"
    static let title = "Team"
    static let order = "name, id"

    let displayedName = Char("name", "Name", .required, .size(120))
    let lead = Many2one<User>("lead_id", "Lead", .required, .indexed, .help("Arranges lists and forms for the team."))
    let members = Many2many<User>("member_ids", table: "workspace_team_member_rel", own: "team_id", other: "user_id", "Members")

    init() {}
}
