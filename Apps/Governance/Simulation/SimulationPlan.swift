import JSON
import Kernel

/// What is to be held against what.
struct SimulationPlan: Sendable {
    let draft: any Replay
    let inForce: (any Replay)?
    let against: String?
    let models: Set<String>
    /// The models whose records are looked at even if nothing happened to them.
    let restModels: [String]
    let sites: Set<Int>
    let days: Int
    let since: Instant
    let now: Instant
    let user: Int

    init(_ id: Int, in env: Environment) throws {
        let run = env.record(SimulationRun.self, id)
        guard let version = run.draft else { throw Refusal.notReplayable("") }
        try self.init(version, days: run.days, user: run.user?.id ?? 0)
    }

    /// - Throws: `governance.not_replayable`, or why this content cannot be held against past events.
    init(_ version: Record<DefinitionVersion>, days: Int, user: Int) throws {
        let env = version.env
        guard let kind = try Definitions.kind(version.kind, in: env) as? any ReplayableKind else {
            throw Refusal.notReplayable(version.kind)
        }
        let sites = version.sites.ids
        let company = version.company?.id ?? sites.first
        let present = try Definitions.inForce(version.kind, version.key, company: company, in: env)
        let draft = try kind.replay(ReplaySubject(version), in: env)
        let inForce = try present.map { try kind.replay(ReplaySubject($0), in: env) }
        self.draft = draft
        self.inForce = inForce
        against = present?.cause
        models = draft.models.union(inForce?.models ?? [])
        self.sites = Set(version.company.map { [$0.id] } ?? []).union(sites)
        self.days = days
        now = env.now
        since = env.now - days * 86_400
        let resting = [draft] + (inForce.map { [$0] } ?? [])
        restModels = Set(resting.filter(\.looksAtRest).flatMap(\.models)).sorted()
        self.user = user
    }

    func concerns(_ event: PastEvent) -> Bool { draft.concerns(event) || inForce?.concerns(event) ?? false }

    /// The records of a model that can matter although nothing happened to them.
    func rests(in model: ModelSchema) -> Domain {
        ([draft] + (inForce.map { [$0] } ?? [])).filter { $0.looksAtRest && $0.models.contains(model.name) }
            .map { $0.rests(in: model) }.reduce(Domain.none) { $0 | $1 }
    }

    /// Whether a record is of the sites that the draft is for.
    func applies(to record: Records) throws -> Bool {
        guard !sites.isEmpty, let field = record.model.field("company_id"), field.kind.comodel == "res.company" else { return true }
        return try record.value("company_id").idList?.first.map(sites.contains) ?? true
    }
}

extension Refusal {
    static func notReplayable(_ kind: String) -> Refusal {
        Refusal(
            "governance.not_replayable", .validation, "Definitions of the kind '\(kind)' cannot be held against past events.",
            instruction: "Try the draft with the tests inside it.")
    }

    /// A version whose kind can be held against past events, but which itself cannot.
    public static func notReplayable(_ cause: String, because reason: String) -> Refusal {
        Refusal(
            "governance.not_replayable", .validation, "\(cause) cannot be held against past events: \(reason)",
            instruction: "Try the draft with the tests inside it, or on a copy of the data.")
    }

    static func badDays() -> Refusal {
        Refusal(
            "governance.bad_days", .validation, "A simulation looks at 1 to \(Simulation.dayLimit) days.",
            instruction: "Give days in that range.")
    }

    static func tooManySimulations() -> Refusal {
        Refusal(
            "governance.too_many_simulations", .limit, "\(Simulation.waitingLimit) simulations of yours wait already.",
            instruction: "Wait for their reports.")
    }
}
