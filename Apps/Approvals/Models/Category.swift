import Base
import Kernel

/// Whether a request of a category has a field.
enum FieldNeed: String, SelectionValue { case required, optional, no }

/// A sort of request that people make by hand: a business trip, an expense above the limit.
struct Category: Model {
    static let name = "approval.category"
    static let title = "Approval category"
    static let order = "sequence, id"

    /// Whether the requester's manager decides too.
    enum ManagerApproval: String, SelectionValue { case approver, required }
    /// Whether a request needs a file.
    enum DocumentNeed: String, SelectionValue { case required, optional }

    let displayedName = Char("name", "Name", .required, .translated)
    let sequence = Integer("sequence", "Sequence", .initial(10), .aggregator(nil))
    let text = Char("description", "Description")
    let image = Binary("image", "Image")
    let active = Flag("active", "Active", .initial(true))
    let company = Many2one<Company>("company_id", "Company", .indexed, .initially { .int($0.companyId) })
    let approvers = One2many<CategoryApprover>("approver_ids", inverse: \.category, "Approvers")
    let minimum = Integer("approval_minimum", "Minimum approval", .initial(1), .aggregator(nil))
    let inSequence = Flag("approver_sequence", "Approvers sequence", .initial(false))
    let manager = Selection<ManagerApproval>("manager_approval", "Employee's manager")
    let hasDate = Selection<FieldNeed>("has_date", initial: .no, "Has date")
    let hasPeriod = Selection<FieldNeed>("has_period", initial: .no, "Has period")
    let hasQuantity = Selection<FieldNeed>("has_quantity", initial: .no, "Has quantity")
    let hasAmount = Selection<FieldNeed>("has_amount", initial: .no, "Has amount")
    let hasReference = Selection<FieldNeed>("has_reference", initial: .no, "Has reference")
    let hasPartner = Selection<FieldNeed>("has_partner", initial: .no, "Has contact")
    let hasPayment = Selection<FieldNeed>("has_payment_method", initial: .no, "Has payment")
    let hasLocation = Selection<FieldNeed>("has_location", initial: .no, "Has location")
    let hasProduct = Selection<FieldNeed>("has_product", initial: .no, "Has product")
    let documents = Selection<DocumentNeed>("requirer_document", initial: .optional, "Documents")
    let type = Char("approval_type", "Approval type")
    let isNumbered = Flag("automated_sequence", "Automated sequence", .initial(false))
    let code = Char("sequence_code", "Code")
    let hours = Integer("deadline_hours", "Hours until a reminder", .initial(0), .aggregator(nil))

    static let constraints = [
        Constraint<Category>("approval_minimum") { category in
            guard category.minimum >= 1 else { throw Refusal.badQuorum(category.displayedName) }
        }
    ]

    init() {}
}

/// Somebody who decides about the requests of a category.
struct CategoryApprover: Model {
    static let name = "approval.category.approver"
    static let title = "Approver of a category"
    static let order = "sequence, id"
    static let nameField = "user_id"
    static let searchFields: [String] = []
    static let unique = [Unique("category_id", "user_id", message: "A user may not be in the approver list multiple times.")]

    let category = Many2one<Category>("category_id", onDelete: .cascade, "Category", .required, .indexed)
    let user = Many2one<User>("user_id", onDelete: .cascade, "User", .required)
    let required = Flag("required", "Required", .initial(false))
    let sequence = Integer("sequence", "Sequence", .initial(10), .aggregator(nil))

    init() {}
}
