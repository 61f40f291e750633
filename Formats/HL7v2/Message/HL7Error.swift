/// Where in a message something is.
///
/// Shape: `segmentIndex` counts all segments from 0, `field`, `component` and `subcomponent` from 1, `repetition` from 0; `byteOffset`
/// counts from the beginning of the bytes that were read.
public struct HL7Position: Sendable, Hashable, CustomStringConvertible {
    public var segmentIndex = 0
    public var segmentName = ""
    /// Which one of its namesakes the segment is, counted from 0; `nil` when that is not known.
    public var occurrence: Int?
    public var field: Int?
    public var repetition: Int?
    public var component: Int?
    public var subcomponent: Int?
    public var byteOffset = 0

    /// For instance `segment 4 OBX-5(0).1, byte 311`.
    public var description: String {
        var text = "segment \(segmentIndex) \(segmentName)"
        if let field { text += "-\(field)" }
        if let repetition { text += "(\(repetition))" }
        if let component { text += ".\(component)" }
        if let subcomponent { text += ".\(subcomponent)" }
        return text + ", byte \(byteOffset)"
    }
}

/// Why bytes are no HL7 v2 message, or a message is not what its version allows.
///
/// Shape: a stable `code`, a sentence, an instruction; `context` may hold patient data and belongs in private logs only.
public struct HL7Error: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: String
    public let sentence: String
    public let instruction: String
    public let position: HL7Position
    public let context: String
    /// What an application says its own code means.
    var conditionOverride: HL7Condition?

    init(_ code: String, _ sentence: String, _ instruction: String, at position: HL7Position = HL7Position(), context: String = "") {
        self.code = code
        self.sentence = sentence
        self.instruction = instruction
        self.position = position
        self.context = context
    }

    /// Code, place, sentence and instruction, without patient data.
    public var description: String { "\(code) at \(position): \(sentence) \(instruction)" }
}
