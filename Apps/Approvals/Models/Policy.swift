import Base
import Kernel

/// Says that an action of a model needs approval, when, and by whom.
struct Policy: Model {
    static let name = "approval.policy"
    static let title = "Approval policy"
    static let order = "sequence, id"

    let displayedName = Char("name", "Name", .required)
    let sequence = Integer("sequence", "Sequence", .initial(10), .aggregator(nil))
    let active = Flag("active", "Active", .initial(true))
    let model = Char("model", "Model", .required, .indexed)
    let action = Char("action", "Action", .required)
    let domain = Text("domain", "Applies to", .initial("[]"))
    let company = Many2one<Company>("company_id", "Site", .indexed)
    let steps = One2many<PolicyStep>("step_ids", inverse: \.policy, "Steps")
    let relevant = Char("relevant_fields", "Fields that count", .help("Names, separated by commas; empty for all that are stored."))
    let excluded = Char(
        "excluded_fields", "Who is named here does not decide", .help("Dotted paths to users or contacts, separated by commas."))
    let excludedActions = Char("excluded_actions", "Whoever took these actions does not decide", .help("Names, separated by commas."))
    let documents = Char("document_kinds", "Documents that must be there", .help("Kinds of files, separated by commas."))
    let needsProof = Flag(
        "needs_proof", "Approvers show once more who they are", .help("Password or code, a few minutes before they agree or decline."))

    static let constraints = [
        Constraint<Policy>("model", "action", "domain", "relevant_fields", "excluded_fields", "step_ids") { policy in
            try PolicyCheck.check(policy)
        }
    ]

    init() {}
}

/// Some people of whom so many have to agree.
struct PolicyStep: Model {
    static let name = "approval.policy.step"
    static let title = "Step of a policy"
    static let order = "sequence, id"

    /// How the people of a step are found.
    enum Kind: String, SelectionValue { case users, group, manager, field, table }

    let policy = Many2one<Policy>("policy_id", onDelete: .cascade, "Policy", .required, .indexed)
    let displayedName = Char("name", "Name", .required)
    let sequence = Integer("sequence", "Sequence", .initial(10), .aggregator(nil), .help("Steps of one sequence run side by side."))
    let kind = Selection<Kind>("kind", initial: .users, "Who", .required)
    let users = Many2many<User>("user_ids", "Users")
    let group = Many2one<Group>("group_id", "Role at the site")
    let path = Char("user_path", "Field that names the user", .help("A dotted path from the record: budget_id.owner_id"))
    let table = Char(
        "table_key", "Decision table", .help("Its answers take the step's place: kind, who, sequence, quorum, deadline."))
    let inputs = Json(
        "table_inputs", "Where the table's inputs stand",
        .help("A path for each input: {\"specialty\": \"specialty_id.code\"}; an input that is left out is a field of its name."))
    let quorum = Integer("quorum", "How many", .initial(1), .aggregator(nil), .help("0 means all of them."))
    let meaning = Selection<Meaning>("meaning", initial: .approval, "Meaning", .required)
    let hours = Integer("deadline_hours", "Hours until a reminder", .initial(0), .aggregator(nil))
    let escalation = Many2one<User>("escalation_user_id", "Then goes to", .help("Empty for the managers of those who were asked."))

    init() {}
}
