import Kernel

/// Starts, rests and stops clocks when records change.
struct ClockObserver: RecordObserver {
    /// Models whose records never have clocks: the machine's own.
    private static let closed: Set<String> = [
        "mail.message", "mail.tracking.value", "mail.followers", "mail.notification", Policy.name, Clock.name, ClockRecordEvent.name,
        CalendarVersion.name,
    ]

    func events(of model: ModelSchema) -> RecordEvents {
        ClockObserver.closed.contains(model.name) ? [] : [.created, .writing, .recomputed, .deleting]
    }

    func created(_ records: Records, values: [ValueMap]) throws {
        let policies = try ClockObserver.policies(records)
        for policy in policies { for id in records.ids { try ClockJudge(policy, records, id).judge() } }
    }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        let policies = try ClockObserver.policies(records)
        if policies.isEmpty { return nil }
        let touched = policies.filter { policy in fields.contains { policy.fields.contains($0.slot) } }
        return touched.isEmpty ? nil : Follower(records: records, policies: touched)
    }

    func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool {
        let table = try? PolicyTable.current(Environment(unit: unit, user: .system, isSuperuser: true))
        return table?.byModel[model.index]?.contains { $0.fields.contains(field.slot) } ?? false
    }

    func recomputed(_ records: Records, changes: [RecordChange]) throws {
        let policies = try ClockObserver.policies(records)
        if policies.isEmpty { return }
        let slots = Set(changes.map(\.field.slot))
        for policy in policies where !policy.fields.isDisjoint(with: slots) {
            for id in records.ids { try ClockJudge(policy, records, id).judge() }
        }
    }

    func deleting(_ records: Records) throws {
        if try ClockObserver.policies(records).isEmpty { return }
        let env = records.env.asSuperuser("clocks go with their record")
        let own = Domain.where("res_model", .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids))
        try env.search(Clock.self, own).unlink()
    }

    private static func policies(_ records: Records) throws -> [CompiledPolicy] {
        try PolicyTable.current(records.env).byModel[records.model.index] ?? []
    }

    private struct Follower: WriteFollower {
        let records: Records
        let policies: [CompiledPolicy]

        func written() throws {
            for policy in policies { for id in records.ids { try ClockJudge(policy, records, id).judge() } }
        }
    }
}

/// Decides what one service level's clock of one record does now.
struct ClockJudge {
    private let policy: CompiledPolicy
    private let records: Records
    private let id: Int
    private let env: Environment

    init(_ policy: CompiledPolicy, _ records: Records, _ id: Int) {
        self.policy = policy
        env = records.env.asSuperuser("clocks run whoever changes a record")
        self.records = Records(records.model, [id], env)
        self.id = id
    }

    func judge() throws {
        let isStarted = try holds(policy.start)
        let isDone = try policy.stop.map(holds) ?? !isStarted
        let isVoid = try policy.void.map(holds) ?? false
        let company = try ClockJudge.company(of: records)
        guard let clock = try openClock() else {
            guard policy.scope.applies(to: company) else { return }
            guard isStarted, !isDone, !isVoid, policy.companies.isEmpty || company.map(policy.companies.contains) ?? false else { return }
            let clock = try ClockWriter(env).start(policy, on: records, company: company)
            if try policy.pause.map(holds) ?? false { try ClockWriter(env).add(.pause, to: clock, because: policy.cause) }
            return
        }
        guard policy.scope.applies(to: company) || clock.policy?.id == policy.id else { return }
        if isVoid { return try ClockWriter(env).add(.stop, to: clock, because: policy.cause, outcome: .void) }
        if isDone { return try ClockWriter(env).add(.stop, to: clock, because: policy.cause) }
        try promise(clock, company)
        let mustRest = try policy.pause.map(holds) ?? false
        if clock.state == .running, mustRest { return try ClockWriter(env).add(.pause, to: clock, because: policy.cause) }
        if clock.state == .paused, !mustRest, try policy.resume.map(holds) ?? true {
            try ClockWriter(env).add(.resume, to: clock, because: policy.cause)
        }
    }

    /// Another promise, when what its decision table is asked with has changed since.
    private func promise(_ clock: Record<Clock>, _ company: Int?) throws {
        if policy.promise.table.isEmpty { return }
        let known = try ClockReader(clock).events().last { !$0.inputs.isNull }?.inputs["inputs"] ?? .null
        guard policy.promise.inputs(of: records, company: company) != known else { return }
        let promise = try policy.promise.promise(for: records, company: company)
        guard promise.minutes != clock.target || promise.warn != clock.warn else { return }
        try ClockWriter(env).change(clock, to: promise, because: policy.cause)
    }

    private func holds(_ condition: PolicyCondition) throws -> Bool { try condition.holds(id, records.model, env) }

    /// The clock of this service level that is not stopped, whatever version it was started with.
    private func openClock() throws -> Record<Clock>? {
        let open =
            Domain.where("res_model", .equal, .text(records.model.name)) & .where("res_id", .equal, .int(id))
            & .where("policy_key", .equal, .text(policy.promise.key)) & .where("state", .in, ["running", "paused"])
        return try env.search(Clock.self, open, limit: 1).first
    }

    /// The site of a record; a part of a record stands at the site of its whole.
    static func company(of records: Records) throws -> Int? {
        if records.model.field("company_id") != nil { return try records.value("company_id").intValue }
        guard case .link(let name)? = records.model.owner else { return nil }
        let owner = try records.related(name)
        guard owner.model.field("company_id") != nil else { return nil }
        return try owner.value("company_id").intValue
    }
}
