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
            var wrong: UInt8 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: digits.count / 2) { place, count in
                values.withUnsafeBufferPointer { values in
                    for at in 0..<digits.count / 2 {
                        let high = values[Int(digits[at * 2])], low = values[Int(digits[at * 2 + 1])]
                        wrong |= high | low
                        place[at] = high << 4 | low & 15
                    }
                }
                count = digits.count / 2
            }
            return wrong < noValue ? bytes : nil
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    private static let noValue: UInt8 = 0x80
    private static let values: [UInt8] = (UInt8.min...UInt8.max).map { character in
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: noValue
        }
    }
}
