/// One field of a segment: repetitions of components of subcomponents.
///
/// Shape: `encoded` is the field's text as it stands on the wire, escapes included; the parts are views on it.
public struct HL7Field: Sendable, Hashable {
    /// The text on the wire, escapes included.
    public let encoded: String
    /// The delimiters that the text is written with.
    public let delimiters: HL7Delimiters

    /// A field from its text on the wire.
    public init(encoded: String, delimiters: HL7Delimiters = .standard) {
        self.encoded = encoded
        self.delimiters = delimiters
    }

    /// Whether the field carries nothing at all.
    public var isEmpty: Bool { encoded.isEmpty }

    /// Whether the field is HL7's explicit null `""`: the receiver shall delete what it has.
    public var isNull: Bool { encoded == HL7Message.null }

    /// The repetitions; an empty field has none.
    public var repetitions: [HL7Repetition] {
        guard !encoded.isEmpty else { return [] }
        return HL7Split.split(encoded[...], at: delimiters.repetition).map { HL7Repetition(encoded: $0, delimiters: delimiters) }
    }

    /// The first repetition; it is empty when the field is.
    public var first: HL7Repetition { self[0] }

    /// The repetition with this index, counted from 0; one that does not exist is empty.
    public subscript(repetition: Int) -> HL7Repetition {
        let part = HL7Split.part(repetition, of: encoded[...], at: delimiters.repetition)
        return HL7Repetition(encoded: part, delimiters: delimiters)
    }

    /// The text of the first subcomponent of the first component of the first repetition.
    public var value: String { first.value }
}

/// One repetition of a field.
public struct HL7Repetition: Sendable, Hashable {
    /// The text on the wire, escapes included.
    public let encoded: Substring
    /// The delimiters that the text is written with.
    public let delimiters: HL7Delimiters

    /// The components; an empty repetition has none.
    public var components: [HL7Component] {
        guard !encoded.isEmpty else { return [] }
        return HL7Split.split(encoded, at: delimiters.component).map { HL7Component(encoded: $0, delimiters: delimiters) }
    }

    /// The component with this number, counted from 1 as HL7 does; one that does not exist is empty.
    public subscript(component: Int) -> HL7Component {
        HL7Component(encoded: HL7Split.part(component - 1, of: encoded, at: delimiters.component), delimiters: delimiters)
    }

    /// Whether the repetition carries nothing.
    public var isEmpty: Bool { encoded.isEmpty }

    /// The text of the first component's first subcomponent.
    public var value: String { self[1].value }
}

/// One component of a repetition.
public struct HL7Component: Sendable, Hashable {
    /// The text on the wire, escapes included.
    public let encoded: Substring
    /// The delimiters that the text is written with.
    public let delimiters: HL7Delimiters

    /// The texts of the subcomponents, unescaped; an empty component has none.
    public var subcomponents: [String] {
        guard !encoded.isEmpty else { return [] }
        return HL7Split.split(encoded, at: delimiters.subcomponent).map { HL7Escapes.decode($0, delimiters) }
    }

    /// The text of the subcomponent with this number, counted from 1; one that does not exist is empty.
    public subscript(subcomponent: Int) -> String {
        HL7Escapes.decode(HL7Split.part(subcomponent - 1, of: encoded, at: delimiters.subcomponent), delimiters)
    }

    /// Whether the component carries nothing.
    public var isEmpty: Bool { encoded.isEmpty }

    /// The text of the first subcomponent.
    public var value: String { self[1] }
}
