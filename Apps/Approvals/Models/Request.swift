import Base
import Governance
import JSON
import Kernel

/// A request for approval: made by hand in a category, or put in the place of an action by a policy.
struct Request: Model {
    static let name = "approval.request"
    static let title = "Approval request"
    static let order = "id desc"
    static let hasChatter = true
    static let indexes = [["res_model", "res_id", "request_status"]]

    /// How far a request has come.
    enum Status: String, SelectionValue { case new, pending, approved, refused, cancel }

    let displayedName = Char("name", "Approval subject", .required, .tracked)
    let category = Many2one<Category>("category_id", onDelete: .restrict, "Category", .indexed)
    let owner = Many2one<User>("request_owner_id", "Request owner", .indexed, .initially { .int($0.user.id) })
    let approvers = One2many<Approver>("approver_ids", inverse: \.request, "Approvers")
    let decisions = One2many<Decision>("decision_ids", inverse: \.request, "Decisions")
    let status = Selection<Status>("request_status", initial: .new, "Status", .readonly, .tracked, .indexed, .notCopied)
    let company = Many2one<Company>("company_id", "Company", .indexed, .initially { .int($0.companyId) })
    let date = Datetime("date", "Date")
    let start = Datetime("date_start", "Date start")
    let end = Datetime("date_end", "Date end")
    let confirmedOn = Datetime("date_confirmed", "Date confirmed", .readonly, .notCopied)
    let quantity = Float("quantity", "Quantity")
    let amount = Float("amount", "Amount")
    let reference = Char("reference", "Reference")
    let partner = Many2one<Partner>("partner_id", "Contact")
    let location = Char("location", "Location")
    let reason = Html("reason", "Description")
    let lines = One2many<RequestLine>("product_line_ids", inverse: \.request, "Products")
    let attachments = Integer(
        "attachment_number", "Number of attachments", .aggregator(nil),
        .computedTogether { records in
            let env = records.env.asSuperuser("how many files a request has is no secret to whoever reads it")
            return try records.ids.map { .int(try env.count(Attachment.self, Evidence.files(of: Request.name, $0))) }
        })
    let userStatus = Selection<Approver.Status>(
        "user_status", "User status",
        .computedTogether(on: "approver_ids.status") { records in
            let own = records.env.user.id
            return try records.ids.map { id in
                let rows = Recordset<Approver>(try records.only(id).related("approver_ids"))
                return rows.first { $0.user?.id == own }?.status.map { .text($0.rawValue) } ?? .null
            }
        })
    /// Everybody who may see the request: its owner, who decides, and who stands in for them.
    let readers = Many2many<User>("reader_ids", "Visible to", .readonly, .notCopied)

    let policy = Many2one<Policy>("policy_id", onDelete: .restrict, "Policy", .readonly, .indexed, .notCopied)
    let cause = Char("policy_version", "Policy and version", .readonly, .notCopied)
    let released = Many2one<DefinitionVersion>("policy_version_id", onDelete: .restrict, "Version of the policy", .readonly, .notCopied)
    /// Which decision tables named the people, in which version, with which inputs and rows.
    let sources = Json("chain_sources", "How the people were found", .readonly, .notCopied)
    let recordModel = Char("res_model", "Record's model", .readonly, .notCopied)
    let record = Many2oneReference("res_id", modelField: "res_model", "Record", .readonly, .notCopied)
    let action = Char("action", "Action", .readonly, .notCopied)
    let actionTitle = Char("action_title", "What is asked for", .readonly, .notCopied)
    let arguments = Json("arguments", "Arguments", .readonly, .notCopied)
    /// SHA-256 of the content that is decided about.
    let seen = Char("seen_hash", "Content decided about", .readonly, .notCopied)
    let seenVersion = Integer("seen_version", "Record version", .readonly, .notCopied, .aggregator(nil))
    let round = Integer("round", "Round", .initial(0), .readonly, .notCopied, .aggregator(nil))
    let minimum = Integer("minimum", "Minimum approval", .initial(0), .readonly, .notCopied, .aggregator(nil))
    let question = Text("question", "Open question", .readonly, .notCopied)
    let asker = Many2one<User>("question_user_id", "Asked by", .readonly, .notCopied)
    let executedOn = Datetime("executed_on", "Action ran on", .readonly, .notCopied)

    static let actions = RequestActions.all
    static let lifecycle = Lifecycle<Request>(
        beforeCreate: { values, env in try RequestRules.complete(&values, env) },
        beforeWrite: { requests, values in try RequestRules.checkWrite(requests, values) },
        beforeDelete: { requests in try RequestRules.checkDelete(requests) })
    static let methods = [
        Method<Request>(
            "decide", ["decision", "comment", "meaning"],
            onRecords: { requests, arguments in try BulkDecisions.decide(requests, arguments) })
    ]

    init() {}
}

/// Something that a request asks for.
struct RequestLine: Model {
    static let name = "approval.product.line"
    static let title = "Product of a request"
    static let nameField = "description"
    static let owner: OwnerLink? = .link("approval_request_id")

    let request = Many2one<Request>("approval_request_id", onDelete: .cascade, "Request", .required, .indexed)
    let text = Char("description", "Description", .required)
    let quantity = Float("quantity", "Quantity", .initial(1))

    static let lifecycle = Lifecycle<RequestLine>(
        afterCreate: { lines in try RequestRules.checkLines(lines) },
        beforeWrite: { lines, _ in try RequestRules.checkLines(lines) },
        beforeDelete: { lines in try RequestRules.checkLines(lines) })

    init() {}
}
