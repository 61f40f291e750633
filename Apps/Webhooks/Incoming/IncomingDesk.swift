import Automation
import Base
import Engine
import Exceptions
import JSON
import Kernel
import Store

/// Takes calls at rules' webhooks: stores each, then runs its rule; what fails has an owner and can be run again.
public struct IncomingDesk: Sendable {
    /// What came in.
    public struct Call: Sendable {
        /// The last part of the address.
        public let hook: String
        /// JSON that the rule is given.
        public let payload: JSON
        /// The body exactly as it came, which is what is signed.
        public let body: [UInt8]
        /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
        public let id: String?, timestamp: String?, signature: String?

        /// A call.
        public init(hook: String, payload: JSON, body: [UInt8], id: String?, timestamp: String?, signature: String?) {
            self.hook = hook
            self.payload = payload
            self.body = body
            self.id = id
            self.timestamp = timestamp
            self.signature = signature
        }
    }

    /// How a call ended; callers are told no more than that.
    public enum Outcome: Sendable, Equatable { case done, unknown, refused, failed }

    /// What is known of a webhook before anything is stored.
    public struct Hook: Sendable {
        /// The rule.
        public let rule: Int
        /// How many calls it takes in a minute.
        public let perMinute: Int
        let secret: WebhookSecret?
        let isSigned: Bool
    }

    /// Calls taken up again at a time.
    private static let recoveryLimit = 1_000

    private let database: Database

    /// A desk over a database.
    public init(_ database: Database) { self.database = database }

    /// The webhook of an address, as its rule was released; nil when there is none.
    public func find(_ hook: String) async throws -> Hook? {
        guard hook.utf8.count == 36 else { return nil }
        return try await database.read(as: .system, superuser: true) { env -> Hook? in
            guard let (rule, perMinute) = try IncomingWebhook.inForce(hook, env) else { return nil }
            let stored = try rule.value("webhook_secret_value").textValue ?? ""
            let secret = try Secrets.open(stored, of: AutomationRule.name, rule.id, env)
            return Hook(rule: rule.id, perMinute: perMinute, secret: WebhookSecret(secret), isSigned: !stored.isEmpty)
        }
    }

    /// Takes a call at a webhook that was found.
    public func receive(_ call: Call, at hook: Hook) async throws -> Outcome {
        if hook.isSigned, !believes(call, hook) { return .refused }
        let payload = call.payload.text()
        // Without a signature anybody who knows the address could spend another's id.
        let id = hook.isSigned ? call.id : nil
        let stored = try await database.write(as: .system, superuser: true) { env in
            try IncomingDesk.store(hook.rule, id, payload, in: env)
        }
        return stored.isDone ? .done : await run(stored.id)
    }

    /// Keeps a call whose body cannot be read, with an exception that has an owner.
    ///
    /// - Returns: False when the call is not signed as its rule wants; then nothing is kept.
    public func keepUnreadable(_ call: Call, at hook: Hook) async throws -> Bool {
        if hook.isSigned, !believes(call, hook) { return false }
        let text = JSON.string(String(decoding: call.body, as: UTF8.self)).text()
        try await database.write(as: .system, superuser: true) { env in
            let stored = try IncomingDesk.store(hook.rule, hook.isSigned ? call.id : nil, text, in: env)
            if !stored.isDone { try IncomingDesk.fail(stored.id, "The body is no JSON (webhook.unreadable).", in: env) }
        }
        return true
    }

    /// Runs what a crash left between storing and running; call it before the first call comes.
    ///
    /// - Parameter seconds: Only what came so long ago: what other nodes have in hand at this moment is theirs.
    public func recover(olderThan seconds: Int = 0) async throws {
        let left = try await database.read(as: .system, superuser: true) { env in
            let old = Domain.where("state", .equal, "received") & .where("create_date", .lessOrEqual, .instant(env.now + -seconds))
            return try env.search(IncomingCall.self, old, order: "id", limit: IncomingDesk.recoveryLimit).ids
        }
        for id in left { _ = await run(id) }
    }

    /// The kind of the jobs that run calls again.
    static let jobKind = "webhook.replay"

    /// What a `JobRunner` is given; its jobs stand in the queue of webhooks.
    public var handler: JobHandler {
        JobHandler(
            IncomingDesk.jobKind,
            outside: { job in
                if let id = job.payload["call"]?.intValue { _ = await run(id) }
                return { _ in }
            })
    }

    /// Has a call that failed run again by a job.
    static func enqueue(_ call: Record<IncomingCall>) throws {
        try call.env.unit.transaction.enqueue(
            JobRequest(
                jobKind, queue: WebhookSender.queue, payload: ["call": .int(call.id)],
                uniqueKey: "\(jobKind):\(call.id):\(call.attempts)"))
    }

    private func believes(_ call: Call, _ hook: Hook) -> Bool {
        guard let secret = hook.secret else { return false }
        do throws(StandardWebhook.Doubt) {
            try StandardWebhook.check(
                id: call.id, timestamp: call.timestamp, signature: call.signature, body: call.body, secrets: [secret],
                now: database.clock.now)
            return true
        } catch { return false }
    }

    private func run(_ id: Int) async -> Outcome {
        do {
            try await database.write(as: .system, superuser: true) { env in try IncomingDesk.run(id, in: env) }
            return .done
        } catch {
            let reason = (error as? Refusal)?.description ?? "An unexpected failure: \(type(of: error))."
            try? await database.write(as: .system, superuser: true) { env in try IncomingDesk.fail(id, reason, in: env) }
            return .failed
        }
    }

    /// Keeps a call; one that came before under the same id is not kept twice.
    private static func store(_ rule: Int, _ id: String?, _ payload: String, in env: Environment) throws -> (id: Int, isDone: Bool) {
        if let id {
            let domain = Domain.where("rule_id", .equal, .int(rule)) & .where("webhook_id", .equal, .text(id))
            if let known = try env.search(IncomingCall.self, domain, limit: 1).first { return (known.id, known.state != .failed) }
        }
        let call = try env.create(
            IncomingCall.self, ["rule_id": .int(rule), "webhook_id": id.map { .text($0) } ?? .null, "payload": .text(payload)])
        if call.id % (IncomingCall.limit / 100) == 0 {
            // As long as a signature is believed its message is known, so that it cannot run twice.
            let known = env.now + -2 * StandardWebhook.toleranceSeconds
            let old = Domain.where("state", .equal, "done") & .where("create_date", .less, .instant(known))
            try env.search(IncomingCall.self, old & .where("id", .lessOrEqual, .int(call.id - IncomingCall.limit))).unlink()
        }
        return (call.id, false)
    }

    /// Runs a stored call in this unit of work and marks it done with what its rule did.
    static func run(_ id: Int, in env: Environment) throws {
        let call = env.record(IncomingCall.self, id)
        guard call.state != .done else { return }
        guard let rule = call.rule, let payload = try? JSON.parse(Array(call.payload.utf8)),
            try IncomingWebhook.run(rule.webhook, payload, in: env)
        else {
            throw Refusal(
                "webhook.no_rule", .missing, "The rule of the webhook is no longer there or not active.", instruction: "Activate the rule.")
        }
        try call.write(["state": "done", "payload": .null, "error": .null, "attempts": .int(call.attempts + 1)])
        try ExceptionCase.settle(call.records, "The call was run.")
    }

    private static func fail(_ id: Int, _ reason: String, in env: Environment) throws {
        let call = env.record(IncomingCall.self, id)
        try call.write(["state": "failed", "error": .text(reason), "attempts": .int(call.attempts + 1)])
        guard let rule = call.rule else { return }
        if rule.logsCalls { try log(reason, rule, env) }
        try ExceptionCase.raise(
            "webhook.call_failed", "A call at the webhook of '\(rule.displayedName)' failed: \(reason)",
            remedy: "Correct the rule or the record, then use “Run again” of the call.", source: "webhooks", on: call.records, in: env)
    }

    private static func log(_ reason: String, _ rule: Record<AutomationRule>, _ env: Environment) throws {
        let values: ValueMap = [
            "name": "base_automation", "level": "ERROR", "message": .text(reason), "path": .text("base_automation(\(rule.id))"),
            "func": "webhook",
            "line": "0",
        ]
        _ = try env.create(try env.registry.requireModel("ir.logging"), [values])
    }
}
