import Kernel
import Store

extension JobRunner {
    /// One attempt in the trace of whoever made the job.
    func run(_ job: LeasedJob) async {
        let maker = job.payload[Trace.jobMember]?.textValue.flatMap { TraceContext(traceparent: $0) }
        guard let tracer = options.tracer else {
            let trace = maker.map { Trace(context: $0, requestId: "") }
            _ = await Trace.$current.withValue(trace) { await attempt(job) }
            return
        }
        let span = tracer.begin("job " + job.kind, .consumer, parent: maker)
        let isDone = await Trace.$current.withValue(Trace(context: span.context, requestId: "", tracer: tracer)) { await attempt(job) }
        span.end(
            isFailed: !isDone,
            [
                ("messaging.destination.name", .text(job.queue)), ("baton.job.kind", .text(job.kind)), ("baton.job.id", .int(job.id)),
                ("baton.job.attempt", .int(job.attempt)),
            ])
    }

    /// One attempt from its handler to the end of its lease; gives whether it ended well.
    private func attempt(_ job: LeasedJob) async -> Bool {
        do {
            guard let handler = handlers[job.kind] else { throw JobFailure.retry(inSeconds: 300, reason: "No handler knows \(job.kind).") }
            let ending = try await handler.attempt(job)
            try await complete(job, ending)
            tell(.completed(job))
            return true
        } catch {
            await fail(job, error)
            return false
        }
    }

    private func complete(_ job: LeasedJob, _ ending: @escaping JobHandler.Ending) async throws {
        try await database.write(as: .system, superuser: true) { env in
            // The lease first: a worker that lost it must not write.
            try JobTable(env)?.complete(job.lease, now: env.now)
            try ending(env)
        }
    }

    private func fail(_ job: LeasedJob, _ error: any Error) async {
        if JobRunner.isStale(error) { return tell(.leaseLost(job)) }
        let reason = JobRunner.reason(of: error)
        do {
            tell(.failed(job, try await record(job, error, reason), reason: reason))
        } catch {
            // The lease runs out and the job is taken again.
            tell(JobRunner.isStale(error) ? .leaseLost(job) : .unavailable(reason: JobRunner.reason(of: error)))
        }
    }

    /// Writes the failure down; a job that is discarded raises its exception in the same transaction.
    private func record(_ job: LeasedJob, _ error: any Error, _ reason: String) async throws -> JobState {
        let hook = onDiscard
        var isHopeless = false
        var seconds: Int?
        switch error as? JobFailure {
        case .hopeless?: isHopeless = true
        case .retry(let wait, _)?: seconds = wait
        case nil: break
        }
        return try await database.write(as: .system, superuser: true) { [isHopeless, seconds] env in
            guard let table = JobTable(env) else { return .discarded }
            if isHopeless {
                try table.discard(job.lease, error: reason, now: env.now)
            } else {
                let state = try table.fail(job.lease, error: reason, retryIn: seconds, now: env.now)
                if state != .discarded { return state }
            }
            try hook(job, reason, env)
            return .discarded
        }
    }

    static func isStale(_ error: any Error) -> Bool { (error as? Refusal)?.code == "job.stale_lease" }

    /// Why, without patient data: refusals hold none, of anything else only its type is told.
    static func reason(of error: any Error) -> String {
        switch error {
        case let failure as JobFailure: failure.reason
        case let refusal as Refusal: refusal.description
        case is CancellationError: "The attempt was cut short."
        default: "An unexpected failure: \(type(of: error))."
        }
    }
}
