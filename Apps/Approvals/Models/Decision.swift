import Base
import Crypto
import Kernel

/// What somebody decided about one version of something; written once, never changed, never deleted.
struct Decision: Model {
    static let name = "approval.decision"
    static let title = "Decision"
    static let order = "id"
    static let nameField = "user_name"
    static let owner: OwnerLink? = .link("request_id")

    /// What was decided.
    enum Kind: String, SelectionValue { case approve, refuse, withdraw }

    let request = Many2one<Request>("request_id", onDelete: .restrict, "Request", .required, .indexed)
    let kind = Selection<Kind>("decision", "Decision", .required)
    let user = Many2one<User>("user_id", onDelete: .restrict, "Who", .required, .indexed)
    /// The name as it was when the decision was made.
    let printedName = Char("user_name", "Printed name", .required)
    let delegator = Many2one<User>("on_behalf_of_id", onDelete: .restrict, "For whom")
    let decidedOn = Datetime("decided_on", "When", .required)
    let meaning = Selection<Meaning>("meaning", "Meaning", .required)
    let comment = Text("comment", "Comment")
    let round = Integer("round", "Round", .aggregator(nil))
    let step = Integer("step", "Step", .aggregator(nil))
    let stepName = Char("step_name", "Step's name")
    let recordModel = Char("res_model", "Record's model")
    let record = Many2oneReference("res_id", modelField: "res_model", "Record")
    let seenVersion = Integer("seen_version", "Record version", .aggregator(nil))
    let seen = Char("seen_hash", "Content that was seen", .required)
    let seal = Char("seal", "Seal", .required)

    static let lifecycle = Lifecycle<Decision>(
        beforeCreate: { values, env in
            // Only deciding makes a decision: a copy of one is none.
            guard env.cause?.name == Deciding.cause else { throw Refusal.decisionsAreFinal() }
            values["seal"] = .text(Decision.seal(values))
        },
        beforeWrite: { _, _ in throw Refusal.decisionsAreFinal() },
        beforeDelete: { _ in throw Refusal.decisionsAreFinal() })

    init() {}

    /// Binds who, what, when and which content together.
    static func seal(_ values: ValueMap) -> String {
        let parts = ["request_id", "round", "step", "decision", "user_id", "on_behalf_of_id", "decided_on", "meaning", "seen_hash"]
        return SHA256.hash(parts.map { "\($0)=" + Content.text(values[$0] ?? .null) }.joined(separator: "\n")).hex
    }

    /// Whether a decision is as it was made.
    static func isSound(_ decision: Record<Decision>) throws -> Bool {
        var values = ValueMap()
        for name in ["request_id", "round", "step", "decision", "user_id", "on_behalf_of_id", "decided_on", "meaning", "seen_hash"] {
            values[name] = try decision.value(name)
        }
        return seal(values) == decision.seal
    }
}
