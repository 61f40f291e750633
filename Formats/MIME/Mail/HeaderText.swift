/// Text in the headers of a mail: ASCII as it is, anything else as encoded words.
///
/// Source: RFC 5322 §2.2, RFC 2047.
enum HeaderText {
    /// The longest line, as RFC 5322 wishes, without CR LF.
    static let lineLimit = 76
    /// The longest text of a header, in characters; the rest is cut.
    static let textLimit = 2_000
    /// Encoded bytes in one encoded word: 75 less `=?UTF-8?Q?` and `?=`.
    private static let wordLimit = 63

    /// `Name: text`, folded, with CR LF at its end.
    static func field(_ name: String, _ text: String) -> String {
        let text = clean(text)
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let parts = isPlain && words.allSatisfy { $0.utf8.count < lineLimit } ? words : encodedWords(text)
        return fold(name, parts)
    }

    /// `Name: a, b`, a line each.
    static func list(_ name: String, _ mailboxes: [MailAddress]) -> String {
        name + ": " + mailboxes.map(\.header).joined(separator: ",\r\n ") + "\r\n"
    }

    private static func fold(_ name: String, _ parts: [String]) -> String {
        var result = name + ":"
        var length = result.utf8.count
        for part in parts {
            // An empty part stands for two spaces in a row; a line of spaces alone would end the header.
            if length + part.utf8.count + 1 > lineLimit, !part.isEmpty, length > 1 {
                result += "\r\n"
                length = 0
            }
            result += " " + part
            length += part.utf8.count + 1
        }
        return result + "\r\n"
    }

    /// Encoded words of whole characters.
    static func encodedWords(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            let encoded = String(character).utf8.map { byte in
                byte == 0x20 ? "_" : isAlphanumeric(byte) ? String(UnicodeScalar(byte)) : QuotedPrintable.escape(byte)
            }.joined()
            if word.utf8.count + encoded.utf8.count > wordLimit, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += encoded.utf8.count <= wordLimit ? encoded : "?"
        }
        return (words + [word]).map { "=?UTF-8?Q?\($0)?=" }
    }

    /// Without control characters, which could begin another header, and not too long.
    static func clean(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(textLimit) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
            result.append(isControl ? " " : scalar)
        }
        return String(result)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Characters of an atom, RFC 5322 §3.2.3.
    static func isAtom(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte) }
}
