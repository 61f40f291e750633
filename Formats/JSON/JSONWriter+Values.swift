extension JSONWriter {
    /// Appends `true` or `false`.
    public mutating func bool(_ value: Bool) {
        if value { literal("true") } else { literal("false") }
    }

    /// Appends an integer.
    public mutating func int(_ value: Int64) {
        reserve(20)
        var rest = value.magnitude
        if value < 0 { byte(UInt8(ascii: "-")) }
        var digits = 1
        var power = rest
        while power >= 10 {
            power /= 10
            digits += 1
        }
        var index = written + digits
        repeat {
            index -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            buffer[index] = 0x30 + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest != 0
        written += digits
    }

    /// Appends the shortest text that reads back as the same number; a whole number keeps its `.0`.
    ///
    /// JSON cannot say infinity or “not a number”: they are written as `null`.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return literal("null") }
        var text = value.description
        text.withUTF8 { bytes($0) }
    }

    /// Appends a string with its quotes and escapes.
    public mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { text in
            // Without escapes this is all the room that the string needs.
            reserve(text.count + 2)
            byte(UInt8(ascii: "\""))
            if let base = text.baseAddress { escaped(base, text.count) }
            byte(UInt8(ascii: "\""))
        }
    }

    /// Copies runs of plain characters whole and escapes what stands between them.
    private mutating func escaped(_ base: UnsafePointer<UInt8>, _ length: Int) {
        var run = 0
        var index = 0
        while index < length {
            if length - index >= 8, !EightBytes.stops(EightBytes.load(base + index)) {
                index += 8
                continue
            }
            let byte = base[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                plain(base + run, index - run)
                escape(byte)
                run = index + 1
            }
            index += 1
        }
        plain(base + run, length - run)
    }

    private mutating func plain(_ run: UnsafePointer<UInt8>, _ length: Int) {
        bytes(UnsafeBufferPointer(start: run, count: length))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): literal("\\\"")
        case UInt8(ascii: "\\"): literal("\\\\")
        case 0x0A: literal("\\n")
        case 0x0D: literal("\\r")
        case 0x09: literal("\\t")
        default:
            literal("\\u00")
            hexDigit(byte >> 4)
            hexDigit(byte & 15)
        }
    }

    private mutating func hexDigit(_ value: UInt8) { byte(value < 10 ? 0x30 + value : 0x57 + value) }

    /// Appends a whole value without white space.
    public mutating func json(_ value: JSON) {
        switch value {
        case .null: literal("null")
        case .bool(let value): bool(value)
        case .int(let value): int(value)
        case .double(let value): double(value)
        case .number(let text): number(text)
        case .string(let value): string(value)
        case .array(let elements): array(elements)
        case .object(let value): object(value)
        }
    }

    /// Appends a number as it was written; text that is no JSON number becomes a string, so that nothing can slip in.
    public mutating func number(_ text: String) {
        guard JSONWriter.isNumber(text) else { return string(text) }
        var text = text
        text.withUTF8 { bytes($0) }
    }

    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || first &- 0x30 <= 9 else { return false }
        guard let last = text.utf8.last, last &- 0x30 <= 9 else { return false }
        return (try? JSON.parse(text, limits: JSONLimits(maxNumberBytes: .max), numbers: .literal)) != nil
    }

    private mutating func array(_ elements: [JSON]) {
        byte(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if isFirst { isFirst = false } else { byte(UInt8(ascii: ",")) }
            json(element)
        }
        byte(UInt8(ascii: "]"))
    }

    private mutating func object(_ object: JSONObject) {
        byte(UInt8(ascii: "{"))
        var isFirst = true
        for member in object.members {
            if isFirst { isFirst = false } else { byte(UInt8(ascii: ",")) }
            string(member.key)
            byte(UInt8(ascii: ":"))
            json(member.value)
        }
        byte(UInt8(ascii: "}"))
    }
}
