extension HL7Writer {
    /// The bytes of a batch file: headers, messages, and trailers with their counts.
    ///
    /// - Parameter batchHeader: A BHS segment; BHS-3 to BHS-6 say who sends it to whom.
    /// - Parameter fileHeader: An FHS segment; without one there is no file envelope.
    public func bytes(batch messages: [HL7Message], batchHeader: HL7Segment, fileHeader: HL7Segment? = nil) -> [UInt8] {
        precondition(batchHeader.name == "BHS" && (fileHeader?.name ?? "FHS") == "FHS", "A batch begins with BHS, a file with FHS.")
        var bytes: [UInt8] = []
        if let fileHeader { bytes += line(fileHeader) }
        bytes += line(batchHeader)
        for message in messages { bytes += self.bytes(message) }
        bytes += line(HL7Segment("BTS", encodedFields: [String(messages.count)], delimiters: batchHeader.delimiters))
        if let fileHeader { bytes += line(HL7Segment("FTS", encodedFields: ["1"], delimiters: fileHeader.delimiters)) }
        return bytes
    }

    private func line(_ segment: HL7Segment) -> [UInt8] { Array((text(segment) + end).utf8) }
}
