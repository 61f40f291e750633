/// Why a text is not acceptable JSON, and where.
///
/// It never quotes the text, which may be a patient's.
public struct JSONError: Error, Sendable, Hashable {
    /// The stable code, for example `json.syntax`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// How many bytes stand before the fault.
    public let offset: Int
    /// The line of the fault, counted from 1.
    public let line: Int
    /// The byte within that line, counted from 1.
    public let column: Int

    init(_ code: String, _ what: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        let before = bytes.prefix(offset)
        self.code = code
        self.what = what
        self.offset = offset
        self.line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        self.column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
    }
}

extension JSONError: CustomStringConvertible {
    /// The code, the sentence and the place, in one line.
    public var description: String { "\(code): \(what) (line \(line), column \(column))" }
}

extension JSONError {
    static func empty(in bytes: UnsafeRawBufferPointer) -> JSONError {
        JSONError("json.empty", "The text is empty. Send one JSON value.", at: 0, in: bytes)
    }

    static func tooLarge(_ limit: Int) -> JSONError {
        JSONError(
            "json.too_large", "The text is larger than \(limit) bytes. Send less at once.", at: 0,
            in: UnsafeRawBufferPointer(start: nil, count: 0))
    }
}

extension JSONParser {
    /// A fault at the place now being read.
    func syntax(_ what: String) -> JSONError { fault("json.syntax", what) }

    func endOfText() -> JSONError { syntax("The text ends too early. Send it whole.") }

    func tooDeep() -> JSONError {
        fault("json.too_deep", "More than \(maxDepth) arrays and objects stand inside each other. Flatten the value.")
    }

    func invalidUTF8() -> JSONError { fault("json.utf8", "A string is not valid UTF-8. Encode the text as UTF-8.") }

    func numberTooLong() -> JSONError {
        fault("json.number_too_long", "A number has more than \(limits.maxNumberBytes) bytes. Send it shorter or as a string.")
    }

    func numberRange() -> JSONError {
        fault("json.number_range", "A number is beyond the range of binary floating point. Send it as a string.")
    }

    func duplicateKey() -> JSONError {
        fault("json.duplicate_key", "An object names the same key twice. Name each key once.")
    }

    private func fault(_ code: String, _ what: String) -> JSONError {
        JSONError(code, what, at: next - start, in: UnsafeRawBufferPointer(start: start, count: end - start))
    }
}
