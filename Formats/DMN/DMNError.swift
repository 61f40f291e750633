import XML

/// How much DMN a reader accepts.
public struct DMNLimits: Sendable, Hashable {
    /// How many bytes the text may have.
    public var maxBytes: Int
    /// How many elements may stand inside each other, 1 to 128 (a larger number counts as 128).
    public var maxDepth: Int
    /// How many elements, or cells of CSV, the text may have.
    public var maxElements: Int

    /// The limits for ordinary input: 8 MiB, 32 levels, 200,000 elements or cells.
    public static let `default` = DMNLimits()

    /// What the stack of one thread surely holds.
    static let deepest = 128
    /// What is asked of the XML: an element of a table has few attributes, and a table has many elements.
    var xml: XMLLimits { XMLLimits(maxBytes: maxBytes, maxTagBytes: 16_384, maxAttributes: 400_000) }

    /// Limits of your own; what is not named stays at its default.
    public init(maxBytes: Int = 8 << 20, maxDepth: Int = 32, maxElements: Int = 200_000) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxElements = maxElements
    }
}

/// Why a text is not acceptable DMN or CSV, and where; it never quotes more than names.
public struct DMNError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable code, for example `dmn.syntax`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// The line of the fault, counted from 1.
    public let line: Int

    /// The code, the sentence and the place, in one line.
    public var description: String { "\(code): \(what) (line \(line))" }
}

extension DMNError {
    init(_ fault: XMLFault) { self.init(code: "dmn." + fault.kind.rawValue, what: fault.what, line: fault.line) }

    static func tooLarge(_ limit: Int) -> DMNError {
        DMNError(code: "dmn.too_large", what: "The text is larger than \(limit) bytes. Send fewer tables at once.", line: 1)
    }

    static func tooMany(_ limit: Int, line: Int) -> DMNError {
        DMNError(code: "dmn.too_large", what: "There are more than \(limit) elements or cells. Split the table.", line: line)
    }

    static func tooDeep(_ limit: Int, line: Int) -> DMNError {
        DMNError(code: "dmn.too_deep", what: "More than \(limit) elements stand inside each other. Leave some out.", line: line)
    }

    static func encoding(line: Int) -> DMNError {
        DMNError(code: "dmn.encoding", what: "The text is not valid UTF-8. Encode it as UTF-8.", line: line)
    }

    static func notDMN(line: Int) -> DMNError {
        DMNError(
            code: "dmn.not_dmn",
            what: "The text is no DMN document. Send `definitions` in the namespace of DMN 1.1 to 1.5, for example \(DMNNamespace.model).",
            line: line)
    }

    static func noTable(line: Int) -> DMNError {
        DMNError(code: "dmn.no_table", what: "The document holds no decision table. Export a decision that is one.", line: line)
    }

    static func structure(_ what: String, line: Int) -> DMNError { DMNError(code: "dmn.structure", what: what, line: line) }

    static func character(_ place: String) -> DMNError {
        DMNError(
            code: "dmn.character", what: "A control character in \(place) cannot stand in XML. Write it as an escape such as \\u0001.",
            line: 1)
    }

    static func csv(_ what: String, line: Int) -> DMNError { DMNError(code: "dmn.csv", what: what, line: line) }
}
