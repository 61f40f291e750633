import Base
import Governance
import Kernel

/// A category as it was released.
struct CategoryRow: Sendable {
    /// Somebody who decides about its requests.
    struct Seat: Sendable {
        let user: Int
        let isRequired: Bool
    }

    let id: Int
    let name: String
    let cause: String
    let version: Int
    let isActive: Bool
    let seats: [Seat]
    let minimum: Int
    let isInSequence: Bool
    let manager: Category.ManagerApproval?
    let needsFile: Bool
    let hours: Int
    /// The fields that a request has to have.
    let required: [String]

    init(_ row: GovernedRow) {
        let values = row.values
        id = row.id
        name = values.text("name")
        cause = row.cause
        version = row.version?.id ?? 0
        isActive = values.flag("active")
        seats = values.lines("approver_ids").map { (order: $0.number("sequence"), line: $0) }.sorted { $0.order < $1.order }
            .compactMap { entry in entry.line.link("user_id").map { Seat(user: $0, isRequired: entry.line.flag("required")) } }
        minimum = values.number("approval_minimum")
        isInSequence = values.flag("approver_sequence")
        manager = Category.ManagerApproval(rawValue: values.text("manager_approval"))
        needsFile = values.text("requirer_document") == Category.DocumentNeed.required.rawValue
        hours = values.number("deadline_hours")
        required = CategoryRow.fields.filter { values.text($0.need) == FieldNeed.required.rawValue }.flatMap(\.fields)
    }

    private static let fields: [(need: String, fields: [String])] = [
        ("has_date", ["date"]), ("has_period", ["date_start", "date_end"]), ("has_quantity", ["quantity"]), ("has_amount", ["amount"]),
        ("has_reference", ["reference"]), ("has_partner", ["partner_id"]), ("has_location", ["location"]),
        ("has_product", ["product_line_ids"]),
    ]

    /// The version in force of a category.
    ///
    /// - Throws: `approval.category_not_released`.
    static func require(_ category: Record<Category>) throws -> CategoryRow {
        let rows = try category.env.remembered("approvals.categories", from: Definitions.models) { env in
            let rows = try GovernedRows.scopes(Governed.category.name, in: env).map { (CategoryRow($0.row), $0.scope) }
            return Dictionary(grouping: rows, by: \.0.id)
        }
        let site = category.company?.id ?? category.env.companyId
        guard let row = rows[category.id]?.first(where: { $0.1.applies(to: site) })?.0, row.isActive else {
            throw Refusal.categoryNotReleased(category.displayedName)
        }
        return row
    }
}

/// Refuses categories whose requests nobody could decide, when they are released.
enum CategoryCheck {
    static func problems(_ row: CategoryRow, _ env: Environment) throws -> [DefinitionProblem] {
        let known = Set(try env.search(User.self, .where("id", .in, .ids(row.seats.map(\.user)))).ids)
        let gone = row.seats.indices.filter { !known.contains(row.seats[$0].user) }.map { place in
            DefinitionProblem(
                "approver_ids[\(place)]", "User \(row.seats[place].user) is not there any more, or is archived.",
                remedy: "Name somebody else.")
        }
        let people = row.seats.count + (row.manager == nil ? 0 : 1)
        guard row.isActive, people < max(row.minimum, 1) else { return gone }
        return gone + [
            DefinitionProblem(
                "approver_ids", "\(row.minimum) have to agree, and \(people) may decide.",
                remedy: "Name more approvers, or lower approval_minimum.")
        ]
    }
}
