import Base
import Crypto
import Exceptions
import Kernel

/// What is turned away at a door, before it becomes a message of its own.
extension IntakeDesk {
    /// The most bytes that are kept of one refused call of a program; of a longer one its beginning.
    public static let refusedBytes = 256 << 10
    /// The most refused originals of one sender in a day; further ones only count.
    public static let refusedPerDay = 100

    /// Keeps what was refused, and gives it an owner; of a sender who is refused all day long only the number grows.
    ///
    /// - Parameter limit: The most bytes that are kept.
    /// - Returns: The original's id; nil when it was only counted.
    @discardableResult
    public static func keep(
        _ arrival: Arrival, refused refusal: Refusal, limit: Int = sizeLimit, in env: Environment
    ) throws -> Int? {
        let own = env.asSuperuser("what is refused is kept by the machine")
        let today =
            Domain.where("channel", .equal, .text(arrival.channel.rawValue)) & .where("sender", .equal, .text(arrival.sender))
            & .where("state", .equal, "failed") & .where("received_on", .greaterOrEqual, .instant(env.now - 86_400))
        guard try own.count(Intake.self, today) < refusedPerDay else {
            try ExceptionCase.raise(
                refusal.code, "More was refused than is kept of one sender in a day", remedy: "Call the sender: \(refusal.instruction)",
                source: "intake." + arrival.channel.rawValue, reference: "refused:\(arrival.sender)", in: own)
            return nil
        }
        var kept = arrival
        if kept.content.count > limit {
            kept.name += " (the first \(limit >> 10) of \(kept.content.count >> 10) KiB)"
            kept.content = Array(kept.content.prefix(limit))
        }
        let receipt = try store(kept, in: env)
        if !receipt.isFinished { try fail(refusal, intake: receipt.intakeId, in: env) }
        return receipt.intakeId
    }

    /// Finishes the exceptions of refused originals under a control id: the sender has put right what was wrong.
    public static func forgive(_ channel: Channel, controlId: String, in env: Environment) throws {
        let own = env.asSuperuser("what was put right needs nobody any more")
        let refused =
            Domain.where("channel", .equal, .text(channel.rawValue)) & .where("control_id", .equal, .text(controlId))
            & .where("state", .equal, "failed")
        let originals = try own.search(Intake.self, refused, limit: refusedPerDay)
        if !originals.isEmpty { try ExceptionCase.settle(originals.records, "The sender put it right.") }
    }
}

extension Refusal {
    /// A birth date that cannot be.
    public static func birthDate() -> Refusal {
        Refusal(
            "patient.birth_date", .validation, "The birth date lies in the future or too far in the past.",
            instruction: "Check the date with the sender.")
    }
}
