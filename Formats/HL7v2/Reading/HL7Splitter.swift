/// Finds where messages begin and end, and keeps the envelope's segments apart from them.
struct HL7Splitter {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: HL7Limits
    private var file = HL7File()
    private var batch = HL7Batch()
    private var inEnvelope = false
    private var batches = 0
    private var messagesInBatch = 0
    private var start: Int?

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: HL7Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func split() -> HL7File {
        scan()
        if file.parsed.isEmpty { fail(.noHeader(at: 0), 0..<bytes.count) }
        return file
    }

    private mutating func scan() {
        var index = 0
        while index < bytes.count {
            let line = HL7Bytes.skipBlank(bytes, from: index, to: bytes.count)
            var end = line
            while end < bytes.count, !HL7Bytes.isLineEnd(bytes[end]) { end += 1 }
            take(line..<end, from: index)
            if file.parsed.count >= limits.messagesPerFile {
                return fail(.tooManyMessages(limit: limits.messagesPerFile, at: line), line..<bytes.count)
            }
            index = end + 1
        }
        finish(at: bytes.count)
    }

    private mutating func take(_ line: Range<Int>, from index: Int) {
        if HL7Bytes.starts(bytes, with: "MSH", at: line.lowerBound, to: line.upperBound) {
            finish(at: index)
            start = line.lowerBound
        } else if let name = envelopeName(line) {
            finish(at: index)
            takeEnvelope(name, line)
        } else if start == nil, file.parsed.isEmpty {
            start = headerInside(line)
        }
    }

    private func envelopeName(_ line: Range<Int>) -> String? {
        guard line.count >= 3, line.count == 3 || !HL7Bytes.isAlphanumeric(bytes[line.lowerBound + 3]) else { return nil }
        let name = String(decoding: bytes[line.lowerBound..<(line.lowerBound + 3)], as: UTF8.self)
        return ["FHS", "BHS", "BTS", "FTS"].contains(name) ? name : nil
    }

    private mutating func takeEnvelope(_ name: String, _ line: Range<Int>) {
        switch name {
        case "FHS":
            inEnvelope = true
            batch = HL7Batch(fileHeader: segment(name, line), index: 0)
            batches = 0
        case "BHS":
            inEnvelope = true
            batch.batchHeader = segment(name, line)
            batch.index = batches
            batches += 1
            messagesInBatch = 0
        case "BTS":
            check(segment(name, line), found: messagesInBatch)
            batch.batchHeader = nil
            inEnvelope = batch.fileHeader != nil
        default:
            check(segment(name, line), found: batches)
            inEnvelope = false
        }
    }

    /// Reads an envelope segment; its separator is the byte after its name.
    private func segment(_ name: String, _ line: Range<Int>) -> HL7Segment {
        guard line.count > 3 else { return HL7Segment(name, byteOffset: line.lowerBound) }
        let separator = bytes[line.lowerBound + 3]
        let inner = HL7Bytes.withoutFrameEnd(bytes, line)
        let parts = bytes[inner].split(separator: separator, omittingEmptySubsequences: false).dropFirst()
        var fields = parts.map { HL7Charset.utf8.decode($0) }
        var delimiters = HL7Delimiters.standard
        delimiters.field = separator
        if name == "FHS" || name == "BHS" {
            if let marks = parts.first, marks.count >= 4 {
                let mark = Array(marks)
                delimiters = HL7Delimiters(
                    field: separator, component: mark[0], repetition: mark[1], escape: mark[2], subcomponent: mark[3], truncation: nil)
            }
            fields.insert(delimiters.fieldSeparator, at: 0)
        } else if let header = batch.batchHeader ?? batch.fileHeader {
            delimiters = header.delimiters
        }
        return HL7Segment(name, encodedFields: fields, delimiters: delimiters, byteOffset: line.lowerBound)
    }

    private mutating func check(_ trailer: HL7Segment, found: Int) {
        let declared = trailer[1].value
        guard let count = Int(declared), count != found else { return }
        let place = HL7Position(segmentName: trailer.name, field: 1, byteOffset: trailer.byteOffset)
        file.issues.append(.batchCount(declared: declared, found: found, at: place))
    }

    private mutating func finish(at end: Int) {
        guard let begin = start else { return }
        start = nil
        messagesInBatch += 1
        parse(begin..<max(end, begin))
    }

    private mutating func parse(_ range: Range<Int>) {
        let parser = HL7Parser(bytes: bytes, range: range, limits: limits)
        do throws(HL7Error) {
            let message = try parser.parse()
            file.parsed.append(HL7Parsed(bytes: range, message: .success(message), batch: inEnvelope ? batch : nil))
        } catch {
            fail(error, range)
        }
    }

    private mutating func fail(_ error: HL7Error, _ range: Range<Int>) {
        file.parsed.append(HL7Parsed(bytes: range, message: .failure(error), batch: inEnvelope ? batch : nil))
    }

    /// Where the first message begins in a line's middle, as in a log.
    private func headerInside(_ line: Range<Int>) -> Int? {
        line.dropLast(2).first { HL7Bytes.starts(bytes, with: "MSH", at: $0, to: line.upperBound) }
    }
}
