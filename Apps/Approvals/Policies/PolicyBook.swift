import Base
import Kernel

/// The policies and toxic pairs in force, as the guard uses them: made once, remembered until one of them changes.
struct PolicyBook: Sendable {
    /// Everything that it is made from.
    static let models = [Policy.name, PolicyStep.name, SodRule.name]

    /// Policies by model and action, in their order.
    let policies: [String: [String: [PolicyRow]]]
    /// Toxic pairs.
    let pairs: [ToxicPair]
    /// The models about which somebody has to know who did what.
    let watched: Set<String>
    /// The fields whose users are remembered, by model.
    let namedFields: [String: Set<String>]

    static func current(_ env: Environment) throws -> PolicyBook {
        try env.remembered("approvals.book", from: models) { try PolicyBook($0) }
    }

    private init(_ env: Environment) throws {
        var policies: [String: [String: [PolicyRow]]] = [:]
        for row in try PolicyRow.inForce(env) { policies[row.model, default: [:]][row.action, default: []].append(row) }
        let pairs = try ToxicPair.inForce(env)
        var fields: [String: Set<String>] = [:]
        for side in pairs.flatMap({ [$0.first, $0.second] }) {
            if let name = side.field { fields[side.model, default: []].insert(name) }
        }
        self.policies = policies
        self.pairs = pairs
        namedFields = fields
        watched = Set(policies.keys).union(pairs.flatMap { [$0.first.model, $0.second.model] }.filter { !$0.isEmpty })
    }

    /// The first policy that wants approval for an action of a record.
    func policy(for action: String, on records: Records, _ id: Int) throws -> PolicyRow? {
        try policies[records.model.name]?[action]?.first { try $0.applies(to: id, of: records) }
    }

    /// A policy by its record's id.
    func policy(_ id: Int) -> PolicyRow? { policies.values.lazy.flatMap(\.values).joined().first { $0.id == id } }
}

/// A policy away from its record.
struct PolicyRow: Sendable {
    /// One step of it.
    struct Step: Sendable {
        let order: Int
        let name: String
        let kind: PolicyStep.Kind
        let users: [Int]
        let group: Int?
        let path: String
        let quorum: Int
        let meaning: Meaning
        let hours: Int
        let escalation: Int?
    }

    let id: Int
    let name: String
    /// What the trail says: kind, key and version.
    let cause: String
    let model: String
    let action: String
    let domain: DomainText
    let company: Int?
    let relevant: [String]
    let excluded: [String]
    let excludedActions: Set<String>
    let documents: [String]
    let steps: [Step]

    /// Names separated by commas.
    static func names(_ text: String) -> [String] { text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty } }

    /// Whether it is about a record, seen with the eyes of the machine.
    func applies(to id: Int, of records: Records) throws -> Bool {
        let env = records.env.asSuperuser("a policy holds whatever the caller may see")
        let seen = records.with(env)
        if let company {
            guard let field = records.model.field("company_id"), try seen.value(id, field).intValue == company else { return false }
        }
        let domain = try domain.domain(DomainNames(records.env))
        return try DomainResolver(env: env, model: records.model).resolve(domain).holds(for: id, of: records.model, in: env)
    }
}

extension PolicyRow {
    /// Every policy in force, in order.
    static func inForce(_ env: Environment) throws -> [PolicyRow] {
        try env.search(Policy.self).map { PolicyRow($0) }
    }

    private init(_ policy: Record<Policy>) {
        id = policy.id
        name = policy.displayedName
        cause = "approval_policy:\(policy.id)@\(policy.version)"
        model = policy.model
        action = policy.action
        domain = DomainText(policy.domain.isEmpty ? "[]" : policy.domain)
        company = policy.company?.id
        relevant = PolicyRow.names(policy.relevant)
        excluded = PolicyRow.names(policy.excluded)
        excludedActions = Set(PolicyRow.names(policy.excludedActions))
        documents = PolicyRow.names(policy.documents)
        steps = policy.steps.map { step in
            Step(
                order: step.sequence, name: step.displayedName, kind: step.kind ?? .users, users: step.users.ids, group: step.group?.id,
                path: step.path, quorum: step.quorum, meaning: step.meaning ?? .approval, hours: step.hours,
                escalation: step.escalation?.id)
        }
    }
}
