import Exceptions
import Kernel

extension IntakeDesk {
    /// HL7 messages are read again from their stored originals by the door that took them, within its `retrySeconds`.
    static let retryOfMessages = ExceptionRetry(source: "intake." + Channel.hl7v2.rawValue) { item in
        let own = item.env.asSuperuser("originals are kept by the machine")
        guard item.recordModel == Intake.name, let intake = try own.search(Intake.self, .where("id", .equal, .int(item.record))).first,
            intake.state == .failed
        else { throw Refusal.noRetry("The original is gone, or was carried out.") }
        try intake.write(["state": "received", "retry_on": .instant(own.now)])
        return "Original \(intake.id) is read again."
    }

    /// Documents are looked at again by the door that takes them.
    static let retryOfDocuments = ExceptionRetry(source: "intake.document") { item in
        let own = item.env.asSuperuser("documents are looked at by the machine")
        let link = item.recordModel == Intake.name ? "intake_id" : "id"
        let refused = Domain.where(link, .equal, .int(item.record)) & .where("state", .equal, "refused")
        guard [Intake.name, Document.name].contains(item.recordModel), let document = try own.search(Document.self, refused, limit: 1).first
        else { throw Refusal.noRetry("The document is gone, or was taken.") }
        try document.write(["state": "received", "refusal_code": .null])
        if let intake = document.intake, intake.state == .failed { try intake.write(["state": "received", "retry_on": .instant(own.now)]) }
        return "Document \(document.id) is looked at again."
    }

    /// Whether somebody asked for messages of a channel to be tried again.
    public static func isRetryAsked(_ channel: Channel, in env: Environment) throws -> Bool {
        let own = env.asSuperuser("originals are kept by the machine")
        let asked =
            Domain.where("channel", .equal, .text(channel.rawValue)) & .where("state", .equal, "received")
            & .where("retry_on", .notEqual, .null)
        return try !own.search(Intake.self, asked, limit: 1).isEmpty
    }
}
