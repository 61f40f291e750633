/// How the bytes of a message stand for characters.
///
/// Shape: the raw values are those of HL7 table 0211, as MSH-18 carries them. Escape-sequence charsets (ISO 2022) are not decoded: their
/// bytes are kept as UTF-8 or Latin-1, so that writing gives them back.
public enum HL7Charset: String, Sendable, Hashable, CaseIterable {
    case utf8 = "UNICODE UTF-8"
    case latin1 = "8859/1"
    case latin2 = "8859/2"
    case latin3 = "8859/3"
    case latin4 = "8859/4"
    case cyrillic = "8859/5"
    case arabic = "8859/6"
    case greek = "8859/7"
    case hebrew = "8859/8"
    case latin5 = "8859/9"
    case latin9 = "8859/15"

    /// The charset that MSH-18 names; also understands `ISO-8859-1`, `ISO8859/1` and `UTF-8`.
    init?(named name: String) {
        let text = name.uppercased()
        if text.contains("UTF-8") || text.contains("UTF8") {
            self = .utf8
            return
        }
        guard let range = text.firstRange(of: "8859") else { return nil }
        let part = text[range.upperBound...].drop { !$0.isNumber }
        self.init(rawValue: "8859/" + part)
    }

    /// The text of bytes in this charset; what is not valid UTF-8 is read as Latin-1, so that nothing is lost.
    func decode(_ bytes: some Collection<UInt8>) -> String {
        if self == .utf8 {
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            return HL7Charset.latin1.decode(bytes)
        }
        let high = Self.highHalf(self)
        var text = ""
        for byte in bytes {
            text.unicodeScalars.append(byte < 0xA0 ? Unicode.Scalar(byte) : high[Int(byte) - 0xA0])
        }
        return text
    }

    /// The bytes of a text in this charset; `nil` when a character does not exist in it.
    func encode(_ text: String) -> [UInt8]? {
        if self == .utf8 { return Array(text.utf8) }
        let high = Self.highHalf(self)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.value < 0xA0 {
                bytes.append(UInt8(scalar.value))
            } else if let index = high.firstIndex(of: scalar) {
                bytes.append(UInt8(index + 0xA0))
            } else {
                return nil
            }
        }
        return bytes
    }
}
