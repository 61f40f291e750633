/// The only bag: who acts, when, in which unit of work, and with which context.
///
/// Not `Sendable`: an environment stays in its unit of work and on its thread.
public final class Environment {
    /// The transaction with everything that belongs to it.
    public let unit: UnitOfWork
    /// Who acts.
    public let user: UserContext
    /// Odoo's context: `lang`, `tz`, `active_test`, `default_…`, `allowed_company_ids`, `expected_version`.
    public let context: ValueMap
    /// Whether access is not asked. Only `asSuperuser` makes it so.
    public let isSuperuser: Bool
    /// Companies whose records are in reach, the current one first.
    public let companyIds: [Int]
    /// What made this environment's work happen; nil when a caller from outside did.
    public let cause: Cause?
    /// What access has said already, per model and operation.
    var decisions: [AccessKey: Predicate] = [:]
    /// Listed records that turned out to be out of reach, by model.
    var unreachable: [Int: Set<Int>] = [:]

    package init(
        unit: UnitOfWork, user: UserContext, context: ValueMap = [:], isSuperuser: Bool = false, companyIds: [Int]? = nil,
        cause: Cause? = nil
    ) {
        self.unit = unit
        self.user = user
        self.context = context
        self.isSuperuser = isSuperuser
        self.cause = cause
        self.companyIds = companyIds ?? user.companyIds
    }

    /// Every model that there is.
    public var registry: Registry { unit.registry }
    /// The moment at which the unit of work began.
    public var now: Instant { unit.now }
    /// Today where the user is.
    public var today: Day { (unit.now + unit.zoneOffset(user.timeZone, at: unit.now)).day }
    /// The current company.
    public var companyId: Int { companyIds.first ?? user.companyId }

    /// The same unit of work without access checks; the reason says why, where it is called, for whoever greps.
    public func asSuperuser(_ reason: StaticString) -> Environment {
        if isSuperuser { return self }
        return Environment(unit: unit, user: user, context: context, isSuperuser: true, companyIds: companyIds, cause: cause)
    }

    /// The same unit of work for another user, with access checked for that user.
    public func with(user: UserContext) -> Environment { Environment(unit: unit, user: user, context: context, cause: cause) }

    /// The same environment with more context.
    public func with(context: ValueMap) throws -> Environment {
        try Environment.scoped(unit: unit, user: user, context: self.context.merging(context), isSuperuser: isSuperuser, cause: cause)
    }

    /// An environment whose companies follow the context's `allowed_company_ids`.
    package static func scoped(
        unit: UnitOfWork, user: UserContext, context: ValueMap, isSuperuser: Bool = false, cause: Cause? = nil
    ) throws -> Environment {
        var companies: [Int]?
        if let asked = context["allowed_company_ids"]?.idList, !asked.isEmpty {
            guard isSuperuser || asked.allSatisfy(user.companyIds.contains) else { throw Refusal.wrongCompanies() }
            companies = asked
        }
        return Environment(unit: unit, user: user, context: context, isSuperuser: isSuperuser, companyIds: companies, cause: cause)
    }

    /// The same environment once the version that the caller expected has been found: what follows from a change is not the caller's.
    func withoutExpectedVersion() -> Environment {
        if context["expected_version"] == nil { return self }
        var rest = context
        rest["expected_version"] = nil
        return Environment(unit: unit, user: user, context: rest, isSuperuser: isSuperuser, companyIds: companyIds, cause: cause)
    }

    /// Records of a Swift model by id; nothing is read yet.
    public func records<M: Model>(_ type: M.Type, _ ids: [Int]) -> Recordset<M> { Recordset(Records(registry.schema(type), ids, self)) }

    /// One record of a Swift model by id; nothing is read yet.
    public func record<M: Model>(_ type: M.Type, _ id: Int) -> Record<M> {
        Record(id: id, records: Records(registry.schema(type), [id], self))
    }

    /// Records of a model by name; nothing is read yet.
    public func records(_ model: String, _ ids: [Int]) throws -> Records { Records(try registry.requireModel(model), ids, self) }
}

/// What a remembered decision of access is about.
struct AccessKey: Hashable {
    let model: Int
    let operation: AccessOperation
}
