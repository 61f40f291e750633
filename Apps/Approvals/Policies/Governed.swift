import DecisionTables
import Governance
import Kernel

/// Policies, categories and toxic pairs are governed: what holds is what was released, not what was written last.
enum Governed {
    static let policy = GovernedModel(
        "approval_policy", model: Policy.name, title: Policy.title,
        fields: [
            "name", "sequence", "active", "model", "action", "domain", "company_id", "relevant_fields", "excluded_fields",
            "excluded_actions", "document_kinds", "needs_proof",
        ],
        lines: [
            GovernedModel.Lines(
                "step_ids", model: PolicyStep.name, inverse: "policy_id",
                fields: [
                    "name", "sequence", "kind", "user_ids", "group_id", "user_path", "table_key", "table_inputs", "quorum", "meaning",
                    "deadline_hours", "escalation_user_id",
                ])
        ],
        check: { row, env in try PolicyCheck.problems(PolicyRow(row), env) })

    static let category = GovernedModel(
        "approval_category", model: Category.name, title: Category.title,
        fields: [
            "name", "active", "company_id", "approval_minimum", "approver_sequence", "manager_approval", "has_date", "has_period",
            "has_quantity", "has_amount", "has_reference", "has_partner", "has_location", "has_product", "requirer_document",
            "deadline_hours",
        ],
        lines: [
            GovernedModel.Lines(
                "approver_ids", model: CategoryApprover.name, inverse: "category_id", fields: ["user_id", "required", "sequence"])
        ],
        check: { row, env in try CategoryCheck.problems(CategoryRow(row), env) })

    static let pair = GovernedModel(
        "toxic_pair", model: SodRule.name, title: SodRule.title,
        fields: ["name", "reason", "active", "group_a_id", "model_a", "action_a", "group_b_id", "model_b", "action_b", "path"],
        check: { row, env in DefinitionProblem.found("pair") { try SodChecks.check(ToxicPair(row), env) } })

    static let all = [policy, category, pair]
}

extension ValueMap {
    /// A text of a released record; empty when there is none.
    func text(_ name: String) -> String { self[name]?.textValue ?? "" }
    /// A number of a released record.
    func number(_ name: String) -> Int { self[name]?.intValue ?? 0 }
    /// A flag of a released record.
    func flag(_ name: String) -> Bool { !(self[name]?.isFalsy ?? true) }
    /// The record that a released record points at.
    func link(_ name: String) -> Int? { self[name]?.intValue.flatMap { $0 > 0 ? $0 : nil } }
    /// The records that a released record points at.
    func links(_ name: String) -> [Int] { self[name]?.idList ?? [] }
    /// The lines of a released record.
    func lines(_ name: String) -> [ValueMap] { (self[name]?.listValue ?? []).compactMap(\.mapValue) }
}
