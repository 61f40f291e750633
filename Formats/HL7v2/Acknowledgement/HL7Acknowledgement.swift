/// An answer to a message: MSH, MSA, and an ERR segment for each problem.
///
/// The answer echoes the control id, version, processing id and delimiters, and swaps sender and receiver. Ambiguous delimiters
/// are replaced by the standard ones; a truncation character is left out before 2.7, where it does not exist.
public struct HL7Acknowledgement: Sendable {
    /// MSA-1.
    public let code: HL7AckCode
    /// What is wrong; each one becomes an ERR segment (before 2.5: a repetition of ERR-1).
    public let problems: [HL7Error]

    /// An answer with this code.
    public init(_ code: HL7AckCode, problems: [HL7Error] = []) {
        self.code = code
        self.problems = problems
    }

    /// The acknowledgement of a message.
    ///
    /// - Parameter time: MSH-7 of the answer.
    /// - Parameter controlId: MSH-10 of the answer; unique for its sender.
    public func reply(to message: HL7Message, at time: HL7Time, controlId: String) -> HL7Message {
        let version = HL7Version(message.version)
        var delimiters = message.delimiters.areUnambiguous ? message.delimiters : .standard
        if (version ?? .v25) < .v27 { delimiters.truncation = nil }
        var reply = HL7Message(segments: [HL7Segment("MSH", delimiters: delimiters)], delimiters: delimiters, charset: message.charset)
        for (from, to) in [(5, 3), (6, 4), (3, 5), (4, 6), (11, 11), (18, 18)] { reply.copy(from, of: message, to: to) }
        reply.set(time.description, at: "MSH-7")
        reply.set("ACK", at: "MSH-9.1")
        if !message.event.isEmpty { reply.set(message.event, at: "MSH-9.2") }
        if (version ?? .v25) >= .v231 {
            reply.set(message.event, at: "MSH-9.2")
            reply.set("ACK", at: "MSH-9.3")
        }
        reply.set(controlId, at: "MSH-10")
        reply.copy(12, of: message, to: 12)
        if message.version.isEmpty { reply.set("2.5", at: "MSH-12") }
        reply.set(code.rawValue, at: "MSA-1")
        reply.set(message.controlId, at: "MSA-2")
        addProblems(to: &reply, version ?? .v25)
        return reply
    }

    private func addProblems(to reply: inout HL7Message, _ version: HL7Version) {
        guard let first = problems.first else { return }
        if version >= .v25 {
            for (index, problem) in problems.enumerated() { reply.addModernError(problem, index) }
        } else {
            reply.set(first.sentence, at: "MSA-3")
            for (index, problem) in problems.enumerated() { reply.addOldError(problem, index) }
        }
    }
}

extension HL7Message {
    fileprivate mutating func copy(_ from: Int, of message: HL7Message, to: Int) {
        let field = message.segments.first?[from] ?? HL7Field(encoded: "")
        if !field.isEmpty { segments[0].setEncoded(field.redelimited(delimiters), field: to) }
    }

    /// ERR-2 place, ERR-3 condition, ERR-4 severity, ERR-5 our code, ERR-7 instruction, ERR-8 sentence.
    fileprivate mutating func addModernError(_ problem: HL7Error, _ index: Int) {
        func path(_ field: Int, _ component: Int = 1) -> HL7Path {
            var path: HL7Path = "ERR-1"
            path.occurrence = index
            path.field = field
            path.component = component
            return path
        }
        for (component, number) in problem.location.enumerated() { set(number, at: path(2, component + 1)) }
        set(problem.condition.rawValue, at: path(3))
        set(problem.condition.text, at: path(3, 2))
        set("HL70357", at: path(3, 3))
        set("E", at: path(4))
        set(problem.code, at: path(5))
        set(problem.instruction, at: path(7))
        set(problem.sentence, at: path(8))
    }

    /// ERR-1: segment, its sequence, field, and the condition with its text and table as subcomponents.
    fileprivate mutating func addOldError(_ problem: HL7Error, _ index: Int) {
        var path: HL7Path = "ERR-1.1"
        path.repetition = index
        for (component, number) in problem.location.prefix(3).enumerated() {
            path.component = component + 1
            set(number, at: path)
        }
        path.component = 4
        for (part, text) in [problem.condition.rawValue, problem.condition.text, "HL70357"].enumerated() {
            path.subcomponent = part + 1
            set(text, at: path)
        }
    }
}

extension HL7Error {
    /// Segment, its sequence, field, repetition, component, subcomponent, all counted from 1; empty from where nothing is known.
    fileprivate var location: [String] {
        guard !position.segmentName.isEmpty else { return [] }
        let occurrence = (position.occurrence ?? 0) + 1
        let numbers = [position.field, position.repetition.map { $0 + 1 }, position.component, position.subcomponent]
        return [position.segmentName, String(occurrence)] + numbers.map { $0.map(String.init) ?? "" }
    }
}
