/// Reads the head of a request as its bytes arrive and refuses what does not follow the standard to the letter.
///
/// Each line is judged when it is complete and each byte when it arrives, so that a bad request is not waited for.
/// Source: RFC 9112, sections 2 to 5.
struct HeadParser {
    struct Limits: Sendable {
        let headBytes: Int
        let fields: Int
        let targetBytes: Int
    }

    private let limits: Limits
    private var scanned = 0
    private var lineStart = 0
    private var skippedBlankLine = false
    private var requestLine: RequestLine?
    private var headers = HTTPHeaders()

    init(limits: Limits) { self.limits = limits }

    /// - Parameter bytes: All bytes since the head's beginning; the same ones plus new ones at each call.
    /// - Returns: The head and how many bytes it took, nil when more must come.
    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> (head: RequestHead, count: Int)? {
        while scanned < bytes.count {
            let byte = bytes[scanned]
            if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
                scanned += 1
            } else if byte == 0x0D {
                guard scanned + 1 < bytes.count else { break }
                guard bytes[scanned + 1] == 0x0A else { throw .malformed("A carriage return stands without a line feed.") }
                let line = UnsafeBufferPointer(rebasing: bytes[lineStart..<scanned])
                scanned += 2
                lineStart = scanned
                try checkSize()
                if let head = try end(of: line) { return (head, scanned) }
            } else if byte == 0x0A {
                throw .malformed("A line feed stands without a carriage return.")
            } else {
                throw .malformed("The head holds a control character.")
            }
        }
        try checkSize()
        return nil
    }

    private func checkSize() throws(Refusal) {
        if requestLine == nil, scanned - lineStart > limits.targetBytes + 32 { throw .targetTooLong(limits.targetBytes) }
        if scanned > limits.headBytes { throw .headTooLarge(limits.headBytes) }
    }

    /// - Returns: The head when `line` is the empty one at its end.
    private mutating func end(of line: UnsafeBufferPointer<UInt8>) throws(Refusal) -> RequestHead? {
        guard let requestLine else {
            // RFC 9112, section 2.2: one empty line before the request is overlooked.
            if line.isEmpty, !skippedBlankLine {
                skippedBlankLine = true
                return nil
            }
            self.requestLine = try RequestLine(line, targetLimit: limits.targetBytes)
            return nil
        }
        if line.isEmpty { return try RequestHead(requestLine, headers) }
        guard headers.fields.count < limits.fields else { throw .tooManyFields(limits.fields) }
        try addField(line)
        return nil
    }

    private mutating func addField(_ line: UnsafeBufferPointer<UInt8>) throws(Refusal) {
        if line[0] == 0x20 || line[0] == 0x09 { throw .malformed("A header field is folded over two lines.") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { throw .malformed("A header field has no name.") }
        guard line[..<colon].allSatisfy(\.isTokenByte) else { throw .malformed("The name of a header field is no token.") }
        var (start, end) = (colon + 1, line.count)
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        let value = UnsafeBufferPointer(rebasing: line[start..<end])
        headers.add(String(decoding: UnsafeBufferPointer(rebasing: line[..<colon]), as: UTF8.self), Self.text(value))
    }

    /// UTF-8 if it is, else ISO 8859-1, as older clients send.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }
}
