/// Turns the text of an element into a value.
enum XMLRPCScalar {
    static func value(of element: XMLRPCElement, text: [UInt8], line: Int) throws(XMLRPCError) -> XMLRPCValue {
        switch element {
        case .null: return .nil
        case .base64:
            guard let bytes = XMLRPCBase64.decode(text) else { throw .badValue("A `base64` is not base64. Encode it anew.", line: line) }
            return .base64(bytes)
        default: break
        }
        guard let string = String(validating: text, as: UTF8.self) else { throw .encoding(line: line) }
        if element == .string { return .string(string) }
        let trimmed = trim(string)
        switch element {
        case .int, .i4, .i8:
            guard let value = Int64(trimmed) else { throw .badValue("An integer must be digits and fit 64 bits.", line: line) }
            return .int(value)
        case .boolean:
            guard trimmed == "0" || trimmed == "1" else { throw .badValue("A `boolean` must be 0 or 1.", line: line) }
            return .bool(trimmed == "1")
        case .double:
            guard trimmed.utf8.count <= maxDoubleBytes, let value = Double(trimmed), value.isFinite else {
                throw .badValue("A `double` must be a finite decimal number.", line: line)
            }
            return .double(value)
        case .dateTime:
            guard (1...maxDateTimeBytes).contains(trimmed.utf8.count) else {
                throw .badValue("A `dateTime.iso8601` must be written like 20260301T09:30:00.", line: line)
            }
            return .dateTime(trimmed)
        default: preconditionFailure("\(element) is no scalar")
        }
    }

    private static let maxDoubleBytes = 1024
    private static let maxDateTimeBytes = 64

    private static func trim(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(text[first...last])
    }
}

/// Base64 after RFC 4648 with its standard alphabet; white space between the digits is skipped.
enum XMLRPCBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each byte, 0xFF for those that are no digit.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// - Returns: nil when the text is no base64 or its padding is wrong.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var digits = 0
        var padding = 0
        for byte in text where !isSpace(byte) {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard value != 0xFF, padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            digits += 1
            if digits % 4 == 0 { result.append(contentsOf: [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]) }
        }
        switch (digits % 4, padding) {
        case (0, 0): break
        case (2, 2): result.append(UInt8(bits >> 4 & 0xFF))
        case (3, 1): result.append(contentsOf: [UInt8(bits >> 10 & 0xFF), UInt8(bits >> 2 & 0xFF)])
        default: return nil
        }
        return result
    }

    static func encode(_ bytes: [UInt8], into text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0) | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            text.append(alphabet[Int(group >> 18 & 63)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
    }
}
