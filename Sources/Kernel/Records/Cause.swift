/// What made something happen, and what made that happen: a chain that ends with a caller from outside.
///
/// Shape of a name: `rule:urgent-first@3`, kind, key and version of the definition at work.
public final class Cause: Sendable {
    /// The definition's kind, key and version.
    public let name: String
    /// The model of the records that it is at work on; empty when it is about none.
    public let model: String
    /// The records that it is at work on.
    public let ids: Set<Int>
    /// What led to it; nil when a caller from outside did.
    public let previous: Cause?
    /// How many causes the chain has, this one included.
    public let depth: Int

    init(_ name: String, model: String, ids: Set<Int>, previous: Cause?) {
        self.name = name
        self.model = model
        self.ids = ids
        self.previous = previous
        depth = (previous?.depth ?? 0) + 1
    }

    /// The names of the chain, the first cause first.
    public var chain: [String] { (previous?.chain ?? []) + [name] }

    /// Whether a cause of this name in the chain is at work on the record already.
    public func covers(_ name: String, _ model: String, _ id: Int) -> Bool {
        var cause: Cause? = self
        while let current = cause {
            if current.ids.contains(id), current.name == name, current.model == model { return true }
            cause = current.previous
        }
        return false
    }
}

extension Environment {
    /// The same environment, at work for a cause: it travels with every environment made from this one, and each line of the trail names it.
    ///
    /// - Parameter records: What the cause is at work on, for guards against running in circles.
    public func because(_ cause: String, on records: Records? = nil) -> Environment {
        let next = Cause(cause, model: records?.model.name ?? "", ids: Set(records?.ids ?? []), previous: self.cause)
        let made = Environment(unit: unit, user: user, context: context, isSuperuser: isSuperuser, companyIds: companyIds, cause: next)
        // The same user with the same reach: what access has said holds on.
        made.decisions = decisions
        made.unreachable = unreachable
        return made
    }

    /// Puts a line into the trail, with the cause where there is one.
    func note(_ kind: AuditEntry.Kind, _ model: ModelSchema, _ ids: [Int], _ detail: ValueMap = [:]) {
        unit.audit.append(AuditEntry(kind, model: model.name, ids: ids, userId: user.id, detail: explained(detail)))
    }

    /// A detail for the trail, with the cause where there is one.
    func explained(_ detail: ValueMap) -> ValueMap {
        guard let cause else { return detail }
        var detail = detail
        detail["because"] = .text(cause.name)
        if cause.previous != nil { detail["chain"] = .list(cause.chain.map { .text($0) }) }
        return detail
    }
}
