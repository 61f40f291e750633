import HL7v2
import Kernel

/// Writes the answers to one message.
///
/// The answers of a stored message depend on nothing but the message and its intake, so that a repeated one gets the very same.
struct AnswerWriter {
    /// The message, or what of its header could be read.
    let message: HL7Message
    /// Begins MSH-10 of the answers.
    let number: String
    let time: HL7Time

    /// The answers to a message that was stored.
    init(_ message: HL7Message, intake: Int, received: Instant) {
        self.message = message
        number = "B\(intake)"
        time = HL7Time(received)
    }

    /// Answers to a message that could not be parsed, or not even be stored: from its MSH where that can be read.
    init(headerOf bytes: [UInt8], _ envelope: Envelope, number: String, at now: Instant) {
        message = HL7Reader().readHeader(Array(bytes.prefix(65_536))) ?? AnswerWriter.header(envelope)
        self.number = number
        time = HL7Time(now)
    }

    private static func header(_ envelope: Envelope) -> HL7Message {
        var header = HL7Message()
        for (path, text) in [
            ("MSH-3" as HL7Path, envelope.application), ("MSH-4", envelope.facility), ("MSH-10", envelope.controlId),
        ] where !text.isEmpty {
            header.set(text, at: path)
        }
        return header
    }

    /// The answer on storing; nil when the sender wants none.
    func commit(_ outcome: HL7Outcome, _ problems: [HL7Error] = []) -> [UInt8]? {
        guard let code = HL7AckCode.owed(for: outcome, at: .commit, to: message) else { return nil }
        return bytes(HL7Acknowledgement(code, problems: problems).reply(to: message, at: time, controlId: number + "C"))
    }

    /// The answer on working; nil when the sender wants none.
    func application(_ outcome: HL7Outcome, _ problems: [HL7Error] = [], _ referral: ReferralFacts? = nil) -> [UInt8]? {
        guard let code = HL7AckCode.owed(for: outcome, at: .application, to: message) else { return nil }
        var reply = HL7Acknowledgement(code, problems: problems).reply(to: message, at: time, controlId: number + "A")
        if let referral { addReferral(referral, to: &reply) }
        return bytes(reply)
    }

    /// The one answer to a message that is turned away: on storing if the sender wants that, else on working.
    func rejection(_ problem: HL7Error) -> [UInt8]? { commit(.rejected, [problem]) ?? application(.rejected, [problem]) }

    /// RRI_I12: MSH MSA RF1 PRD… PID.
    private func addReferral(_ referral: ReferralFacts, to reply: inout HL7Message) {
        reply.set("RRI", at: "MSH-9.1")
        reply.set(message.event, at: "MSH-9.2")
        if (HL7Version(message.version) ?? .v25) >= .v231 { reply.set("RRI_I12", at: "MSH-9.3") }
        reply.append(referral.segment(reply.delimiters))
        for name in ["PRD", "PID"] { for segment in message.segments(name) { reply.append(segment) } }
    }

    private func bytes(_ reply: HL7Message) -> [UInt8] { HL7Writer().bytes(reply) }
}

/// Several answers as one value, so that they can be kept beside the original.
enum AnswerPack {
    static func pack(_ answers: [[UInt8]?]) -> [UInt8] { answers.compactMap { $0 }.flatMap(FrameReader.frame) }

    static func unpack(_ bytes: [UInt8]) -> [[UInt8]] {
        var reader = FrameReader(limit: bytes.count)
        reader.feed(bytes)
        var answers: [[UInt8]] = []
        while case .message(let answer)? = reader.next() { answers.append(answer) }
        return answers
    }
}
