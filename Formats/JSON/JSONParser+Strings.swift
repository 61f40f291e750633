/// Looks at eight bytes at once.
enum EightBytes {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
    }

    /// Whether one of the bytes ends a plain run of a JSON string: a quote, a backslash or a control character.
    @inline(__always)
    static func stops(_ word: UInt64) -> Bool {
        let quote = word ^ 0x2222_2222_2222_2222
        let slash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let ones: UInt64 = 0x0101_0101_0101_0101
        let hit = ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- 0x2020_2020_2020_2020) & ~word)
        return hit & tops != 0
    }

    /// The highest bit of each byte; none is set in ASCII.
    static let tops: UInt64 = 0x8080_8080_8080_8080
}

extension JSONParser {
    /// Reads a string whose opening quote stands next.
    mutating func string() throws(JSONError) -> String {
        next += 1
        let first = next
        var highBits: UInt64 = 0
        while end - next >= 8 {
            let word = EightBytes.load(next)
            if EightBytes.stops(word) { break }
            highBits |= word & EightBytes.tops
            next += 8
        }
        while next < end {
            let byte = next.pointee
            if byte == UInt8(ascii: "\"") {
                let text = UnsafeBufferPointer(start: first, count: next - first)
                if highBits != 0 { return try closed(validating: text) }
                next += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: first) }
            if byte < 0x20 { throw controlCharacter() }
            highBits |= UInt64(byte & 0x80)
            next += 1
        }
        throw endOfText()
    }

    private mutating func closed(validating text: some Collection<UInt8>) throws(JSONError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw invalidUTF8() }
        next += 1
        return string
    }

    private func controlCharacter() -> JSONError { syntax("A control character in a string must be written as an escape.") }

    private func badEscape() -> JSONError {
        syntax("A backslash must be followed by one of \" \\ / b f n r t or by u and four hexadecimal digits.")
    }

    private func badSurrogate() -> JSONError { syntax("A surrogate escape must stand in a pair, the high half first.") }

    private mutating func stringWithEscapes(from first: UnsafePointer<UInt8>) throws(JSONError) -> String {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: UnsafeBufferPointer(start: first, count: next - first))
        while next < end {
            let byte = next.pointee
            if byte == UInt8(ascii: "\"") { return try closed(validating: scratch) }
            if byte < 0x20 { throw controlCharacter() }
            next += 1
            if byte == UInt8(ascii: "\\") { try escape() } else { scratch.append(byte) }
        }
        throw endOfText()
    }

    private mutating func escape() throws(JSONError) {
        guard next < end else { throw endOfText() }
        let letter = next.pointee
        next += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "u"): scratch.append(contentsOf: UTF8.encode(try escapedScalar()) ?? UTF8.encodedReplacementCharacter)
        default: throw badEscape()
        }
    }

    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        var value = try fourHexDigits()
        if 0xD800..<0xDC00 ~= value {
            guard end - next >= 2, next[0] == UInt8(ascii: "\\"), next[1] == UInt8(ascii: "u") else { throw badSurrogate() }
            next += 2
            let low = try fourHexDigits()
            guard 0xDC00..<0xE000 ~= low else { throw badSurrogate() }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw badSurrogate() }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        guard end - next >= 4 else { throw endOfText() }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = next.pointee
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: throw badEscape()
            }
            next += 1
        }
        return value
    }
}
