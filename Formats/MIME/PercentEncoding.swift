/// Percent-encoding of UTF-8 text (RFC 3986 §2).
public enum PercentEncoding {
    /// Replaces each `%XX` by its byte.
    ///
    /// - Parameters:
    ///   - text: What stood in an URL.
    ///   - plusIsSpace: Whether `+` means a space, as in forms and queries.
    /// - Throws: `mime.escape` for a percent sign without two hexadecimal digits, `mime.encoding` for bytes that are not UTF-8.
    public static func decoded(_ text: String, plusIsSpace: Bool = false) throws(MIMEError) -> String {
        try decoded(bytes: text.utf8, plusIsSpace: plusIsSpace)
    }

    /// Replaces every byte but letters, digits and `-._~` by `%XX`.
    public static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        append(text, to: &result, keeping: "-._~")
        return String(decoding: result, as: UTF8.self)
    }

    static func decoded(bytes: some Collection<UInt8>, plusIsSpace: Bool) throws(MIMEError) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = digit(iterator.next()), let low = digit(iterator.next()) else { throw .escape }
                result.append(high << 4 | low)
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        guard let string = String(validating: result, as: UTF8.self) else { throw .encoding }
        return string
    }

    static func append(_ text: String, to result: inout [UInt8], keeping marks: StaticString, spaceAsPlus: Bool = false) {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: result.append(byte)
            case 0x20 where spaceAsPlus: result.append(UInt8(ascii: "+"))
            default:
                if marks.withUTF8Buffer({ $0.contains(byte) }) {
                    result.append(byte)
                } else {
                    result.append(contentsOf: [UInt8(ascii: "%"), letter(byte >> 4), letter(byte & 15)])
                }
            }
        }
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where 0x30...0x39 ~= byte: byte - 0x30
        case .some(let byte) where 0x41...0x46 ~= byte: byte - 0x37
        case .some(let byte) where 0x61...0x66 ~= byte: byte - 0x57
        default: nil
        }
    }

    private static func letter(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
