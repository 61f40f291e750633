import Base
import Kernel

/// Whose work a user's is under.
struct ManagerOfUser: ModelExtension {
    typealias Base = User

    let manager = Many2one<User>("manager_id", "Manager", .indexed)

    static let constraints = [
        Constraint<User>("manager_id") { user in
            guard let manager = user[\ManagerOfUser.manager], manager == user else { return }
            throw Refusal("user.own_manager", .validation, "Nobody is their own manager.", instruction: "Choose somebody else.")
        },
        Constraint<User>("group_ids") { user in try GrantChecks.check(users: [user.id], user.env) },
    ]

    init() {}
}

/// Toxic pairs hold for roles too.
struct GrantsOfGroup: ModelExtension {
    typealias Base = Group

    static let constraints = [
        Constraint<Group>("implied_ids", "user_ids") { group in try GrantChecks.check(group: group.id, group.env) }
    ]

    init() {}
}

/// What a file proves: `quote`, `consent`.
struct EvidenceOfAttachment: ModelExtension {
    typealias Base = Attachment

    let kind = Char("evidence_kind", "Proves", .indexed)

    init() {}
}
