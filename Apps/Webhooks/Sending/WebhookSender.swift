import Base
import Engine
import Exceptions
import Kernel
import Store

/// Sends the deliveries that wait: the handler of `webhook.send` jobs, whose payload names the delivery by `delivery_id`.
///
/// A delivery keeps its `webhook-id` over all attempts, so that a receiver knows one that came twice.
public struct WebhookSender: Sendable {
    /// The kind of its jobs.
    public static let jobKind = "webhook.send"
    /// The queue of its jobs.
    public static let queue = "webhooks"

    private let database: Database
    private let transport: any WebhookTransport
    /// Threads that wait for receivers.
    private let threads: WorkerPool

    /// A sender through a transport.
    /// - Parameter threads: How many messages may be on their way at a time.
    public init(database: Database, transport: any WebhookTransport = HTTPTransport(), threads: Int = 4) {
        self.database = database
        self.transport = transport
        self.threads = WorkerPool(threads: threads, name: "webhooks")
    }

    /// What a `JobRunner` is given.
    public var handler: JobHandler { JobHandler(WebhookSender.jobKind, outside: { job in try await send(job) }) }

    /// Lets the threads end after what they do already.
    public func stop() { threads.stop() }

    private func send(_ job: LeasedJob) async throws -> JobHandler.Ending {
        guard let id = job.payload["delivery_id"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no delivery.") }
        guard let draft = try await prepare(id) else { return { _ in } }
        let outcome = await attempt(draft)
        let attempt = draft.round + 1
        switch outcome.verdict {
        case .delivered: return { env in try Report.delivered(id, outcome, env) }
        case .gone: return { env in try Report.gone(id, outcome, env) }
        case .failed(let isFinal):
            if isFinal || attempt >= draft.maxAttempts || job.attempt >= job.maxAttempts {
                return { env in try Report.dead(id, outcome, env) }
            }
            let seconds = max(RetrySchedule.seconds(after: attempt, salt: id), min(outcome.retryAfter, RetrySchedule.longestAsked))
            try await database.write(as: .system, superuser: true) { env in try Report.retrying(id, outcome, inSeconds: seconds, env) }
            throw JobFailure.retry(inSeconds: seconds, reason: outcome.reason)
        }
    }

    /// What is needed of a delivery; nil when it is gone, went out already, or was called off.
    private func prepare(_ id: Int) async throws -> Draft? {
        try await database.read(as: .system, superuser: true) { env -> Draft? in
            guard try !env.existing([id], in: env.registry.schema(WebhookDelivery.self)).isEmpty else { return nil }
            let delivery = env.record(WebhookDelivery.self, id)
            guard [.pending, .retrying].contains(delivery.state) else { return nil }
            let endpoint = delivery.endpoint
            let receiver = try endpoint.flatMap { try Receiver.find($0.id, env) }
            let setting = try env.search(Parameter.self, .where("key", .equal, .text(Webhooks.allowedNetworks)), limit: 1).first
            return Draft(
                messageId: delivery.messageId, url: delivery.url, body: Array(delivery.payload.utf8),
                secrets: try endpoint.map { try WebhookEndpoint.secrets(of: $0, at: env.now) } ?? [],
                isDisabled: endpoint?.state == .disabled, timeout: receiver?.timeout ?? 10, maxAttempts: receiver?.attempts ?? 12,
                round: delivery.round,
                addresses: ReachableAddresses(allowed: IPNetwork.list(setting?.content ?? "")))
        }
    }

    private struct Draft: Sendable {
        let messageId: String
        let url: String
        let body: [UInt8]
        let secrets: [WebhookSecret]
        let isDisabled: Bool
        let timeout: Int
        let maxAttempts: Int
        let round: Int
        let addresses: ReachableAddresses

        /// The message as it leaves at a moment.
        func message(at now: Instant, in trace: TraceContext?) -> WebhookMessage {
            var headers = [
                ("Content-Type", "application/json"), ("webhook-id", messageId), ("webhook-timestamp", String(now.seconds)),
                ("Idempotency-Key", messageId),
            ]
            if !secrets.isEmpty {
                let signature = StandardWebhook.signature(id: messageId, seconds: now.seconds, body: body, secrets: secrets)
                headers.append(("webhook-signature", signature))
            }
            if let trace { headers.append(("traceparent", trace.traceparent)) }
            return WebhookMessage(url: url, headers: headers, body: body, timeoutSeconds: timeout)
        }
    }

    private func attempt(_ draft: Draft) async -> Outcome {
        if draft.isDisabled { return Outcome(failure: WebhookFailure("The receiver is disabled.", isFinal: true)) }
        let trace = Trace.current
        let span = trace?.tracer?.begin("webhook", .client, parent: trace?.context)
        let (transport, message) = (transport, draft.message(at: database.clock.now, in: span?.context ?? trace?.context))
        let outcome = await sent(message, draft, transport)
        span?.end(
            isFailed: outcome.verdict != .delivered,
            [("http.request.method", .text("POST")), ("http.response.status_code", .int(outcome.status))])
        return outcome
    }

    private func sent(_ message: WebhookMessage, _ draft: Draft, _ transport: any WebhookTransport) async -> Outcome {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Outcome, Never>) in
            let taken = threads.submit {
                do throws(WebhookFailure) {
                    continuation.resume(returning: Outcome(answer: try transport.send(message, to: draft.addresses)))
                } catch {
                    continuation.resume(returning: Outcome(failure: error))
                }
            }
            if !taken { continuation.resume(returning: Outcome(failure: WebhookFailure("The sender of webhooks is shutting down."))) }
        }
    }
}

/// How an attempt ended.
struct Outcome: Sendable {
    enum Verdict: Sendable, Equatable { case delivered, gone, failed(isFinal: Bool) }

    let verdict: Verdict
    /// The status; 0 without an answer.
    let status: Int
    let reason: String
    let retryAfter: Int

    init(answer: WebhookAnswer) {
        status = answer.status
        retryAfter = answer.retryAfterSeconds
        switch answer.status {
        case 200...299: (verdict, reason) = (.delivered, "")
        case 410: (verdict, reason) = (.gone, "The receiver answered 410: it wants no more messages.")
        case 300...399: (verdict, reason) = (.failed(isFinal: false), "The receiver answered \(answer.status): redirects are not followed.")
        default: (verdict, reason) = (.failed(isFinal: false), "The receiver answered \(answer.status).")
        }
    }

    init(failure: WebhookFailure) {
        verdict = .failed(isFinal: failure.isFinal)
        (status, reason, retryAfter) = (0, failure.reason, 0)
    }
}

/// When to try again.
enum RetrySchedule {
    /// The longest wait of the schedule, in seconds.
    static let longest = 6 * 3_600
    /// The longest wait that a receiver may ask for, in seconds.
    static let longestAsked = 24 * 3_600

    /// Seconds to wait after so many attempts: 5, 15, 45 … up to six hours, with up to a fifth more so that deliveries do not march in step.
    static func seconds(after attempts: Int, salt: Int) -> Int {
        var base = 5
        for _ in 1..<max(1, min(attempts, 20)) where base < longest { base *= 3 }
        base = min(base, longest)
        var mixed = UInt64(truncatingIfNeeded: salt &* 31 &+ attempts) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 32
        return base + Int(mixed % UInt64(base / 5 + 1))
    }
}
