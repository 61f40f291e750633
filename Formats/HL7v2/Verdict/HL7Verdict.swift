/// How good a message is: what a strict receiver, a lax one, or neither would take.
///
/// `rejected` messages cannot be understood: they are not parsed, their version or structure is unknown, or an observation's type is.
/// `lax` ones are understood, but a value breaks the rule of its data type or stands in a withdrawn field. `strict` ones have no such fault.
/// The order of segments and required fields are for the application to check.
public struct HL7Verdict: Sendable {
    /// The grade of a message.
    public enum Grade: String, Sendable, Hashable, CaseIterable {
        case strict, lax, rejected
    }

    /// What an acknowledgement that echoes the message's MSH would be.
    public enum Answer: String, Sendable, Hashable, CaseIterable {
        /// The message can be accepted.
        case accept = "AA"
        /// A strict receiver does not accept it.
        case none = ""
        /// MSH-2 has a fifth character before 2.7, which no answer may echo; `HL7Acknowledgement` leaves it out.
        case unanswerable = "ERR"
    }

    /// How many problems are collected at most.
    public static let problemLimit = 100

    /// The grade.
    public let grade: Grade
    /// For instance `ORU_R01`; `nil` when the version has no structure for this message.
    public let structure: String?
    /// MSH-12.1 as it stands.
    public let version: String
    /// What is wrong, at most `problemLimit`, what rejects the message first; empty when it is strict.
    public let problems: [HL7Error]
    /// The acknowledgement that a strict receiver gives.
    public let answer: Answer

    /// The first problem.
    public var error: HL7Error? { problems.first }
    /// Where the first problem is.
    public var position: HL7Position? { problems.first?.position }

    /// Judges a message.
    public init(_ message: HL7Message) {
        var judge = HL7Judge(message)
        judge.run()
        version = message.version
        structure = judge.structure
        problems = judge.fatal.map { [$0] + judge.faults } ?? judge.faults
        grade = judge.fatal != nil ? .rejected : judge.faults.isEmpty ? .strict : .lax
        let known = HL7Version(message.version) ?? .v25
        answer = grade != .strict ? .none : message.delimiters.truncation != nil && known < .v27 ? .unanswerable : .accept
    }

    /// Judges what the reader made of a stretch of bytes.
    public init(_ parsed: HL7Parsed) {
        switch parsed.message {
        case .success(let message): self.init(message)
        case .failure(let error): self.init(unreadable: error)
        }
    }

    /// The verdict on bytes that could not be read.
    public init(unreadable error: HL7Error) {
        grade = .rejected
        structure = nil
        version = ""
        problems = [error]
        answer = .none
    }

    /// What becomes of the message at a receiver that takes strict messages, or lax ones too.
    ///
    /// - Returns: Where it is not accepted, `rejected` when version or type are unknown, as HL7 asks; else `failed`.
    public func outcome(takingLax: Bool) -> HL7Outcome {
        guard grade == .rejected || grade == .lax && !takingLax else { return .accepted }
        switch error?.condition {
        case .unsupportedVersion, .unsupportedMessageType, .unsupportedEvent, .unsupportedProcessingId: return .rejected
        default: return .failed
        }
    }
}
