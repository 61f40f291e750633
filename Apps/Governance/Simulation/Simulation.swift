import Engine
import Foundation
import JSON
import Kernel
import Store

/// Holds a draft against what really happened in the last days, in units of work that are undone.
public struct Simulation: Sendable {
    /// The most days that are looked at.
    public static let dayLimit = 366
    /// The most events that are looked at; the report says when there were more.
    public static let eventLimit = 100_000
    /// The kind of its jobs.
    static let jobKind = "governance.simulate"

    let database: Database

    /// Simulations on a database.
    public init(_ database: Database) { self.database = database }

    /// What a runner is given.
    public var handler: JobHandler {
        JobHandler(
            Simulation.jobKind,
            outside: { job in
                guard let id = job.payload["simulation"]?.intValue else {
                    throw JobFailure.hopeless(reason: "The job names no simulation.")
                }
                let report = try await run(id)
                return { env in
                    let record = env.record(SimulationRun.self, id)
                    try record.write(["state": "done", "report": .json(report.report), "finished_on": .instant(env.now)])
                }
            })
    }

    /// Runs a simulation piece by piece and gives its report; nothing of it stays.
    public func run(_ id: Int) async throws -> SimulationReport {
        let plan = try await database.read(as: .system, superuser: true) { try SimulationPlan(id, in: $0) }
        let events = PastEvents(models: plan.models, since: plan.since)
        var report = ReplayReport()
        var last = 0
        while let (piece, end) = try await events.next(after: last, in: database) {
            guard report.events < Simulation.eventLimit else {
                report.isComplete = false
                break
            }
            last = end
            report.add(try await database.rehearse(as: .system, superuser: true) { env in try Simulation.replay(piece, plan, env) })
        }
        return try await masked(report, plan)
    }

    /// Both contents on the same events, one after the other, each failure counted and none stopping the rest.
    private static func replay(_ events: [PastEvent], _ plan: SimulationPlan, _ env: Environment) throws -> ReplayReport {
        guard let kind = try Definitions.kind(plan.kind, in: env) as? any ReplayableKind else { throw Refusal.notReplayable(plan.kind) }
        var report = ReplayReport()
        for event in events {
            var before: ReplayAnswer?
            let start = Date()
            if let content = plan.inForce { before = try? kind.answer(content, to: event, in: env) }
            let middle = Date()
            do {
                let after = try kind.answer(plan.draft, to: event, in: env)
                report.add(event, before: before, after: after)
            } catch {
                report.events += 1
                let code = (error as? Refusal)?.code ?? "unknown"
                report.failures[code, default: 0] += 1
            }
            report.seconds.before += middle.timeIntervalSince(start)
            report.seconds.after += Date().timeIntervalSince(middle)
        }
        return report
    }

    /// Leaves out the examples that whoever asked may not read.
    private func masked(_ report: ReplayReport, _ plan: SimulationPlan) async throws -> SimulationReport {
        let examples = report.examples
        let visible = try await database.read(as: plan.user) { env in
            try examples.map { example in
                guard let model = env.registry.model(example.model), env.allows(.read, on: model) else { return false }
                return try !env.search(model, .where("id", .equal, .int(example.id)), limit: 1).isEmpty
            }
        }
        var shown = report
        shown.examples = zip(examples, visible).filter(\.1).map(\.0)
        return SimulationReport(
            events: report.events, concerned: report.concerned, changed: report.changed,
            report: shown.json(days: plan.days, against: plan.against))
    }
}

/// What a simulation found.
public struct SimulationReport: Sendable {
    /// How many events were looked at.
    public let events: Int
    /// How many of them concerned one of the contents.
    public let concerned: Int
    /// To how many the draft would have answered differently.
    public let changed: Int
    /// The whole report, as it is kept.
    public let report: JSON
}

/// What is to be held against what.
struct SimulationPlan: Sendable {
    let kind: String
    let draft: JSON
    let inForce: JSON?
    let against: String?
    let models: Set<String>
    let days: Int
    let since: Instant
    let user: Int

    init(_ id: Int, in env: Environment) throws {
        let run = env.record(SimulationRun.self, id)
        guard let version = run.draft else { throw Refusal.notReplayable("") }
        guard let kind = try Definitions.kind(version.kind, in: env) as? any ReplayableKind else {
            throw Refusal.notReplayable(version.kind)
        }
        let present = try Definitions.inForce(version.kind, version.key, company: version.company?.id, in: env)
        self.kind = version.kind
        draft = version.content
        inForce = present?.content
        against = present?.cause
        models = try kind.models(of: version.content, in: env).union(present.map { try kind.models(of: $0.content, in: env) } ?? [])
        days = run.days
        since = env.now - run.days * 86_400
        user = run.user?.id ?? 0
    }
}

extension Refusal {
    static func notReplayable(_ kind: String) -> Refusal {
        Refusal(
            "governance.not_replayable", .validation, "Definitions of the kind '\(kind)' cannot be held against past events.",
            instruction: "Try the draft with the tests inside it.")
    }

    static func badDays() -> Refusal {
        Refusal(
            "governance.bad_days", .validation, "A simulation looks at 1 to \(Simulation.dayLimit) days.",
            instruction: "Give days in that range.")
    }
}
