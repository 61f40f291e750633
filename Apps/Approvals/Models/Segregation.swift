import Base
import Kernel

/// A toxic pair: two things that one person must not do.
///
/// Shape: each side is a group, or an action of a model. An action is a method's name, `create`, `write`, `approve` (deciding about it), or
/// `field:user_id` (having been named in that field). With a path, the second record leads to the first: a payment to its vendor.
struct SodRule: Model {
    static let name = "sod.rule"
    static let title = "Toxic pair"
    static let order = "name, id"

    let displayedName = Char("name", "Name", .required)
    let reason = Text("reason", "Why")
    let active = Flag("active", "Active", .initial(true))
    let groupA = Many2one<Group>("group_a_id", "First role")
    let modelA = Char("model_a", "First model", .indexed)
    let actionA = Char("action_a", "First action")
    let groupB = Many2one<Group>("group_b_id", "Second role")
    let modelB = Char("model_b", "Second model", .indexed)
    let actionB = Char("action_b", "Second action")
    let path = Char("path", "From the second record to the first", .help("Empty when they are the same record."))

    static let constraints = [
        Constraint<SodRule>("group_a_id", "model_a", "action_a", "group_b_id", "model_b", "action_b", "path") {
            try SodChecks.check($0)
        }
    ]
    static let methods = [
        Method<SodRule>("violations", readsOnly: true, onRecords: { rules, _ in try SodReport.violations(rules) })
    ]

    init() {}
}

/// An exception from a toxic pair for one person: owned, reasoned, compensated, and for a time.
struct SodWaiver: Model {
    static let name = "sod.waiver"
    static let title = "Waiver"
    static let order = "date_to desc, id desc"
    static let nameField = "reason"

    let rule = Many2one<SodRule>("rule_id", onDelete: .restrict, "Toxic pair", .required, .indexed)
    let user = Many2one<User>("user_id", onDelete: .restrict, "For", .required, .indexed)
    let owner = Many2one<User>("owner_id", onDelete: .restrict, "Owner", .required)
    let reason = Text("reason", "Reason", .required)
    let control = Text("control", "Compensating control", .required)
    let start = Datetime("date_from", "From", .required, .initially { .instant($0.now) })
    let end = Datetime("date_to", "Expires", .required)
    let revokedOn = Datetime("revoked_on", "Revoked on", .readonly, .notCopied)

    static let actions = [
        Action<SodWaiver>("action_revoke", "Revoke", groups: ["approvals.group_sod"], when: { $0.revokedOn == nil }) { waivers in
            let env = waivers.env.asSuperuser("a waiver is revoked by its action alone").because(SodChecks.revoking)
            try env.records(SodWaiver.self, waivers.ids).write(["revoked_on": .instant(env.now)])
        }
    ]
    static let constraints = [
        Constraint<SodWaiver>("rule_id", "user_id", "owner_id", "date_from", "date_to", "reason", "control") { try SodChecks.check($0) }
    ]
    static let lifecycle = Lifecycle<SodWaiver>(
        beforeCreate: { values, env in try SodChecks.checkAuthor(&values, env) },
        beforeWrite: { waivers, values in
            if waivers.env.cause?.name != SodChecks.revoking { throw Refusal.waiverIsFixed() }
        },
        beforeDelete: { _ in throw Refusal.waiverIsFixed() })
    static let methods = [
        Method<SodWaiver>(
            "monthly_report", ["month"], readsOnly: true, onModel: { env, arguments in try SodReport.monthly(env, arguments) })
    ]

    init() {}
}

/// That a waiver was needed and used; written once.
struct SodUse: Model {
    static let name = "sod.use"
    static let title = "Use of a waiver"
    static let order = "id desc"
    static let nameField = "what"
    static let indexes = [["waiver_id", "used_on"]]

    let waiver = Many2one<SodWaiver>("waiver_id", onDelete: .restrict, "Waiver", .required)
    let usedOn = Datetime("used_on", "When", .required)
    let what = Char("what", "What", .required)
    let recordModel = Char("res_model", "Record's model")
    let record = Many2oneReference("res_id", modelField: "res_model", "Record")

    static let lifecycle = Lifecycle<SodUse>(
        beforeWrite: { _, _ in throw Refusal.decisionsAreFinal() }, beforeDelete: { _ in throw Refusal.decisionsAreFinal() })

    init() {}
}

/// Who did what to a record that a policy or a toxic pair is about.
struct Doer: Model {
    static let name = "approval.doer"
    static let title = "Doer"
    static let order = "id"
    static let nameField = "what"
    static let unique = [Unique("res_model", "res_id", "user_id", "what", message: "This is recorded already.")]

    let recordModel = Char("res_model", "Record's model", .required)
    let record = Many2oneReference("res_id", modelField: "res_model", "Record")
    let user = Many2one<User>("user_id", onDelete: .restrict, "Who", .required)
    let what = Char("what", "What", .required)

    init() {}
}
