/// The characters that divide an HL7 v2 message, as its MSH-1 and MSH-2 declare them.
///
/// Shape: single bytes, in practice ASCII; a message in a one-byte charset may use any byte. `truncation` exists from 2.7 on.
/// Source: HL7 v2.8.1 chapter 2, “Message delimiters”.
public struct HL7Delimiters: Sendable, Hashable {
    /// MSH-1, between fields.
    public var field: UInt8
    /// Between components; the first of MSH-2.
    public var component: UInt8
    /// Between repetitions; the second of MSH-2.
    public var repetition: UInt8
    /// Around escape sequences; the third of MSH-2.
    public var escape: UInt8
    /// Between subcomponents; the fourth of MSH-2.
    public var subcomponent: UInt8
    /// Marks cut values; the fifth of MSH-2, from 2.7 on.
    public var truncation: UInt8?

    /// The delimiters that HL7 recommends: `|^~\&`.
    public static let standard = HL7Delimiters()

    /// Declares delimiters; each one defaults to HL7's recommendation.
    public init(
        field: Character = "|", component: Character = "^", repetition: Character = "~", escape: Character = "\\",
        subcomponent: Character = "&", truncation: Character? = nil
    ) {
        self.init(
            field: Self.byte(field), component: Self.byte(component), repetition: Self.byte(repetition), escape: Self.byte(escape),
            subcomponent: Self.byte(subcomponent), truncation: truncation.map(Self.byte))
    }

    init(field: UInt8, component: UInt8, repetition: UInt8, escape: UInt8, subcomponent: UInt8, truncation: UInt8?) {
        self.field = field
        self.component = component
        self.repetition = repetition
        self.escape = escape
        self.subcomponent = subcomponent
        self.truncation = truncation
    }

    /// The text of MSH-2: four characters, or five when there is a truncation character.
    public var encodingCharacters: String {
        var text = ""
        for byte in [component, repetition, escape, subcomponent] { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        if let truncation { text.unicodeScalars.append(Unicode.Scalar(truncation)) }
        return text
    }

    /// The text of MSH-1.
    public var fieldSeparator: String { String(Character(Unicode.Scalar(field))) }

    /// Whether values can be escaped with these: each has a meaning of its own, and none is a letter, digit, blank or control character.
    public var areUnambiguous: Bool {
        let all = [field, component, repetition, escape, subcomponent] + (truncation.map { [$0] } ?? [])
        return Set(all).count == all.count && !all.contains { HL7Bytes.isAlphanumeric($0) || $0 <= 0x20 || $0 == 0x7F }
    }

    private static func byte(_ character: Character) -> UInt8 {
        guard let byte = character.asciiValue else { preconditionFailure("An HL7 delimiter must be an ASCII character.") }
        return byte
    }
}
