/// The encoding that leaves ASCII text readable.
///
/// Source: RFC 2045 §6.7.
enum QuotedPrintable {
    /// The longest line, without CR LF.
    static let lineLimit = 76

    /// Text as lines of at most 76 characters, with CR LF at each line's end.
    static func encode(_ text: String) -> String {
        var result = ""
        for line in lines(text) { result += encode(line: line) + "\r\n" }
        return result
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }

    private static func encode(line: Substring) -> String {
        var result = ""
        var length = 0
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isBlank = byte == 0x20 || byte == 0x09
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isBlank && !isLast
            let piece = isPlain ? String(UnicodeScalar(byte)) : escape(byte)
            if length + piece.utf8.count > lineLimit - 1, !isLast || length + piece.utf8.count > lineLimit {
                result += "=\r\n"
                length = 0
            }
            result += piece
            length += piece.utf8.count
        }
        return result
    }

    /// `=C3`.
    static func escape(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return "=" + String(UnicodeScalar(digits[Int(byte >> 4)])) + String(UnicodeScalar(digits[Int(byte & 15)]))
    }
}
