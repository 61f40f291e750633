/// What one stretch of a file turned out to be: a message, or the reason why it is none.
public struct HL7Parsed: Sendable {
    /// Where it stands in the bytes that were read.
    public let bytes: Range<Int>
    /// The message, or why there is none.
    public let message: Result<HL7Message, HL7Error>
    /// The batch that it came in; `nil` outside of one.
    public let batch: HL7Batch?
}

/// The envelope around messages of a file.
public struct HL7Batch: Sendable, Hashable {
    /// The FHS segment, if any.
    public var fileHeader: HL7Segment?
    /// The BHS segment, if any.
    public var batchHeader: HL7Segment?
    /// Which batch of the file it is, counted from 0.
    public var index = 0
}

/// A file of messages.
public struct HL7File: Sendable {
    /// The messages in order, with those that could not be read.
    public internal(set) var parsed: [HL7Parsed] = []
    /// What is wrong with the envelope: counts in BTS-1 and FTS-1 that do not agree with what is there.
    public internal(set) var issues: [HL7Error] = []
}

/// Reads HL7 v2 messages from bytes: one, several, or a batch file, with or without MLLP's framing.
///
/// Segments may end in CR, LF or CRLF. A message begins where a line begins with MSH; the first one may also begin in a line's middle, as in
/// a log. Text before it is skipped, text between messages belongs to the one before.
public struct HL7Reader: Sendable {
    /// What the reader refuses beyond.
    public let limits: HL7Limits

    /// A reader with these limits.
    public init(limits: HL7Limits = .standard) { self.limits = limits }

    /// The messages that the bytes hold, in order; each one that cannot be read says why.
    ///
    /// - Returns: At least one result: bytes without a message give `hl7.no_header`.
    public func read(_ bytes: [UInt8]) -> [HL7Parsed] { readFile(bytes).parsed }

    /// The one message that the bytes hold.
    ///
    /// - Throws: `hl7.no_header`, `hl7.encoding_characters`, `hl7.malformed_segment`, a limit, or `hl7.several_messages`.
    public func readOne(_ bytes: [UInt8]) throws(HL7Error) -> HL7Message {
        let parsed = read(bytes)
        guard parsed.count == 1 else {
            throw HL7Error("hl7.several_messages", "There are \(parsed.count) messages.", "Send one message at a time.")
        }
        return try parsed[0].message.get()
    }

    /// The MSH segment alone, for answering a message that cannot be read otherwise; `nil` when that is broken, too.
    public func readHeader(_ bytes: [UInt8]) -> HL7Message? {
        var lines = bytes.split { HL7Bytes.isLineEnd($0) }.lazy.map { Array($0) }.makeIterator()
        while let line = lines.next() {
            if case .success(let message) = read(line).first?.message { return message }
        }
        return nil
    }

    /// The messages that the bytes hold, and what is wrong with the batch envelope around them.
    public func readFile(_ bytes: [UInt8]) -> HL7File {
        bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) ? split(Self.fromUTF16(bytes)) : split(bytes)
    }

    private func split(_ bytes: [UInt8]) -> HL7File {
        bytes.withUnsafeBufferPointer { buffer in
            var splitter = HL7Splitter(buffer, limits)
            return splitter.split()
        }
    }

    private static func fromUTF16(_ bytes: [UInt8]) -> [UInt8] {
        let little = bytes[0] == 0xFF
        var units: [UInt16] = []
        for index in stride(from: 2, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(little ? second << 8 | first : first << 8 | second)
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
