import Kernel
import Messaging
import Store

/// How what failed is tried again; the app whose work it is offers one for its source with `App.offer(_:)`.
public struct ExceptionRetry: Sendable {
    /// The source of the exceptions: `jobs`, or `intake.hl7v2`; one for `intake` also serves all that begin with `intake.`.
    public let source: String
    /// What is done, in the unit of work of whoever asked; the answer says what happens now, in a sentence.
    let body: @Sendable (Record<ExceptionCase>) throws -> String

    /// A way to try again; the body refuses what cannot be tried again, with what to do instead.
    public init(source: String, _ body: @escaping @Sendable (Record<ExceptionCase>) throws -> String) {
        self.source = source
        self.body = body
    }

    /// The way for a source: the most exact one.
    static func find(_ source: String, in env: Environment) -> ExceptionRetry? {
        env.registry.offered(as: ExceptionRetry.self).filter { source == $0.source || source.hasPrefix($0.source + ".") }
            .max { $0.source.count < $1.source.count }
    }

    /// Jobs go back into their queue with all attempts before them.
    static let jobs = ExceptionRetry(source: "jobs") { item in
        let parts = item.reference.split(separator: ":")
        guard parts.count == 2, parts[0] == "job", let id = Int(parts[1]), let table = JobTable(item.env) else {
            throw Refusal.noRetry("It names no job.")
        }
        guard try table.redrive([id], now: item.env.now) == 1 else { throw Refusal.noRetry("Job \(id) is not among the discarded ones.") }
        return "Job \(id) is in its queue again."
    }

    /// Mails go out again.
    static let mails = ExceptionRetry(source: "mail") { item in
        let env = item.env.asSuperuser("mails are sent by the machine")
        guard item.recordModel == OutgoingMail.name,
            let mail = try env.search(OutgoingMail.self, .where("id", .equal, .int(item.record))).first,
            mail.state == .exception
        else { throw Refusal.noRetry("The mail is gone, or went out.") }
        try mail.write(["state": "outgoing", "failure_reason": .null])
        try env.unit.transaction.enqueue(
            JobRequest(
                "mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)],
                uniqueKey: "mail:\(mail.id):exception:\(mail.version)"))
        return "Mail \(mail.id) is on its way again."
    }
}

/// Trying again what failed.
enum Retrying {
    /// What became of one exception.
    struct Outcome {
        let id: Int
        let isTried: Bool
        let sentence: String

        var values: ValueMap { ["id": .int(id), "retried": .bool(isTried), "message": .text(sentence)] }
    }

    /// Tries each one again; those that cannot be stay as they are, and the answer says why.
    static func retry(_ cases: Recordset<ExceptionCase>) throws -> [Outcome] {
        guard cases.count <= ExceptionActions.bulkLimit else { throw Refusal.tooManyCases() }
        return try cases.map { item in
            do {
                guard let way = ExceptionRetry.find(item.source, in: item.env) else {
                    throw Refusal.noRetry("Nobody knows how to try '\(item.source)' again.")
                }
                let sentence = try way.body(item)
                try item.env.asSuperuser("how often it was tried is counted by the machine").record(ExceptionCase.self, item.id)
                    .write(["retries": .int(item.retries + 1)])
                try ExceptionActions.finish(item.asSet, as: .resolved, "Tried again: \(sentence)")
                return Outcome(id: item.id, isTried: true, sentence: sentence)
            } catch let refusal as Refusal where refusal.code == "exception.no_retry" {
                return Outcome(id: item.id, isTried: false, sentence: refusal.sentence)
            }
        }
    }
}

extension Refusal {
    /// It cannot be tried again from here.
    public static func noRetry(_ why: String) -> Refusal {
        Refusal("exception.no_retry", .conflict, why, instruction: "Follow the remedy, then resolve the exception.")
    }
}
