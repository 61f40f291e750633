/// How much FEEL a reader accepts.
public struct FEELLimits: Sendable, Hashable {
    /// How many bytes one cell may have.
    public var maxBytes: Int
    /// How many parentheses, lists and signs may stand inside each other, 1 to 64 (a larger number counts as 64).
    public var maxDepth: Int
    /// How many alternatives a cell may list, and how many elements a list.
    public var maxItems: Int

    /// The limits for ordinary cells: 4,096 bytes, 24 levels, 500 alternatives.
    public static let `default` = FEELLimits()

    /// What the stack of one thread surely holds.
    static let deepest = 64
    /// How many bytes a text put together by `+` may have.
    static let maxTextBytes = 65_536

    /// Limits of your own; what is not named stays at its default.
    public init(maxBytes: Int = 4_096, maxDepth: Int = 24, maxItems: Int = 500) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxItems = maxItems
    }
}

/// Why a text is not acceptable S-FEEL, and where.
public struct FEELError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable code, for example `feel.syntax`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// The character of the fault, counted from 1.
    public let position: Int

    /// The code, the sentence and the place, in one line.
    public var description: String { "\(code): \(what) (character \(position))" }
}

extension FEELError {
    static func tooLong(_ limit: Int) -> FEELError {
        FEELError(code: "feel.too_long", what: "The text is longer than \(limit) bytes. Split it over several rows.", position: 1)
    }

    static func tooDeep(_ limit: Int, at position: Int) -> FEELError {
        FEELError(
            code: "feel.too_deep", what: "More than \(limit) parentheses, lists or signs stand inside each other. Write it flatter.",
            position: position)
    }

    static func tooMany(_ limit: Int, at position: Int) -> FEELError {
        FEELError(
            code: "feel.too_many", what: "More than \(limit) alternatives stand in one cell. Split it over several rows.",
            position: position)
    }

    static func syntax(_ what: String, at position: Int) -> FEELError { FEELError(code: "feel.syntax", what: what, position: position) }

    static func unclosedString(at position: Int) -> FEELError {
        FEELError(code: "feel.string", what: "The text is not closed. Put a \" at its end.", position: position)
    }

    static func escape(at position: Int) -> FEELError {
        FEELError(
            code: "feel.string", what: "The escape is unknown. Write \\\", \\\\, \\n, \\r, \\t or \\u with four hexadecimal digits.",
            position: position)
    }

    static func number(at position: Int) -> FEELError {
        FEELError(
            code: "feel.number", what: "The number has more than \(FEELNumber.maxDigits) digits. Write a shorter one.", position: position)
    }

    static func temporal(_ function: String, at position: Int) -> FEELError {
        let example =
            switch function {
            case "date": "date(\"2026-03-01\")"
            case "time": "time(\"08:30:00\")"
            case "date and time": "date and time(\"2026-03-01T08:30:00\")"
            case "duration": "duration(\"P1DT2H\") or duration(\"P1Y6M\")"
            default: "@\"2026-03-01\""
            }
        return FEELError(code: "feel.temporal", what: "This is no such value. Write it like \(example).", position: position)
    }

    static func unknownName(_ name: String, _ known: [String], at position: Int) -> FEELError {
        let list = known.isEmpty ? "" : " Known: " + known.prefix(20).joined(separator: ", ") + "."
        return FEELError(
            code: "feel.unknown_name", what: "'\(name)' is not known here. Put text in quotes: \"\(name)\".\(list)", position: position)
    }

    static func range(_ what: String, at position: Int) -> FEELError { FEELError(code: "feel.range", what: what, position: position) }
}
