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
            for event in page where report.isComplete {
                try await look(at: state.reaching(event, now: plan.now), plan, &report)
                state.pass(event)
            }
        }
        for model in plan.restModels { try await lookAtRest(of: model, state, plan, &report) }
        return try await masked(report, plan)
    }

    /// Asks about one event, as long as no limit is reached.
    private func look(at event: PastEvent, _ plan: SimulationPlan, _ report: inout ReplayReport) async throws {
        guard report.events < Simulation.eventLimit, report.held.total < Simulation.writerSecondsLimit else {
            report.isComplete = false
            return
        }
        try Task.checkCancellation()
        report.events += 1
        if plan.concerns(event) { report.add(event, try await answers(plan, event)) }
    }

    /// Asks about each record of a model as it stood when the time that is looked at began.
    private func lookAtRest(of model: String, _ state: PastState, _ plan: SimulationPlan, _ report: inout ReplayReport) async throws {
        var last = 0
        while report.isComplete {
            let (after, changed) = (last, state.changed(model, after: last, limit: PastEvents.pageLimit))
            let ids = try await database.read(as: .system, context: ["active_test": false], superuser: true) { env in
                let schema = try env.registry.requireModel(model)
                let wanted = plan.rests(in: schema) | .where("id", .in, .ids(changed))
                return try env.search(schema, .where("id", .greater, .int(after)) & wanted, order: "id", limit: PastEvents.pageLimit).ids
            }
            guard let end = ids.last else { return }
            last = end
            for id in ids where report.isComplete {
                guard let event = state.standing(id, model, at: plan.since, now: plan.now) else { continue }
                try await look(at: event, plan, &report)
            }
        }
    }

    /// Both answers to an event; in one unit when neither changes anything.
    private func answers(_ plan: SimulationPlan, _ event: PastEvent) async throws -> ReplayReport.Answers {
        var answers = ReplayReport.Answers()
        if let inForce = plan.inForce {
            let told = try await tell(inForce, plan, event)
            answers.before = told.answer
            answers.seconds.before = told.seconds
            answers.isGone = told.isGone
            answers.subject = told.subject
        }
        if answers.isGone { return answers }
        let told = try await tell(plan.draft, plan, event)
        answers.after = told.answer
        answers.seconds.after = told.seconds
        answers.isGone = told.isGone
        answers.subject = answers.subject ?? told.subject
        answers.held = max(answers.seconds.before, told.seconds)
        return answers
    }

    private struct Told: Sendable {
        var answer: ReplayAnswer?
        var seconds = 0.0
        var isGone = false
        var subject: ReplayReport.Subject?
    }

    /// What a version answers to an event. A refusal is an answer too: whoever wrote would have met it.
    private func tell(_ replay: any Replay, _ plan: SimulationPlan, _ event: PastEvent) async throws -> Told {
        guard replay.concerns(event), event.kind != .stood || replay.looksAtRest else { return Told() }
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
                    if let subject = try Simulation.subject(of: event, replay, record, in: env) {
                        told.subject = subject.ids.first.map { ReplayReport.Subject(model: subject.model.name, id: $0) }
                        if try plan.applies(to: subject) { told.answer = try replay.answer(to: event, in: env) }
                    }
                }
                told.seconds = Simulation.seconds(since: begun)
                return told
            }
        } catch let refusal as Refusal where !refusal.code.hasPrefix("store.") {
            return Told(answer: ReplayAnswer(["refused": .string(refusal.code)]), seconds: Simulation.seconds(since: start))
        }
    }

    /// The record that an event is about, as it stood; nil when there is none, or it was not there yet.
    private static func subject(of event: PastEvent, _ replay: any Replay, _ record: Records, in env: Environment) throws -> Records? {
        guard let subject = try replay.subject(of: event, in: env), let id = subject.ids.first else { return nil }
        if subject.model === record.model, subject.ids == record.ids { return record }
        guard event.past.wasThere(id, in: subject.model.name) else { return nil }
        try subject.recall(event.past.values(of: id, in: subject.model.name))
        return subject
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
