extension FEELParser {
    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0xA0: index += 2
            default: return
            }
        }
    }

    mutating func starts(_ text: StaticString) -> Bool {
        skipSpace()
        let length = text.utf8CodeUnitCount
        guard bytes.count - index >= length else { return false }
        return (0..<length).allSatisfy { bytes[index + $0] == text.utf8Start[$0] }
    }

    mutating func take(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        index += text.utf8CodeUnitCount
        return true
    }

    /// A word that no letter follows.
    mutating func takeWord(_ text: StaticString) -> Bool {
        let before = index
        guard take(text) else { return false }
        if index < bytes.count, FEELParser.isNamePart(bytes[index]) {
            index = before
            return false
        }
        return true
    }

    mutating func takeDots() -> Bool { take("..") }

    mutating func takeComparison() -> FEELOperator? {
        if take("<=") { return .lessOrEqual }
        if take(">=") { return .greaterOrEqual }
        if take("!=") { return .notEqual }
        if take("<") { return .less }
        if take(">") { return .greater }
        return take("=") ? .equal : nil
    }

    // MARK: Literals

    mutating func number() throws(FEELError) -> FEELNumber {
        let start = index
        skipDigits()
        if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "."), (0x30...0x39).contains(bytes[index + 1]) {
            index += 1
            skipDigits()
        }
        guard index > start else { throw .syntax("A number has digits before or behind its point.", at: position(start)) }
        if index < bytes.count, FEELParser.isNamePart(bytes[index]) {
            throw .syntax("A letter stands in the number. Put text in quotes.", at: position(index))
        }
        guard let number = FEELNumber(String(decoding: bytes[start..<index], as: UTF8.self)) else { throw .number(at: position(start)) }
        return number
    }

    private mutating func skipDigits() { while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 } }

    /// Text in quotes, from the opening one on.
    mutating func string() throws(FEELError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw .unclosedString(at: position(start))
    }

    private mutating func escape(into text: inout [UInt8]) throws(FEELError) {
        guard index < bytes.count else { throw .escape(at: position(index)) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "'"): text.append(byte)
        case UInt8(ascii: "u"): try unicode(4, into: &text)
        case UInt8(ascii: "U"): try unicode(6, into: &text)
        default: throw .escape(at: position(index - 2))
        }
    }

    private mutating func unicode(_ count: Int, into text: inout [UInt8]) throws(FEELError) {
        let digits = bytes[index..<min(index + count, bytes.count)]
        guard digits.count == count, digits.allSatisfy({ UInt8(ascii: "+") != $0 }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(code)
        else { throw .escape(at: position(index)) }
        index += count
        text.append(contentsOf: String(Character(scalar)).utf8)
    }

    // MARK: Words

    /// `true`, a date, a name, in this order.
    mutating func word() throws(FEELError) -> FEELExpression {
        let start = index
        if takeWord("null") { return .literal(.null) }
        if takeWord("true") { return .literal(.boolean(true)) }
        if takeWord("false") { return .literal(.boolean(false)) }
        if let value = try temporal() { return .literal(value) }
        index = start
        if let name = takeKnownName() { return .name(name) }
        let name = try plainName()
        if let names { throw .unknownName(name, names, at: position(start)) }
        return .name(name)
    }

    /// `date("…")` and its like; nil when none stands here.
    private mutating func temporal() throws(FEELError) -> FEELValue? {
        let start = index
        for function in ["date and time", "date", "time", "duration"] {
            index = start
            guard takeWords(function), take("(") else { continue }
            skipSpace()
            let place = index
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw .syntax("\(function)(…) takes a text in quotes.", at: position(index))
            }
            let text = try string()
            guard take(")") else { throw .syntax("A ) is missing.", at: position(index)) }
            guard let value = FEELParser.temporal(function, text) else { throw .temporal(function, at: position(place)) }
            return value
        }
        return nil
    }

    private mutating func takeWords(_ words: String) -> Bool {
        for word in words.split(separator: " ") {
            skipSpace()
            let end = index + word.utf8.count
            guard end <= bytes.count, bytes[index..<end].elementsEqual(word.utf8) else { return false }
            guard end == bytes.count || !FEELParser.isNamePart(bytes[end]) else { return false }
            index = end
        }
        return true
    }

    private static func temporal(_ function: String, _ text: String) -> FEELValue? {
        switch function {
        case "date": FEELDate(text).map { .date($0) }
        case "time": FEELTime(text).map { .time($0) }
        case "date and time": FEELDateTime(text).map { .dateTime($0) }
        default: FEELDuration.parse(text)
        }
    }

    /// `@"…"`, whose text says of which kind it is.
    mutating func atLiteral() throws(FEELError) -> FEELExpression {
        let start = index
        index += 1
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw .temporal("@", at: position(start)) }
        let text = try string()
        for function in ["date", "date and time", "time", "duration"] {
            if let value = FEELParser.temporal(function, text) { return .literal(value) }
        }
        throw .temporal("@", at: position(start))
    }

    private mutating func takeKnownName() -> String? {
        for name in known where !name.isEmpty {
            let end = index + name.utf8.count
            guard end <= bytes.count, bytes[index..<end].elementsEqual(name.utf8) else { continue }
            guard end == bytes.count || !FEELParser.isNamePart(bytes[end]) else { continue }
            index = end
            return name
        }
        return nil
    }

    /// Words with points between them.
    private mutating func plainName() throws(FEELError) -> String {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            let isPoint =
                byte == UInt8(ascii: ".") && index > start && index + 1 < bytes.count && FEELParser.isNameStart(bytes[index + 1])
            guard isPoint || (index == start ? FEELParser.isNameStart(byte) : FEELParser.isNamePart(byte)) else { break }
            index += 1
        }
        guard index > start else { throw .syntax("This character means nothing here. Put text in quotes.", at: position(start)) }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || (0x30...0x39).contains(byte) }
}
