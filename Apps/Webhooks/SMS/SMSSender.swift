import Automation
import Base
import Engine
import JSON
import Kernel
import Store

/// The gateway that text messages go to: an address, and the key by which it knows who sends.
public struct SMSGateway: Sendable {
    let url: String
    let secret: WebhookSecret

    /// A gateway; nil when the address or the key is none.
    public init?(url: String, secret: String) {
        guard let secret = WebhookSecret(secret), (try? WebhookTarget(url)) != nil else { return nil }
        self.url = url
        self.secret = secret
    }
}

/// Sends the text messages that wait: the handler of `sms.send` jobs, whose payload names the message by `sms_id`.
///
/// Each is a signed Standard Webhook: `{"type":"sms.send","timestamp":…,"data":{"uuid","number","body"}}`. A message keeps its `webhook-id`
/// over all attempts, so that a gateway knows one that came twice. `400` and `422` say that it can never be sent; anything else but success is
/// tried again.
public struct SMSSender: Sendable {
    /// Attempts before a person has to look at it: about a day.
    public static let attemptLimit = 10

    private let database: Database
    private let gateway: SMSGateway
    private let transport: any WebhookTransport
    /// Threads that wait for the gateway.
    private let threads: WorkerPool

    /// A sender to a gateway.
    public init(database: Database, gateway: SMSGateway, transport: any WebhookTransport = HTTPTransport(), threads: Int = 2) {
        self.database = database
        self.gateway = gateway
        self.transport = transport
        self.threads = WorkerPool(threads: threads, name: "sms")
    }

    /// What a `JobRunner` is given.
    public var handler: JobHandler { JobHandler(SMSText.jobKind, outside: { job in try await send(job) }) }

    /// Lets the threads end after what they do already.
    public func stop() { threads.stop() }

    private func send(_ job: LeasedJob) async throws -> JobHandler.Ending {
        guard let id = job.payload["sms_id"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no text message.") }
        guard let draft = try await prepare(id) else { return { _ in } }
        let outcome = await attempt(draft)
        if case .delivered = outcome.verdict { return { env in try SMSSender.sent(id, env) } }
        let isRefused = [400, 422].contains(outcome.status)
        if isRefused || outcome.isFinal || job.attempt >= min(job.maxAttempts, SMSSender.attemptLimit) {
            let reason = outcome.reason.replacing("receiver", with: "gateway")
            return { env in
                guard let message = try SMSSender.find(id, env) else { return }
                try message.write(["attempts": .int(message.attempts + 1)])
                try SMSText.fail(message, isRefused ? .rejected : .server, reason)
            }
        }
        let seconds = max(RetrySchedule.seconds(after: job.attempt, salt: id), min(outcome.retryAfter, RetrySchedule.longestAsked))
        try await database.write(as: .system, superuser: true) { env in
            guard let message = try SMSSender.find(id, env) else { return }
            try message.write(["state": "outgoing", "attempts": .int(message.attempts + 1), "failure_reason": .text(outcome.reason)])
        }
        throw JobFailure.retry(inSeconds: seconds, reason: outcome.reason)
    }

    private static func sent(_ id: Int, _ env: Environment) throws {
        guard let message = try find(id, env) else { return }
        try message.write([
            "state": "sent", "attempts": .int(message.attempts + 1), "failure_type": .null, "failure_reason": .null,
            "sent_on": .instant(env.now),
        ])
        try SMSText.settle(message, "The message was sent.")
    }

    /// A message that is still to be sent.
    private static func find(_ id: Int, _ env: Environment) throws -> Record<SMS>? {
        try env.search(SMS.self, .where("id", .equal, .int(id)) & .where("state", .in, ["outgoing", "process"]), limit: 1).first
    }

    private struct Draft: Sendable {
        let uuid: String
        let body: [UInt8]
        let addresses: ReachableAddresses
    }

    /// What is needed of a message; nil when it is gone, went out already, or was called off. From here on nobody changes it.
    private func prepare(_ id: Int) async throws -> Draft? {
        try await database.write(as: .system, superuser: true) { env in
            guard let message = try SMSSender.find(id, env) else { return nil }
            if message.state != .process { try message.write(["state": "process"]) }
            let setting = try env.search(Parameter.self, .where("key", .equal, .text(Webhooks.allowedNetworks)), limit: 1).first
            let written = try Instant.present(message.records.value("create_date")) ?? env.now
            let payload: JSON = [
                "type": "sms.send", "timestamp": .string(written.description.replacing(" ", with: "T") + "Z"),
                "data": ["uuid": .string(message.uuid), "number": .string(message.number), "body": .string(message.body)],
            ]
            return Draft(
                uuid: message.uuid, body: Array(payload.text().utf8),
                addresses: ReachableAddresses(allowed: IPNetwork.list(setting?.content ?? "")))
        }
    }

    private func attempt(_ draft: Draft) async -> Outcome {
        let id = "sms_" + draft.uuid
        let now = database.clock.now.seconds
        let signature = StandardWebhook.signature(id: id, seconds: now, body: draft.body, secrets: [gateway.secret])
        let message = WebhookMessage(
            url: gateway.url,
            headers: [
                ("Content-Type", "application/json"), ("webhook-id", id), ("webhook-timestamp", String(now)), ("Idempotency-Key", id),
                ("webhook-signature", signature),
            ], body: draft.body)
        let transport = transport
        return await withUnsafeContinuation { (continuation: UnsafeContinuation<Outcome, Never>) in
            let taken = threads.submit {
                do throws(WebhookFailure) {
                    continuation.resume(returning: Outcome(answer: try transport.send(message, to: draft.addresses)))
                } catch {
                    continuation.resume(returning: Outcome(failure: error))
                }
            }
            if !taken { continuation.resume(returning: Outcome(failure: WebhookFailure("The sender of text messages is shutting down."))) }
        }
    }
}

extension Outcome {
    /// Whether no other attempt can do better.
    fileprivate var isFinal: Bool { verdict == .failed(isFinal: true) || verdict == .gone }
}
