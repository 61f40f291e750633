import Engine
import Kernel
import Store

/// What becomes an exception wherever jobs run and mails are sent.
public enum Failures {
    /// A job that failed for the last time gets an owner.
    @Sendable public static func job(_ job: LeasedJob, _ reason: String, _ env: Environment) throws {
        try ExceptionCase.raise(
            "job.discarded", "A job of the kind \(job.kind) failed for the last time: \(reason)",
            remedy: "Remove the cause, then put job \(job.id) back into its queue.", source: "jobs", reference: "job:\(job.id)", in: env)
    }

    /// A mail that could not be sent gets an owner.
    @Sendable public static func mail(_ mail: Records, _ reason: String) throws {
        try ExceptionCase.raise(
            "mail.failed", "A mail could not be sent: \(reason)",
            remedy: "Correct the address in the mail, then use “Send again” there.", source: "mail", on: mail, in: mail.env)
    }

    /// A mail that was sent in the end needs nobody any more.
    @Sendable public static func mailSent(_ mail: Records) throws { try ExceptionCase.settle(mail, "The mail was sent.") }
}
