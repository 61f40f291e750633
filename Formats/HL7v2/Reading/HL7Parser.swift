/// Reads the bytes of one message.
struct HL7Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The message's bytes within `bytes`.
    let range: Range<Int>
    let limits: HL7Limits

    func parse() throws(HL7Error) -> HL7Message {
        guard range.count <= limits.messageBytes else {
            throw .messageTooLong(range.count, limit: limits.messageBytes, at: range.lowerBound)
        }
        let start = HL7Bytes.skipBlank(bytes, from: range.lowerBound, to: range.upperBound)
        let delimiters = try readDelimiters(at: start)
        var lines = HL7Lines(bytes, start..<range.upperBound)
        var found: [Range<Int>] = []
        while let line = lines.next() {
            guard found.count < limits.segmentsPerMessage else {
                throw .tooManySegments(limit: limits.segmentsPerMessage, at: position(found.count, line))
            }
            found.append(line)
        }
        let charset = charset(of: found, delimiters)
        var segments: [HL7Segment] = []
        segments.reserveCapacity(found.count)
        for (index, line) in found.enumerated() {
            segments.append(try segment(line, index, delimiters, charset))
        }
        return HL7Message(segments: segments, delimiters: delimiters, lineEnding: lines.ending, charset: charset)
    }

    /// MSH-1 is the byte after `MSH`, MSH-2 the four or five bytes after that.
    private func readDelimiters(at start: Int) throws(HL7Error) -> HL7Delimiters {
        let end = range.upperBound
        guard HL7Bytes.starts(bytes, with: "MSH", at: start, to: end) else { throw .noHeader(at: start) }
        guard start + 3 < end, !HL7Bytes.isLineEnd(bytes[start + 3]) else { throw .noFieldSeparator(at: start) }
        let field = bytes[start + 3]
        var stop = start + 4
        while stop < end, bytes[stop] != field, !HL7Bytes.isLineEnd(bytes[stop]) { stop += 1 }
        let characters = bytes[(start + 4)..<stop]
        guard characters.count == 4 || characters.count == 5 else { throw .encodingCharacters(characters.count, at: start + 4) }
        return HL7Delimiters(
            field: field, component: bytes[start + 4], repetition: bytes[start + 5], escape: bytes[start + 6],
            subcomponent: bytes[start + 7], truncation: characters.count == 5 ? bytes[start + 8] : nil)
    }

    private func segment(
        _ line: Range<Int>, _ index: Int, _ delimiters: HL7Delimiters, _ charset: HL7Charset
    ) throws(HL7Error) -> HL7Segment {
        let separator = delimiters.field
        if line.count > 3, bytes[line.lowerBound + 3] != separator { throw .malformedSegment(at: position(index, line)) }
        let cut = min(line.lowerBound + 3, line.upperBound)
        let name = charset.text(bytes, line.lowerBound..<cut)
        var fields: [String] = []
        if cut < line.upperBound {
            if name == "MSH" { fields.append(delimiters.fieldSeparator) }
            var start = cut + 1
            while true {
                var end = start
                while end < line.upperBound, bytes[end] != separator { end += 1 }
                fields.append(charset.text(bytes, start..<end))
                if end >= line.upperBound { break }
                start = end + 1
            }
        }
        guard fields.count <= limits.fieldsPerSegment else {
            throw .tooManyFields(limit: limits.fieldsPerSegment, at: position(index, line))
        }
        return HL7Segment(name, encodedFields: fields, delimiters: delimiters, byteOffset: line.lowerBound)
    }

    /// UTF-8 when the bytes are that, unless MSH-18 names a one-byte charset; else Latin-1.
    private func charset(of lines: [Range<Int>], _ delimiters: HL7Delimiters) -> HL7Charset {
        let all = UnsafeBufferPointer(rebasing: bytes[range])
        guard all.contains(where: { $0 >= 0x80 }) else { return .utf8 }
        let marks = [delimiters.field, delimiters.component, delimiters.repetition, delimiters.escape, delimiters.subcomponent]
        if marks.contains(where: { $0 >= 0x80 }) { return .latin1 }
        if let header = lines.first {
            let fields = bytes[header].split(separator: delimiters.field, omittingEmptySubsequences: false)
            if fields.count > 17 {
                let name = fields[17].split(separator: delimiters.repetition, maxSplits: 1, omittingEmptySubsequences: false)[0]
                if let declared = HL7Charset(named: String(decoding: name, as: UTF8.self)), declared != .utf8 { return declared }
            }
        }
        return String(validating: all, as: UTF8.self) == nil ? .latin1 : .utf8
    }

    private func position(_ index: Int, _ line: Range<Int>) -> HL7Position {
        let name = String(decoding: bytes[line].prefix(3), as: UTF8.self)
        return HL7Position(segmentIndex: index, segmentName: name, byteOffset: line.lowerBound)
    }
}

extension HL7Charset {
    fileprivate func text(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        let part = UnsafeBufferPointer(rebasing: bytes[range])
        return self == .utf8 ? String(decoding: part, as: UTF8.self) : decode(part)
    }
}
