import Base
import DecisionTables
import Governance
import Kernel

/// Refuses policies that could never work: what makes no sense when they are written, what nobody could decide when they are released.
enum PolicyCheck {
    /// The most steps of one policy, those of its decision tables included.
    static let stepLimit = 20

    /// Refuses a policy's record whose parts do not fit each other.
    static func check(_ policy: Record<Policy>) throws {
        let row = PolicyRow(try GovernedRows.present(policy.id, of: Governed.policy, in: policy.env))
        for part in parts(row, policy.env) { try part.check() }
    }

    /// What keeps a policy from being released, with the places.
    static func problems(_ row: PolicyRow, _ env: Environment) throws -> [DefinitionProblem] {
        let found = parts(row, env).flatMap { DefinitionProblem.found($0.place, $0.check) }
        guard found.isEmpty, let model = env.registry.model(row.model) else { return found }
        if row.isActive, row.steps.isEmpty {
            return [DefinitionProblem("step_ids", "Nobody is asked: the policy has no step.", remedy: "Add a step that says who decides.")]
        }
        return try row.steps.enumerated().flatMap { place, step in try people(step, "step_ids[\(place)]", row, model, env) }
    }

    private struct Part {
        let place: String
        let check: () throws -> Void
    }

    private static func parts(_ row: PolicyRow, _ env: Environment) -> [Part] {
        guard let model = env.registry.model(row.model) else {
            return [Part(place: "model") { _ = try env.registry.requireModel(row.model) }]
        }
        var parts = [
            Part(place: "action") { try checkAction(row, model) },
            Part(place: "domain") { _ = try DomainResolver(env: env, model: model).resolve(try row.domain.domain(DomainNames(env))) },
            Part(place: "step_ids") {
                guard row.steps.count <= stepLimit else { throw Refusal.tooManySteps() }
            },
        ]
        parts += row.relevant.map { name in Part(place: "relevant_fields") { _ = try model.requireField(name) } }
        parts += row.excluded.map { path in Part(place: "excluded_fields") { try checkPath(path, from: model, env) } }
        parts += row.steps.enumerated().map { place, step in Part(place: "step_ids[\(place)]") { try check(step, model, env) } }
        return parts
    }

    private static func checkAction(_ row: PolicyRow, _ model: ModelSchema) throws {
        guard model.action(row.action) == nil else { return }
        throw Refusal(
            "approval.policy_action", .validation, "'\(row.model)' has no action '\(row.action)'.",
            instruction: "Name one of: \(model.actions.map(\.name).joined(separator: ", ")).")
    }

    private static func check(_ step: PolicyRow.Step, _ model: ModelSchema, _ env: Environment) throws {
        guard step.quorum >= 0, step.hours >= 0 else { throw Refusal.badQuorum(step.name) }
        switch step.kind {
        case .users:
            guard step.users.count >= max(step.quorum, 1) else { throw Refusal.stepWithoutPeople(step.name, "user_ids") }
        case .group: if step.group == nil { throw Refusal.stepWithoutPeople(step.name, "group_id") }
        case .field: try checkPath(step.path, from: model, env)
        case .table: if step.table.isEmpty { throw Refusal.stepWithoutPeople(step.name, "table_key") }
        case .manager: break
        }
    }

    /// Whether a step's people are there.
    private static func people(
        _ step: PolicyRow.Step, _ place: String, _ row: PolicyRow, _ model: ModelSchema, _ env: Environment
    ) throws -> [DefinitionProblem] {
        let found: Int
        switch step.kind {
        case .users: found = try Seating.active(step.users, env).count
        case .group: found = try Seating.members(of: step.group.map { [$0] } ?? [], at: row.company, env).count
        case .table: return try TableCheck.problems(step, place, row, model, env)
        case .manager, .field: return []
        }
        guard row.isActive, found < max(step.quorum, 1) else { return [] }
        return [
            DefinitionProblem(
                place, "'\(step.name)' needs \(max(step.quorum, 1)) to agree, and \(found) may decide.",
                remedy: step.kind == .group ? "Give the role to somebody, or name another one." : "Name more people who are active.")
        ]
    }

    /// A path must end at a user or a contact.
    static func checkPath(_ path: String, from model: ModelSchema, _ env: Environment) throws {
        var model = model
        for name in path.split(separator: ".") {
            guard let comodel = try model.requireField(String(name)).kind.comodel else {
                throw Refusal.badPath(path, model.name)
            }
            model = try env.registry.requireModel(comodel)
        }
        guard ["res.users", "res.partner"].contains(model.name), !path.isEmpty else { throw Refusal.badPath(path, model.name) }
    }
}
