import Governance
import JSON
import Kernel

/// A policy as it was released.
struct PolicyRow: Sendable {
    /// One step of it.
    struct Step: Sendable {
        var order: Int
        var name: String
        var kind: PolicyStep.Kind
        var users: [Int] = []
        var group: Int?
        var path = ""
        /// The decision table whose answers take the step's place, and where its inputs stand.
        var table = ""
        var inputs: [String: String] = [:]
        var quorum: Int
        var meaning = Meaning.approval
        var hours = 0
        var escalation: Int?
        /// The row of a decision table that it comes from; empty when the policy itself says it.
        var origin = ""
    }

    let id: Int
    let name: String
    let sequence: Int
    let isActive: Bool
    /// What the trail says: kind, key and version.
    let cause: String
    /// The `governance.version` that it comes from; 0 while it is checked.
    let version: Int
    let scope: VersionScope?
    let model: String
    let action: String
    let domain: DomainText
    let company: Int?
    let relevant: [String]
    let excluded: [String]
    let excludedActions: Set<String>
    let documents: [String]
    /// Whether whoever decides must have shown a moment ago that it is them.
    let needsProof: Bool
    let steps: [Step]

    init(_ row: GovernedRow, scope: VersionScope? = nil) {
        let values = row.values
        id = row.id
        cause = row.cause
        version = row.version?.id ?? 0
        self.scope = scope
        name = values.text("name")
        sequence = values.number("sequence")
        isActive = values.flag("active")
        model = values.text("model")
        action = values.text("action")
        domain = DomainText(values.text("domain").isEmpty ? "[]" : values.text("domain"))
        company = values.link("company_id")
        relevant = PolicyRow.names(values.text("relevant_fields"))
        excluded = PolicyRow.names(values.text("excluded_fields"))
        excludedActions = Set(PolicyRow.names(values.text("excluded_actions")))
        documents = PolicyRow.names(values.text("document_kinds"))
        needsProof = values.flag("needs_proof")
        steps = values.lines("step_ids").map { Step($0) }.sorted { $0.order < $1.order }
    }

    /// Names separated by commas.
    static func names(_ text: String) -> [String] { text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty } }

    /// Whether it is about a record, seen with the eyes of the machine.
    func applies(to id: Int, of records: Records) throws -> Bool {
        let env = records.env.asSuperuser("a policy holds whatever the caller may see")
        guard try isInForce(for: records.with(env), id) else { return false }
        let domain = try domain.domain(DomainNames(records.env))
        return try DomainResolver(env: env, model: records.model).resolve(domain).holds(for: id, of: records.model, in: env)
    }

    /// Whether this version is the one for a record's site.
    func isInForce(for seen: Records, _ id: Int) throws -> Bool {
        let site = try Seating.company(of: seen.only(id))
        if let scope, !scope.applies(to: site) { return false }
        return company == nil || company == site
    }
}

extension PolicyRow.Step {
    init(_ values: ValueMap) {
        self.init(
            order: values.number("sequence"), name: values.text("name"), kind: PolicyStep.Kind(rawValue: values.text("kind")) ?? .users,
            users: values.links("user_ids"), group: values.link("group_id"), path: values.text("user_path"),
            table: values.text("table_key"), inputs: PolicyRow.Step.inputs(values["table_inputs"] ?? .null),
            quorum: values.number("quorum"), meaning: Meaning(rawValue: values.text("meaning")) ?? .approval,
            hours: values.number("deadline_hours"), escalation: values.link("escalation_user_id"))
    }

    /// Paths by the names of a table's inputs.
    private static func inputs(_ value: Value) -> [String: String] {
        guard case .json(let json) = value, let object = json.objectValue else { return [:] }
        return Dictionary(object.members.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first }
    }
}
