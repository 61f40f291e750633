/// Walks over the non-empty lines of some bytes, leading blanks left out, and learns how they were separated.
struct HL7Lines {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private var cursor: Int
    private var seen: (cr: Bool, lf: Bool, crlf: Bool) = (false, false, false)

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        cursor = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> Range<Int>? {
        while cursor < end {
            let start = HL7Bytes.skipBlank(bytes, from: cursor, to: end)
            var stop = start
            while stop < end, !HL7Bytes.isLineEnd(bytes[stop]) { stop += 1 }
            cursor = stop
            if stop < end { passLineEnd() }
            let trimmed = HL7Bytes.withoutFrameEnd(bytes, start..<stop)
            if !trimmed.isEmpty { return trimmed }
        }
        return nil
    }

    /// What separated the lines so far.
    var ending: HL7LineEnding {
        switch seen {
        case (false, false, true): .crlf
        case (false, true, false): .lf
        case (_, false, false): .cr
        default: .mixed
        }
    }

    private mutating func passLineEnd() {
        if bytes[cursor] == 0x0A {
            seen.lf = true
        } else if cursor + 1 < end, bytes[cursor + 1] == 0x0A {
            seen.crlf = true
            cursor += 1
        } else {
            seen.cr = true
        }
        cursor += 1
    }
}

/// Small questions about bytes.
enum HL7Bytes {
    private static func isBlank(_ byte: UInt8) -> Bool { byte >= 0x09 && byte <= 0x0D || byte >= 0x1C && byte <= 0x20 }

    static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    /// The first byte that is no white space or frame byte; a byte order mark is passed over, too.
    static func skipBlank(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        if end - index >= 3, bytes[index] == 0xEF, bytes[index + 1] == 0xBB, bytes[index + 2] == 0xBF { index += 3 }
        while index < end, isBlank(bytes[index]) { index += 1 }
        return index
    }

    /// A line without MLLP's end byte.
    static func withoutFrameEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Range<Int> {
        var end = line.upperBound
        while end > line.lowerBound, bytes[end - 1] == 0x1C { end -= 1 }
        return line.lowerBound..<max(end, line.lowerBound)
    }

    static func starts(_ bytes: UnsafeBufferPointer<UInt8>, with text: StaticString, at index: Int, to end: Int) -> Bool {
        guard end - index >= text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
