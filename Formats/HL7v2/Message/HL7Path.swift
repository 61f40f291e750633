/// The address of a value in a message: `PID-5.1`, `PID-3(1).4.2`, `OBX(2)-5`.
///
/// Shape: `SEG(s)-F(r).C.S`. Fields, components and subcomponents count from 1 as in HL7's own notation; the segment's occurrence `s`
/// and the repetition `r` count from 0. What is left out is the first one.
public struct HL7Path: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The segment's name.
    public var segment: String
    /// Which one of its namesakes, counted from 0.
    public var occurrence: Int?
    /// The field, counted from 1.
    public var field: Int
    /// The repetition, counted from 0.
    public var repetition: Int?
    /// The component, counted from 1.
    public var component: Int?
    /// The subcomponent, counted from 1.
    public var subcomponent: Int?

    /// Reads a path; `nil` when the text is not one.
    public init?(_ text: String) {
        guard let dash = text.firstIndex(of: "-"), let head = Self.indexed(text[..<dash]), !head.name.isEmpty else { return nil }
        let parts = text[text.index(after: dash)...].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 3, let place = Self.indexed(parts[0]), let field = Self.number(place.name) else { return nil }
        let inner = parts.dropFirst().map(Self.number)
        guard !inner.contains(nil) else { return nil }
        segment = String(head.name)
        occurrence = head.index
        self.field = field
        repetition = place.index
        component = inner.first ?? nil
        subcomponent = inner.count > 1 ? inner[inner.index(after: inner.startIndex)] : nil
    }

    /// A path written in the program; one that is malformed stops the program.
    public init(stringLiteral text: String) {
        guard let path = HL7Path(text) else { preconditionFailure("Not an HL7 path: \(text)") }
        self = path
    }

    /// The path as it is written.
    public var description: String {
        var text = segment
        if let occurrence { text += "(\(occurrence))" }
        text += "-\(field)"
        if let repetition { text += "(\(repetition))" }
        if let component { text += ".\(component)" }
        if let subcomponent { text += ".\(subcomponent)" }
        return text
    }

    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), number >= 1 else { return nil }
        return number
    }

    private static func indexed(_ text: Substring) -> (name: Substring, index: Int?)? {
        guard let opening = text.firstIndex(of: "(") else { return (text, nil) }
        guard text.last == ")", let index = Int(text[text.index(after: opening)...].dropLast()), index >= 0 else { return nil }
        return (text[..<opening], index)
    }
}
