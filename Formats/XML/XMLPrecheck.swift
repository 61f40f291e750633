/// Walks over XML before the parser does and refuses what would cost the parser much or must not reach it.
///
/// Refused are a document type declaration (and with it every entity of the sender's own), so many attributes that
/// comparing them or looking up their names takes long, and whatever is not an ASCII-compatible encoding.
struct XMLPrecheck: ~Copyable {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: XMLLimits
    private var index = 0
    private var line = 1
    private var attributes = 0
    private var instructions = 0
    private var declarations = 0

    static func check(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: XMLLimits) throws(XMLFault) {
        var check = XMLPrecheck(bytes, limits)
        try check.document()
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(XMLFault) {
        if starts(with: "\u{FEFF}") { index += 3 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "<") || bytes[index] <= 0x20 else { throw .syntax(line: 1) }
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<") { try markup() } else { try step() }
        }
    }

    private mutating func step() throws(XMLFault) {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\n") { line += 1 }
        if byte == 0 { throw .encoding(line: line) }
        index += 1
    }

    private mutating func markup() throws(XMLFault) {
        if starts(with: "<!--") { return try skip(past: "-->", from: 4) }
        if starts(with: "<![CDATA[") { return try skip(past: "]]>", from: 9) }
        if starts(with: "<?") {
            instructions += 1
            guard instructions <= limits.maxInstructions else { throw .tooManyNames(line: line) }
            return try skip(past: "?>", from: 2)
        }
        if starts(with: "<!") { throw .docType(line: line) }
        try tag()
    }

    private mutating func tag() throws(XMLFault) {
        let first = index
        let before = attributes
        var quote: UInt8?
        while index < bytes.count {
            guard index - first < limits.maxTagBytes else { throw .tagTooLarge(limits.maxTagBytes, line: line) }
            if quote == nil, starts(with: "xmlns") { declarations += 1 }
            let byte = bytes[index]
            try step()
            if let mark = quote {
                if byte == mark { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                attributes += 1
                guard attributes <= limits.maxAttributes, attributes - before <= limits.maxTagAttributes else {
                    throw .tooManyNames(line: line)
                }
            } else if byte == UInt8(ascii: ">") {
                guard declarations <= limits.maxDeclarations else { throw .tooManyNames(line: line) }
                return
            }
        }
        throw .syntax(line: line)
    }

    private mutating func skip(past terminator: StaticString, from offset: Int) throws(XMLFault) {
        index += offset
        while index < bytes.count {
            if starts(with: terminator) {
                index += terminator.utf8CodeUnitCount
                return
            }
            try step()
        }
        throw .syntax(line: line)
    }

    private func starts(with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard bytes.count - index >= length else { return false }
        for offset in 0..<length where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
