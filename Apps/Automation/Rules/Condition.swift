import Kernel

/// A rule's condition on a record, made ready once where it says the same at every moment and for everybody.
struct Condition: Sendable {
    private let text: DomainText
    private let constant: Predicate?
    /// The model's own fields that it looks at.
    let fields: Set<String>

    /// A condition in Odoo's notation; nil for an empty one, which everything meets.
    init?(_ text: String, of model: ModelSchema, _ env: Environment) throws {
        if text.isEmpty { return nil }
        self.text = DomainText(text)
        let domain = try self.text.domain(RuleNames.names(env))
        if case .all = domain { return nil }
        fields = Set(domain.paths.compactMap { $0.split(separator: ".").first.map(String.init) })
        let predicate = try env.asSuperuser("a rule says itself what it looks at").predicate(model, domain)
        constant = self.text.names.isEmpty && predicate.isConstant ? predicate : nil
    }

    /// Those of the records that meet it now.
    func filter(_ ids: [Int], _ records: Records) throws -> [Int] {
        try predicate(records).filter(ids, of: records.model, in: records.env)
    }

    /// Those of the records that met it when fields had other values.
    func filter(_ ids: [Int], _ records: Records, before: [Int: [Int: Value]]) throws -> [Int] {
        let model = records.model
        return try predicate(records).filter(ids, of: model, in: records.env) { owner, id, field in
            owner === model ? before[id]?[field.slot] : nil
        }
    }

    private func predicate(_ records: Records) throws -> Predicate {
        if let constant { return constant }
        let env = records.env
        let domain = try text.domain(RuleNames.names(env))
        return try env.asSuperuser("a rule says itself what it looks at").predicate(records.model, domain)
    }
}

extension Predicate {
    /// Whether it means the same at every moment: nothing in it was reckoned from now, or looked up.
    var isConstant: Bool {
        switch self {
        case .all, .none, .unset, .like: true
        case .and(let parts), .or(let parts): parts.allSatisfy(\.isConstant)
        case .not(let inside), .linked(_, let inside): inside.isConstant
        case .compare(_, _, let value): !value.isMoment
        case .contained(_, let values): !values.contains(where: \.isMoment)
        case .part, .inTree, .owned: false
        }
    }
}

extension Value {
    fileprivate var isMoment: Bool {
        switch self {
        case .day, .instant: true
        default: false
        }
    }
}
