extension JSON {
    /// Reads one JSON value, strictly after RFC 8259.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark; white space may stand around the value.
    ///   - limits: What is refused although it is correct JSON.
    ///   - numbers: Whether numbers are converted or kept as written.
    /// - Throws: `json.empty`, `json.syntax`, `json.utf8`, `json.too_large`, `json.too_deep`, `json.number_range`,
    ///   `json.number_too_long`, `json.duplicate_key`.
    public static func parse(
        _ bytes: [UInt8], limits: JSONLimits = .default, numbers: JSONNumbers = .converted
    ) throws(JSONError) -> JSON {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSON in
            try parse(UnsafeRawBufferPointer(buffer), limits: limits, numbers: numbers)
        }
    }

    /// Reads one JSON value from a string; see the reading of bytes.
    public static func parse(
        _ text: String, limits: JSONLimits = .default, numbers: JSONNumbers = .converted
    ) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), limits: limits, numbers: numbers)
    }

    /// Reads one JSON value from memory that the caller keeps alive; see the reading of bytes.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default, numbers: JSONNumbers = .converted
    ) throws(JSONError) -> JSON {
        guard bytes.count <= limits.maxBytes else { throw .tooLarge(limits.maxBytes) }
        guard let base = bytes.baseAddress, !bytes.isEmpty else { throw .empty(in: bytes) }
        let start = base.assumingMemoryBound(to: UInt8.self)
        var parser = JSONParser(start: start, end: start + bytes.count, limits: limits, numbers: numbers)
        return try parser.document()
    }
}

/// Reads a JSON text by recursive descent over raw memory.
struct JSONParser: ~Copyable {
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    let limits: JSONLimits
    let numbers: JSONNumbers
    let maxDepth: Int
    /// The first byte that is not yet read.
    var next: UnsafePointer<UInt8>
    var depth = 0
    /// Where strings with escapes are put together.
    var scratch: [UInt8] = []

    init(start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, limits: JSONLimits, numbers: JSONNumbers) {
        self.start = start
        self.end = end
        self.limits = limits
        self.numbers = numbers
        self.maxDepth = min(limits.maxDepth, JSONLimits.deepest)
        self.next = start
    }

    mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        guard next < end else {
            throw .empty(in: UnsafeRawBufferPointer(start: start, count: end - start))
        }
        let value = try value()
        skipSpace()
        guard next == end else { throw syntax("Something follows the value. Send one JSON value only.") }
        return value
    }

    mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        guard next < end else { throw endOfText() }
        switch next.pointee {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: return try number()
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        try descend()
        var members: [JSONObject.Member] = []
        if try closes(UInt8(ascii: "}")) { return .object(JSONObject()) }
        members.reserveCapacity(8)
        repeat {
            skipSpace()
            guard next < end else { throw endOfText() }
            guard next.pointee == UInt8(ascii: "\"") else { throw syntax("A member's name in double quotes must stand here.") }
            let key = try string()
            skipSpace()
            guard next < end else { throw endOfText() }
            guard next.pointee == UInt8(ascii: ":") else { throw syntax("A colon must follow the member's name.") }
            next += 1
            members.append(JSONObject.Member(key: key, value: try value()))
        } while try continues(until: UInt8(ascii: "}"))
        if limits.rejectsDuplicateKeys, JSONParser.hasDuplicates(members) { throw duplicateKey() }
        return .object(JSONObject(members))
    }

    private mutating func array() throws(JSONError) -> JSON {
        try descend()
        var elements: [JSON] = []
        if try closes(UInt8(ascii: "]")) { return .array([]) }
        repeat { elements.append(try value()) } while try continues(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    /// Steps over the opening bracket.
    private mutating func descend() throws(JSONError) {
        depth += 1
        if depth > maxDepth { throw tooDeep() }
        next += 1
    }

    /// Whether the container closes here; if so, steps over the bracket.
    private mutating func closes(_ bracket: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard next < end else { throw endOfText() }
        guard next.pointee == bracket else { return false }
        next += 1
        depth -= 1
        return true
    }

    /// Whether a comma announces another element; the bracket ends the container.
    private mutating func continues(until bracket: UInt8) throws(JSONError) -> Bool {
        if try closes(bracket) { return false }
        guard next.pointee == UInt8(ascii: ",") else { throw syntax("A comma or the closing bracket must stand here.") }
        next += 1
        return true
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard next + index < end else { throw endOfText() }
            guard next[index] == word.utf8Start[index] else {
                throw syntax("A value must be true, false, null, a number, a string, an array or an object.")
            }
        }
        next += word.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func skipSpace() {
        while next < end {
            let byte = next.pointee
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            next += 1
        }
    }

    /// Compares few keys pairwise and many by hashing, so that a hostile object costs no quadratic time.
    private static func hasDuplicates(_ members: [JSONObject.Member]) -> Bool {
        if members.count > 16 { return Set(members.lazy.map(\.key)).count < members.count }
        for (index, member) in members.enumerated() where members[..<index].contains(where: { $0.key == member.key }) {
            return true
        }
        return false
    }
}
