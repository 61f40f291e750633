/// Hexadecimal text of bytes: two digits a byte.
///
/// Source: RFC 4648, section 8.
public enum Hex {
    /// Two lower-case digits for each byte.
    public static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { place in
            var at = 0
            for byte in bytes {
                place[at] = digit(byte >> 4)
                place[at + 1] = digit(byte & 15)
                at += 2
            }
            return at
        }
    }

    /// Two lower-case digits for each byte.
    public static func encode(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { encode($0) } }

    /// The bytes of a text of digits; nil for an odd number of digits or any other character, a space included.
    ///
    /// Digits of either case are taken, because other systems write both.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { digits in
            guard digits.count.isMultiple(of: 2) else { return nil }
            var bytes = [UInt8]()
            bytes.reserveCapacity(digits.count / 2)
            for at in stride(from: 0, to: digits.count, by: 2) {
                guard let high = value(digits[at]), let low = value(digits[at + 1]) else { return nil }
                bytes.append(high << 4 | low)
            }
            return bytes
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
