extension HL7Message {
    /// Starts a message: MSH with what every message needs.
    ///
    /// - Parameter structure: MSH-9.3, for instance `REF_I12`; left out before 2.3.1 and where it is empty.
    /// - Parameter at: MSH-7, when the message is made.
    public init(
        code: String, event: String, structure: String = "", controlId: String, version: String, at time: HL7Time,
        processing: String = "P", delimiters: HL7Delimiters = .standard
    ) {
        self.init(delimiters: delimiters)
        set(time.description, at: "MSH-7")
        set(code, at: "MSH-9.1")
        set(event, at: "MSH-9.2")
        if !structure.isEmpty { set(structure, at: "MSH-9.3") }
        set(controlId, at: "MSH-10")
        set(processing, at: "MSH-11")
        set(version, at: "MSH-12")
    }

    /// Sets one value, escaping it; a segment that is missing is appended.
    ///
    /// - Parameter path: An occurrence may be one more than there are, never further away.
    public mutating func set(_ value: String, at path: HL7Path) {
        let index = position(of: path)
        segments[index].set(
            value, field: path.field, repetition: path.repetition ?? 0, component: path.component ?? 1,
            subcomponent: path.subcomponent ?? 1)
    }

    /// Sets a whole field from its text on the wire, for instance `"DOE^JANE~ROE^JANE"`.
    public mutating func setEncoded(_ encoded: String, at path: HL7Path) {
        let index = position(of: path)
        segments[index].setEncoded(encoded, field: path.field)
    }

    /// Appends an empty segment, or one from fields in plain text.
    public mutating func append(_ name: String, _ fields: String...) {
        let encoded = fields.map { HL7Escapes.encode($0, delimiters) }
        segments.append(HL7Segment(name, encodedFields: encoded, delimiters: delimiters))
    }

    /// Appends a segment; one with other delimiters is written anew with this message's.
    public mutating func append(_ segment: HL7Segment) {
        segments.append(segment.delimiters == delimiters ? segment : segment.redelimited(delimiters))
    }

    private mutating func position(of path: HL7Path) -> Int {
        let places = segments.indices.filter { segments[$0].name == path.segment }
        let wanted = path.occurrence ?? 0
        if wanted < places.count { return places[wanted] }
        precondition(wanted == places.count, "Segments are added one after the other.")
        segments.append(HL7Segment(path.segment, delimiters: delimiters))
        return segments.count - 1
    }
}

extension HL7Segment {
    /// The same values with other delimiters.
    func redelimited(_ new: HL7Delimiters) -> HL7Segment {
        var fields = encodedFields.indices.map { HL7Field(encoded: encodedFields[$0], delimiters: delimiters).redelimited(new) }
        if isHeader {
            fields.replaceSubrange(0..<min(2, fields.count), with: [new.fieldSeparator, new.encodingCharacters])
        }
        return HL7Segment(name, encodedFields: fields, delimiters: new, byteOffset: byteOffset)
    }
}

extension HL7Field {
    /// The text on the wire with other delimiters.
    func redelimited(_ new: HL7Delimiters) -> String {
        guard new != delimiters else { return encoded }
        func join(_ parts: [String], _ delimiter: UInt8) -> String {
            parts.joined(separator: String(Character(Unicode.Scalar(delimiter))))
        }
        let repetitions = repetitions.map { repetition in
            join(
                repetition.components.map { component in
                    join(component.subcomponents.map { HL7Escapes.encode($0, new) }, new.subcomponent)
                }, new.component)
        }
        return join(repetitions, new.repetition)
    }
}
