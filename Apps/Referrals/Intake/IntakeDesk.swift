import Base
import Crypto
import Exceptions
import Kernel
import Messaging

/// The one desk that every channel brings its messages to: stored first, then understood.
///
/// A door calls `store` in a unit of work of its own, so that the original is safe before anybody reads it; then `accept` with what it
/// understood, or `fail` with why it did not.
public enum IntakeDesk {
    /// The largest message, in bytes.
    public static let sizeLimit = 64 << 20

    /// A message as it arrived.
    public struct Arrival: Sendable {
        /// How it came.
        public var channel: Channel
        /// Who sent it, as the channel names them.
        public var sender: String
        /// The sender's number of the message; empty where there is none, then the content tells duplicates.
        public var controlId: String
        /// What people see in the list of originals.
        public var name: String
        /// The media type that the sender gave.
        public var mediaType: String
        /// The bytes, untouched.
        public var content: [UInt8]

        /// A message as it arrived.
        public init(channel: Channel, sender: String, controlId: String = "", name: String, mediaType: String, content: [UInt8]) {
            self.channel = channel
            self.sender = sender
            self.controlId = controlId
            self.name = name
            self.mediaType = mediaType
            self.content = content
        }
    }

    /// What became of storing a message.
    public struct Receipt: Sendable {
        /// The id of the stored original.
        public let intakeId: Int
        /// The same message came before: it must be answered again, and not be carried out again.
        public let isDuplicate: Bool
        /// The answer given then, if it was kept.
        public let answer: [UInt8]
        /// The referral that it led to, if any.
        public let referralId: Int?
        /// Whether the earlier message was carried out to its end.
        public let isFinished: Bool
    }

    /// Stores an original; a message that came before is found again by its control id, or by its content.
    ///
    /// One that failed may come again corrected under the same control id; with the same content it is tried again, and its exception counts.
    public static func store(_ arrival: Arrival, in env: Environment) throws -> Receipt {
        guard arrival.content.count <= sizeLimit else {
            throw Refusal("intake.too_large", .limit, "The message has more than \(sizeLimit >> 20) MiB.", instruction: "Send it in parts.")
        }
        let own = env.asSuperuser("originals are kept by the machine")
        let digest = SHA256.hash(arrival.content).hex
        var same = Domain.where("channel", .equal, .text(arrival.channel.rawValue)) & .where("sender", .equal, .text(arrival.sender))
        same =
            same
            & (arrival.controlId.isEmpty ? .where("digest", .equal, .text(digest)) : .where("control_id", .equal, .text(arrival.controlId)))
        // What bears a used control id and says something else was only kept; it is nobody's earlier message.
        same = same & .where("state", .notEqual, "duplicate")
        if let known = try own.search(Intake.self, same, order: "id desc", limit: 1).first, known.state != .failed || known.digest == digest
        {
            if known.digest != digest { try keepRepeated(arrival, digest, of: known) }
            return Receipt(
                intakeId: known.id, isDuplicate: true, answer: known.answer, referralId: known.referral?.id,
                isFinished: known.state == .processed)
        }
        let intake = try own.create(
            Intake.self,
            [
                "name": .text(arrival.name), "channel": .text(arrival.channel.rawValue), "sender": .text(arrival.sender),
                "control_id": .text(arrival.controlId), "content": .bytes(arrival.content), "mimetype": .text(arrival.mediaType),
                "digest": .text(digest),
            ])
        return Receipt(intakeId: intake.id, isDuplicate: false, answer: [], referralId: nil, isFinished: false)
    }

    /// Keeps what came under a number that was used before with other content; it is answered as the first was.
    private static func keepRepeated(_ arrival: Arrival, _ digest: String, of known: Record<Intake>) throws {
        let again = Domain.where("digest", .equal, .text(digest)) & .where("control_id", .equal, .text(arrival.controlId))
        guard try known.env.count(Intake.self, again & .where("state", .equal, "duplicate")) == 0 else { return }
        try known.env.create(
            Intake.self,
            [
                "name": .text(arrival.name), "channel": .text(arrival.channel.rawValue), "sender": .text(arrival.sender),
                "control_id": .text(arrival.controlId), "content": .bytes(arrival.content), "mimetype": .text(arrival.mediaType),
                "digest": .text(digest), "state": "duplicate", "referral_id": known.referral.map { .int($0.id) } ?? .null,
            ])
    }

    /// Carries out what a message says; the referral, its patient, coverage and documents are made or changed in one unit of work.
    public static func accept(_ data: ReferralData, intake intakeId: Int, in env: Environment) throws -> Record<Referral> {
        let own = env.asSuperuser("intake makes records that only actions may write")
        let intake = own.record(Intake.self, intakeId)
        // Carried out already: a second time would change nothing that the sender wants.
        if intake.state == .processed, let known = intake.referral { return env.record(Referral.self, known.id) }
        let referral =
            switch data.intent {
            case .new: try IntakeWriter(env: own, intake: intake, data: data).make()
            case .update: try IntakeWriter(env: own, intake: intake, data: data).update()
            case .cancel: try IntakeWriter(env: own, intake: intake, data: data).cancel()
            }
        try intake.write(["state": "processed", "referral_id": .int(referral.id), "error_code": .null, "error_text": .null])
        return env.record(Referral.self, referral.id)
    }

    /// Keeps the answer that a door gave, so that a repeated message gets the same.
    public static func keep(answer: [UInt8], intake intakeId: Int, in env: Environment) throws {
        try env.asSuperuser("answers are kept by the machine").record(Intake.self, intakeId).write(["answer": .bytes(answer)])
    }

    /// Keeps why a message was not carried out, and gives it an owner.
    public static func fail(_ error: any Error, intake intakeId: Int, in env: Environment) throws {
        let own = env.asSuperuser("what fails gets an owner")
        let refusal = error as? Refusal ?? Refusal("intake.failed", .internalFault, "The message could not be carried out.")
        let intake = own.record(Intake.self, intakeId)
        try intake.write(["state": "failed", "error_code": .text(refusal.code), "error_text": .text(refusal.sentence)])
        try ExceptionCase.raise(
            refusal.code, "A message by \(intake.channel?.rawValue ?? "") could not be carried out",
            remedy: refusal.instruction.isEmpty
                ? "Read the original, mend what is wrong, and ask the sender to send it again." : refusal.instruction,
            source: "intake." + (intake.channel?.rawValue ?? ""), on: intake.records, in: own)
    }
}
