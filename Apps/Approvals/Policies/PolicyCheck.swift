import Kernel

/// Refuses policies that could never work, when they are written.
enum PolicyCheck {
    /// The most steps of one policy.
    static let stepLimit = 20

    static func check(_ policy: Record<Policy>) throws {
        let env = policy.env
        let model = try env.registry.requireModel(policy.model)
        guard model.action(policy.action) != nil else {
            throw Refusal(
                "approval.policy_action", .validation, "'\(policy.model)' has no action '\(policy.action)'.",
                instruction: "Name one of: \(model.actions.map(\.name).joined(separator: ", ")).")
        }
        let text = DomainText(policy.domain.isEmpty ? "[]" : policy.domain)
        _ = try DomainResolver(env: env, model: model).resolve(try text.domain(DomainNames(env)))
        for name in PolicyRow.names(policy.relevant) { _ = try model.requireField(name) }
        for path in PolicyRow.names(policy.excluded) { try checkPath(path, from: model, env) }
        guard policy.steps.count <= stepLimit else {
            throw Refusal(
                "approval.too_many_steps", .limit, "A policy has at most \(stepLimit) steps.", instruction: "Join some of them.")
        }
        for step in policy.steps { try check(step, model, env) }
    }

    private static func check(_ step: Record<PolicyStep>, _ model: ModelSchema, _ env: Environment) throws {
        guard step.quorum >= 0, step.hours >= 0 else { throw Refusal.badQuorum(step.displayedName) }
        switch step.kind {
        case .users:
            guard step.users.count >= max(step.quorum, 1) else { throw Refusal.stepWithoutPeople(step.displayedName, "user_ids") }
        case .group: if step.group == nil { throw Refusal.stepWithoutPeople(step.displayedName, "group_id") }
        case .field: try checkPath(step.path, from: model, env)
        case .manager, nil: break
        }
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
