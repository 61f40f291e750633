extension HL7Error {
    private static func at(_ byteOffset: Int) -> HL7Position { HL7Position(segmentName: "MSH", byteOffset: byteOffset) }

    static func noHeader(at byte: Int) -> HL7Error {
        HL7Error("hl7.no_header", "No MSH segment was found.", "Send a message that begins with MSH.", at: at(byte))
    }

    static func noFieldSeparator(at byte: Int) -> HL7Error {
        HL7Error("hl7.no_field_separator", "Nothing follows MSH.", "Put the field separator right after MSH, for instance |.", at: at(byte))
    }

    static func encodingCharacters(_ count: Int, at byte: Int) -> HL7Error {
        var place = at(byte)
        place.field = 2
        return HL7Error(
            "hl7.encoding_characters", "MSH-2 has \(count) characters.",
            "Put four encoding characters into MSH-2, for instance ^~\\&, or five from version 2.7 on.", at: place)
    }

    static func malformedSegment(at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.malformed_segment", "A line is no segment: its fourth character is not the field separator.",
            "Begin each line with a segment name of three characters and the field separator; escape line ends inside fields.", at: position
        )
    }

    static func messageTooLong(_ count: Int, limit: Int, at byte: Int) -> HL7Error {
        HL7Error(
            "hl7.message_too_long", "The message has \(count) bytes; the limit is \(limit).", "Send less, or raise messageBytes.",
            at: at(byte))
    }

    static func tooManySegments(limit: Int, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.too_many_segments", "The message has more than \(limit) segments.", "Split it, or raise segmentsPerMessage.", at: position)
    }

    static func tooManyFields(limit: Int, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.too_many_fields", "The segment has more than \(limit) fields.", "Correct the segment, or raise fieldsPerSegment.",
            at: position)
    }

    static func tooManyMessages(limit: Int, at byte: Int) -> HL7Error {
        HL7Error(
            "hl7.too_many_messages", "The file has more than \(limit) messages.", "Split the file, or raise messagesPerFile.", at: at(byte))
    }

    static func batchCount(declared: String, found: Int, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.batch_count", "\(position.segmentName)-1 declares \(declared), but there are \(found).",
            "Ask the sender whether something is missing.", at: position)
    }
}
