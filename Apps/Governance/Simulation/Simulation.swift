import Engine
import JSON
import Kernel
import Store

/// Holds a draft against what really happened in the last days, in units of work that are undone.
///
/// Each answer is a unit of its own in the writer's queue, so that other writes wait for one answer at most.
public struct Simulation: Sendable {
    /// The most days that are looked at.
    public static let dayLimit = 366
    /// The most events that are looked at, the newest ones; the report says when there were more.
    public static let eventLimit = 100_000
    /// The longest that a simulation may hold the writer in all its answers together.
    public static let writerSecondsLimit = 300.0
    /// The most simulations of one user that wait.
    public static let waitingLimit = 5
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

    /// Runs a simulation event by event and gives its report; nothing of it stays.
    public func run(_ id: Int) async throws -> SimulationReport {
        let plan = try await database.read(as: .system, superuser: true) { try SimulationPlan(id, in: $0) }
        let events = PastEvents(models: plan.models, since: plan.since)
        var report = ReplayReport()
        var state = PastState()
        var last = Int.max
        while report.isComplete, let (page, end) = try await events.next(before: last, in: database) {
            last = end
            for event in page {
                guard report.events < Simulation.eventLimit, report.held.total < Simulation.writerSecondsLimit else {
                    report.isComplete = false
                    break
                }
                try Task.checkCancellation()
                report.events += 1
                let event = state.passing(event)
                if plan.concerns(event) { report.add(event, try await answers(plan, event)) }
            }
        }
        return try await masked(report, plan)
    }

    /// Both answers to an event; in one unit when neither changes anything.
    private func answers(_ plan: SimulationPlan, _ event: PastEvent) async throws -> ReplayReport.Answers {
        var answers = ReplayReport.Answers()
        if let inForce = plan.inForce {
            let told = try await tell(inForce, plan, event)
            answers.before = told.answer
            answers.seconds.before = told.seconds
            answers.isGone = told.isGone
        }
        if answers.isGone { return answers }
        let told = try await tell(plan.draft, plan, event)
        answers.after = told.answer
        answers.seconds.after = told.seconds
        answers.isGone = told.isGone
        answers.held = max(answers.seconds.before, told.seconds)
        return answers
    }

    private struct Told: Sendable {
        var answer: ReplayAnswer?
        var seconds = 0.0
        var isGone = false
    }

    /// What a version answers to an event. A refusal is an answer too: whoever wrote would have met it.
    private func tell(_ replay: any Replay, _ plan: SimulationPlan, _ event: PastEvent) async throws -> Told {
        guard replay.concerns(event) else { return Told() }
        let start = ContinuousClock.now
        do {
            return try await database.rehearse(as: .system, superuser: true) { env in
                let begun = ContinuousClock.now
                var told = Told()
                let record = try env.records(event.model, [event.id])
                if try env.existing([event.id], in: record.model).isEmpty {
                    told.isGone = true
                } else {
                    try record.recall(event.since)
                    if try plan.applies(to: record) { told.answer = try replay.answer(to: event, in: env) }
                }
                told.seconds = Simulation.seconds(since: begun)
                return told
            }
        } catch let refusal as Refusal where !refusal.code.hasPrefix("store.") {
            return Told(answer: ReplayAnswer(["refused": .string(refusal.code)]), seconds: Simulation.seconds(since: start))
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
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
