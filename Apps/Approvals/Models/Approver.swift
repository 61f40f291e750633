import Base
import Kernel

/// A seat: somebody who may decide about a request, in one of its steps.
struct Approver: Model {
    static let name = "approval.approver"
    static let title = "Approver"
    static let order = "sequence, id"
    static let nameField = "user_id"
    static let searchFields: [String] = []
    static let owner: OwnerLink? = .link("request_id")
    static let indexes = [["user_id", "status"]]

    /// Where a seat stands.
    enum Status: String, SelectionValue { case new, pending, waiting, approved, refused, cancel }

    let request = Many2one<Request>("request_id", onDelete: .cascade, "Request", .required, .indexed)
    let user = Many2one<User>("user_id", onDelete: .restrict, "User", .required)
    let status = Selection<Status>("status", initial: .new, "Status", .readonly)
    let required = Flag("required", "Required", .initial(false))
    let sequence = Integer("sequence", "Sequence", .initial(10), .aggregator(nil))
    let step = Integer("step", "Step", .initial(0), .aggregator(nil))
    let stepName = Char("step_name", "Step's name")
    let quorum = Integer("quorum", "Quorum of the step", .initial(1), .aggregator(nil))
    let meaning = Selection<Meaning>("meaning", initial: .approval, "Meaning")
    let hours = Integer("deadline_hours", "Hours until a reminder", .initial(0), .aggregator(nil))
    let origin = Char("origin", "Found by", .readonly, .help("The row of a decision table."))
    let escalation = Many2one<User>("escalation_user_id", "Then goes to", .readonly)
    let decidedBy = Many2one<User>("decided_by_id", "Decided by", .readonly)
    let isEscalated = Flag("is_escalated", "By escalation", .initial(false))

    init() {}
}

/// What a signature means (21 CFR 11.50).
enum Meaning: String, SelectionValue { case approval, review, responsibility, authorship }
