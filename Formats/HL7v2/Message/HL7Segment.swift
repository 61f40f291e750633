/// One segment: a name and fields.
///
/// Shape: `fields[0]` is field 1. In MSH, FHS and BHS field 1 is the field separator itself and field 2 the encoding characters.
public struct HL7Segment: Sendable {
    /// Three characters, for instance `PID`.
    public let name: String
    /// The fields' texts as they stand on the wire, escapes included.
    public internal(set) var encodedFields: [String]
    /// The delimiters that the fields are written with.
    public let delimiters: HL7Delimiters
    /// Where the segment began in the bytes that were read; 0 for one that was built.
    public let byteOffset: Int

    /// A segment from its fields' texts on the wire.
    public init(_ name: String, encodedFields: [String] = [], delimiters: HL7Delimiters = .standard, byteOffset: Int = 0) {
        self.name = name
        self.encodedFields = encodedFields
        self.delimiters = delimiters
        self.byteOffset = byteOffset
        if isHeader && encodedFields.isEmpty {
            self.encodedFields = [delimiters.fieldSeparator, delimiters.encodingCharacters]
        }
    }

    /// Whether fields 1 and 2 declare the delimiters: MSH, FHS, BHS.
    public var isHeader: Bool { name == "MSH" || name == "FHS" || name == "BHS" }

    /// How many fields the segment has.
    public var count: Int { encodedFields.count }

    /// The field with this number, counted from 1 as HL7 does; one that does not exist is empty.
    public subscript(number: Int) -> HL7Field {
        let encoded = number >= 1 && number <= encodedFields.count ? encodedFields[number - 1] : ""
        return HL7Field(encoded: encoded, delimiters: delimiters)
    }

    /// Sets one value, escaping it; the field grows as needed.
    ///
    /// - Parameter value: Plain text; an empty text removes the value.
    /// - Parameter component: Counted from 1, as is `subcomponent`; `repetition` counts from 0.
    public mutating func set(_ value: String, field: Int, repetition: Int = 0, component: Int = 1, subcomponent: Int = 1) {
        let delimiters = delimiters
        setEncoded(field: field) { old in
            HL7Split.replacing(repetition, of: old[...], at: delimiters.repetition) { repetition in
                HL7Split.replacing(component - 1, of: repetition, at: delimiters.component) { component in
                    HL7Split.replacing(subcomponent - 1, of: component, at: delimiters.subcomponent) { _ in
                        HL7Escapes.encode(value, delimiters)
                    }
                }
            }
        }
    }

    /// Sets a whole field from its text on the wire, for instance `"DOE^JANE"`.
    public mutating func setEncoded(_ encoded: String, field: Int) {
        setEncoded(field: field) { _ in encoded }
    }

    private mutating func setEncoded(field: Int, _ change: (String) -> String) {
        precondition(field >= 1 && field <= HL7Limits.standard.fieldsPerSegment, "A field number is between 1 and the limit.")
        precondition(!(isHeader && field <= 2), "MSH-1 and MSH-2 follow from the delimiters.")
        while encodedFields.count < field { encodedFields.append("") }
        encodedFields[field - 1] = change(encodedFields[field - 1])
    }
}

extension HL7Segment: Hashable {
    /// Segments are equal when name, delimiters and fields are; where they stood in a file does not matter.
    public static func == (left: HL7Segment, right: HL7Segment) -> Bool {
        left.name == right.name && left.delimiters == right.delimiters && left.encodedFields == right.encodedFields
    }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(encodedFields)
    }
}
