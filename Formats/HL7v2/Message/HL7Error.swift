/// Where in a message something is.
///
/// Shape: `segmentIndex` counts all segments from 0, `field`, `component` and `subcomponent` from 1, `repetition` from 0; `byteOffset`
/// counts from the beginning of the bytes that were read.
public struct HL7Position: Sendable, Hashable, CustomStringConvertible {
    /// Which segment of the message, counted from 0.
    public var segmentIndex = 0
    /// Its name; empty when the place is not in a segment.
    public var segmentName = ""
    /// Which one of its namesakes the segment is, counted from 0; `nil` when that is not known.
    public var occurrence: Int?
    /// The field, counted from 1.
    public var field: Int?
    /// The repetition, counted from 0.
    public var repetition: Int?
    /// The component, counted from 1.
    public var component: Int?
    /// The subcomponent, counted from 1.
    public var subcomponent: Int?
    /// Bytes before the place, in the bytes that were read.
    public var byteOffset = 0

    /// A position; what is not known is left out.
    public init(
        segmentIndex: Int = 0, segmentName: String = "", occurrence: Int? = nil, field: Int? = nil, repetition: Int? = nil,
        component: Int? = nil, subcomponent: Int? = nil, byteOffset: Int = 0
    ) {
        self.segmentIndex = segmentIndex
        self.segmentName = segmentName
        self.occurrence = occurrence
        self.field = field
        self.repetition = repetition
        self.component = component
        self.subcomponent = subcomponent
        self.byteOffset = byteOffset
    }

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
    /// Stable; programs may compare it.
    public let code: String
    /// What is wrong, without patient data.
    public let sentence: String
    /// What to do about it.
    public let instruction: String
    /// Where it is.
    public let position: HL7Position
    /// The offending value; may be patient data.
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
