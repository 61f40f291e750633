import Base
import Crypto
import Exceptions
import Kernel

extension IntakeDesk {
    /// A message that was stored, and neither carried out nor given up.
    public struct Unfinished: Sendable {
        /// The intake record.
        public let intakeId: Int
        /// The original.
        public let content: [UInt8]
        /// When it was stored.
        public let received: Instant
    }

    /// Stored messages of a channel that nobody finished, oldest first: what a crash between storing and carrying out leaves behind.
    public static func unfinished(_ channel: Channel, after id: Int = 0, limit: Int, in env: Environment) throws -> [Unfinished] {
        let own = env.asSuperuser("originals are kept by the machine")
        let open =
            Domain.where("channel", .equal, .text(channel.rawValue)) & .where("state", .equal, "received")
            & .where("id", .greater, .int(id))
        return try own.search(Intake.self, open, order: "id", limit: limit).map { intake in
            Unfinished(intakeId: intake.id, content: intake.content, received: intake.received ?? env.now)
        }
    }

    /// What a stored message has come to.
    public struct Standing: Sendable {
        /// Whether it was carried out.
        public let isFinished: Bool
        /// The answer that was kept; empty when there is none.
        public let answer: [UInt8]
        /// The original.
        public let content: [UInt8]
        /// When it was stored.
        public let received: Instant
    }

    /// What a stored message has come to; asked in the unit of work that carries it out, it keeps two from doing so.
    public static func standing(of intakeId: Int, in env: Environment) throws -> Standing {
        let intake = env.asSuperuser("originals are kept by the machine").record(Intake.self, intakeId)
        return Standing(
            isFinished: intake.state == .processed, answer: intake.answer, content: intake.content, received: intake.received ?? env.now)
    }

    /// Marks a message as carried out that made no referral: a question, or a patient's data.
    public static func finish(_ intakeId: Int, referral: Int? = nil, in env: Environment) throws {
        try env.asSuperuser("originals are kept by the machine").record(Intake.self, intakeId).write([
            "state": "processed", "referral_id": referral.map { .int($0) } ?? .null, "error_code": .null, "error_text": .null,
        ])
    }

    /// Gives an owner to a message that bears the control id of another one and says something else; `store` has kept it.
    public static func raiseVariant(_ content: [UInt8], sender: String, of intakeId: Int, in env: Environment) throws {
        let own = env.asSuperuser("originals are kept by the machine")
        let kept =
            Domain.where("sender", .equal, .text(sender)) & .where("digest", .equal, .text(SHA256.hash(content).hex))
            & .where("state", .equal, "duplicate")
        guard let variant = try own.search(Intake.self, kept, order: "id desc", limit: 1).first else { return }
        try ExceptionCase.raise(
            "intake.control_id_reused", "A message has the control id of another one and says something else",
            remedy: "Compare it with original \(intakeId). If it is new, ask the sender to send it with a control id of its own.",
            source: "intake." + (variant.channel?.rawValue ?? ""), on: variant.records, in: own)
    }

    /// The referral that a sender means: by its own number, or by ours.
    ///
    /// - Throws: `referral.unknown` also for a referral of another sender or another company.
    public static func find(externalId: String, number: String, sender: String, in env: Environment) throws -> Record<Referral> {
        let own = env.asSuperuser("a sender may ask after its own referrals")
        let mine = Domain.where("sender", .equal, .text(sender)) & .where("company_id", .in, .ids(env.companyIds))
        for (field, value) in [("external_id", externalId), ("name", number)] where !value.isEmpty {
            let found = try own.search(Referral.self, mine & .where(field, .equal, .text(value)), order: "id desc", limit: 1)
            if let referral = found.first { return referral }
        }
        throw Refusal.unknownReferral(externalId.isEmpty ? number : externalId)
    }
}
