import Base
import Kernel

/// Somebody decides for somebody else, for a time.
struct Delegation: Model {
    static let name = "approval.delegation"
    static let title = "Delegation"
    static let order = "date_from desc, id desc"
    static let nameField = "reason"
    static let indexes = [["delegate_id", "active"], ["user_id", "active"]]

    let user = Many2one<User>("user_id", onDelete: .cascade, "From", .required, .initially { .int($0.user.id) })
    let delegate = Many2one<User>("delegate_id", onDelete: .cascade, "To", .required)
    let start = Datetime("date_from", "From", .required, .initially { .instant($0.now) })
    let end = Datetime("date_to", "Until", .required)
    let reason = Char("reason", "Reason", .help("Such as an absence."))
    let categories = Many2many<Category>("category_ids", "Only these categories")
    let policies = Many2many<Policy>("policy_ids", "Only these policies")
    let active = Flag("active", "Active", .initial(true))

    static let constraints = [
        Constraint<Delegation>("user_id", "delegate_id", "date_from", "date_to", "active") { try DelegationRules.check($0) }
    ]
    static let lifecycle = Lifecycle<Delegation>(
        beforeCreate: { values, env in try DelegationRules.checkAuthor(values, env) },
        afterCreate: { delegations in try DelegationRules.open(delegations) },
        beforeWrite: { delegations, values in
            if values["user_id"] != nil || values["delegate_id"] != nil { throw Refusal.delegationIsFixed() }
        })

    init() {}
}
