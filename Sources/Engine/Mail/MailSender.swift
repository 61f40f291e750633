import Crypto
import Kernel
import MIME
import Store

/// Sends the mails that apps left in `mail.mail`: the handler of `mail.send` jobs, whose payload names the mail by `mail_id`.
///
/// A mail keeps its Message-ID over all attempts, so that a receiver knows one that a crash made come twice.
public struct MailSender: Sendable {
    /// The kind of its jobs.
    public static let jobKind = "mail.send"
    /// The queue of its jobs.
    public static let queue = "mail"
    private static let model = "mail.mail"

    private let database: Database
    private let transport: any MailTransport
    /// Threads that wait for the mail server.
    private let threads: WorkerPool
    private let sender: MailAddress
    private let domain: String
    private let onFailure: FailureHook
    private let onSent: SentHook

    /// Told inside the unit of work that marks a mail as failed for good, so that a person hears of it.
    public typealias FailureHook = @Sendable (_ mail: Records, _ reason: String) throws -> Void

    /// Told inside the unit of work that marks a mail as sent.
    public typealias SentHook = @Sendable (_ mail: Records) throws -> Void

    /// A sender of mails through a transport.
    ///
    /// - Parameters:
    ///   - sender: Who mails are from that name nobody.
    ///   - threads: How many mails may be on their way at a time.
    ///   - onFailure: Raises an exception for a mail that cannot be sent.
    ///   - onSent: Resolves the exception of a mail that was sent in the end.
    public init(
        database: Database, transport: any MailTransport, sender: MailAddress, threads: Int = 2,
        onFailure: @escaping FailureHook = { _, _ in }, onSent: @escaping SentHook = { _ in }
    ) {
        self.database = database
        self.transport = transport
        self.sender = sender
        self.threads = WorkerPool(threads: threads, name: "mail")
        self.onFailure = onFailure
        self.onSent = onSent
        domain = sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
    }

    /// What a `JobRunner` is given.
    public var handler: JobHandler {
        JobHandler(MailSender.jobKind, outside: { job in try await send(job) })
    }

    private func send(_ job: LeasedJob) async throws -> JobHandler.Ending {
        guard let id = job.payload["mail_id"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no mail.") }
        guard let draft = try await prepare(id) else { return { _ in } }
        let mail: MailMessage
        switch message(draft) {
        case .success(let ready): mail = ready
        case .failure(let refusal): return ending(id, refusal.reason)
        }
        do {
            try await hand(over: mail)
        } catch let refusal as MailRefusal {
            if refusal.isFinal || job.attempt >= job.maxAttempts { return ending(id, refusal.reason) }
            throw Refusal("mail.not_sent", .unavailable, refusal.reason, instruction: "It is tried again.")
        }
        return ending(id, nil)
    }

    /// What is needed of a mail; nil when it is gone or went out already. Gives it its Message-ID before the first attempt.
    private func prepare(_ id: Int) async throws -> Draft? {
        let domain = domain
        return try await database.write(as: .system, superuser: true) { env in
            guard let model = env.registry.model(MailSender.model), try !env.existing([id], in: model).isEmpty else { return nil }
            let mail = Records(model, [id], env)
            guard try mail.value("state").textValue == "outgoing" else { return nil }
            if try mail.value("message_id").isFalsy {
                let mark = Hex.encode(SystemRandomSource().bytes(12))
                try mail.write(["message_id": .text("<\(id).\(mark)@\(domain)>")])
            }
            func text(_ name: String) throws -> String { try mail.value(name).textValue ?? "" }
            return Draft(
                messageId: try text("message_id"), at: env.now, from: try text("email_from"), to: try text("email_to"),
                replyTo: try text("reply_to"), subject: try text("subject"),
                html: MailSender.filled(try text("body_html"), link: try text("one_time_link")))
        }
    }

    /// Stands in a body where the mail's one-time link goes, which neither the trail nor whoever reads mails may see.
    public static let linkMark = "{one-time-link}"

    /// A body with the link in its place.
    private static func filled(_ html: String, link: String) -> String {
        link.isEmpty ? html : html.split(separator: linkMark, omittingEmptySubsequences: false).joined(separator: link)
    }

    private struct Draft: Sendable {
        let messageId: String
        let at: Instant
        let from: String
        let to: String
        let replyTo: String
        let subject: String
        let html: String
    }

    private func message(_ draft: Draft) -> Result<MailMessage, MailRefusal> {
        guard let recipients = MailAddress.list(draft.to) else {
            return .failure(
                MailRefusal(code: 0, reason: "A recipient's address is none. Correct it in the mail and send it again."))
        }
        return .success(
            MailMessage(
                messageId: draft.messageId, writtenAt: draft.at.seconds, from: MailAddress(draft.from) ?? sender, to: recipients,
                replyTo: MailAddress(draft.replyTo), subject: draft.subject, html: draft.html))
    }

    private func hand(over mail: MailMessage) async throws {
        let (transport, bytes) = (transport, mail.serialized())
        let recipients = mail.to.map(\.address)
        let envelope = sender.address
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            let taken = threads.submit {
                do throws(MailRefusal) {
                    try transport.send(from: envelope, to: recipients, bytes)
                    continuation.resume()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            if !taken { continuation.resume(throwing: MailRefusal(code: 0, reason: "The mail sender is shutting down.")) }
        }
    }

    private func ending(_ id: Int, _ failure: String?) -> JobHandler.Ending {
        { [onFailure, onSent] env in
            guard let model = env.registry.model(MailSender.model), try !env.existing([id], in: model).isEmpty else { return }
            let values: ValueMap =
                if let failure { ["state": "exception", "failure_reason": .text(failure)] } else {
                    ["state": "sent", "failure_reason": .null, "one_time_link": .null]
                }
            let mail = Records(model, [id], env)
            try mail.write(values)
            if let failure { try onFailure(mail, failure) } else { try onSent(mail) }
        }
    }

    /// Lets the threads end after what they do already.
    public func stop() { threads.stop() }
}
