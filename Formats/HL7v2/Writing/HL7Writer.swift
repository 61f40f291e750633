/// Writes messages as bytes.
///
/// Shape: each segment ends in CR, or in what `lineEnding` says; the charset is the message's unless told otherwise.
public struct HL7Writer: Sendable {
    /// What ends each segment; HL7 asks for `cr`.
    public var lineEnding: HL7LineEnding
    /// Whether empty fields, components and subcomponents at the end are left out.
    public var canonical: Bool

    /// A writer; without arguments it writes what was read, with CR.
    public init(lineEnding: HL7LineEnding = .cr, canonical: Bool = false) {
        self.lineEnding = lineEnding
        self.canonical = canonical
    }

    var end: String {
        switch lineEnding {
        case .lf: "\n"
        case .crlf: "\r\n"
        case .cr, .mixed: "\r"
        }
    }

    /// The text of a message.
    public func text(_ message: HL7Message) -> String {
        var text = ""
        for segment in canonical ? message.canonical.segments : message.segments {
            append(segment, to: &text)
            text += end
        }
        return text
    }

    /// The bytes of a message, in the charset that it was read in; characters that it lacks turn the whole into UTF-8.
    public func bytes(_ message: HL7Message) -> [UInt8] {
        let text = text(message)
        return message.charset.encode(text) ?? Array(text.utf8)
    }

    /// The text of one segment, without a line end.
    public func text(_ segment: HL7Segment) -> String {
        var text = ""
        append(canonical ? segment.canonical : segment, to: &text)
        return text
    }

    private func append(_ segment: HL7Segment, to text: inout String) {
        let separator = segment.delimiters.fieldSeparator
        text += segment.name
        for field in segment.isHeader ? segment.encodedFields.dropFirst() : segment.encodedFields[...] {
            text += separator
            text += field
        }
        if segment.isHeader && segment.encodedFields.count < 2 { text += segment.encodedFields.isEmpty ? "" : separator }
    }
}

extension HL7Message {
    /// The message in canonical form: what is empty at the end of segments, repetitions, components left out, CR between segments.
    public var canonical: HL7Message {
        let kept = segments.map(\.canonical).filter { !$0.name.isEmpty || !$0.encodedFields.isEmpty }
        return HL7Message(segments: kept, delimiters: delimiters, lineEnding: .cr, charset: charset)
    }
}

extension HL7Segment {
    /// The segment without empty parts at the end of it and of its fields.
    public var canonical: HL7Segment {
        let first = isHeader ? 2 : 0
        var fields = encodedFields
        for index in fields.indices where index >= first { fields[index] = canonicalField(fields[index]) }
        while fields.count > first, fields.last?.isEmpty == true { fields.removeLast() }
        return HL7Segment(name, encodedFields: fields, delimiters: delimiters, byteOffset: byteOffset)
    }

    private func canonicalField(_ encoded: String) -> String {
        let marks = [delimiters.repetition, delimiters.component, delimiters.subcomponent]
        guard encoded.unicodeScalars.contains(where: { scalar in marks.contains { UInt32($0) == scalar.value } }) else { return encoded }
        return trim(encoded[...], marks[...])
    }

    private func trim(_ text: Substring, _ marks: ArraySlice<UInt8>) -> String {
        guard let mark = marks.first else { return String(text) }
        let parts = HL7Split.split(text, at: mark).map { trim($0, marks.dropFirst())[...] }
        return HL7Split.join(parts, with: mark)
    }
}
