/// Percent-encoding of paths and forms.
///
/// Source: RFC 3986, section 2.1; WHATWG *URL Standard*, section 5.1.
enum PercentCoding {
    /// - Returns: nil when an escape is malformed or the result is no UTF-8.
    static func decode(_ text: Substring.UTF8View) -> String? {
        guard text.contains(UInt8(ascii: "%")) else { return String(Substring(text)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard let byte = escape(text, at: index) else { return nil }
                bytes.append(byte)
                index = text.index(index, offsetBy: 3)
            } else {
                bytes.append(text[index])
                index = text.index(after: index)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Decodes a form's name or value: `+` is a space, a malformed escape stays, invalid UTF-8 is replaced.
    static func decodeForm(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), let byte = escape(text, at: index) {
                bytes.append(byte)
                index = text.index(index, offsetBy: 3)
            } else {
                bytes.append(text[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[index])
                index = text.index(after: index)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(_ text: Substring.UTF8View, at index: Substring.Index) -> UInt8? {
        guard let end = text.index(index, offsetBy: 3, limitedBy: text.endIndex) else { return nil }
        let digits = text[text.index(after: index)..<end].map(\.hexValue)
        guard let high = digits[0], let low = digits[1] else { return nil }
        return high << 4 | low
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// Whether it may stand in a token (RFC 9110, section 5.6.2).
    var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
