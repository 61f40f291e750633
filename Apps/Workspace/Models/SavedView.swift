import Base
import Kernel

/// A way of looking at records that somebody saved: what is searched, how it is grouped and sorted, and as what kind of view.
struct SavedView: Model {
    static let name = "workspace.view"
    static let title = "Saved view"
    static let order = "path, name, id"
    static let indexes = [["user_id", "path"]]

    let displayedName = Char("name", "Name", .required, .size(120))
    let path = Char("path", "Screen", .required, .size(80), .help("The address under /app, such as referrals."))
    let state = Char("state", "Address", .required, .size(4_000), .help("The kind of view and what is asked for, as addresses hold it."))
    let user = Many2one<User>("user_id", onDelete: .cascade, "Owner", .required, .readonly, .indexed, .initially { .int($0.user.id) })
    let isShared = Flag("shared", "Shared with everybody", .initial(false))
    let team = Many2one<ViewTeam>("team_id", onDelete: .setNull, "Shared with the team", .indexed)
    let isDefault = Flag("is_default", "Opens first", .initial(false))

    static let lifecycle = Lifecycle<SavedView>(
        beforeCreate: { values, env in
            guard !env.isSuperuser else { return }
            values["user_id"] = .int(env.user.id)
        },
        beforeWrite: { views, values in if !views.env.isSuperuser { values["user_id"] = nil } })

    init() {}
}
