/// How much XML a reader accepts.
public struct XMLLimits: Sendable, Hashable {
    /// How many bytes the text may have.
    public var maxBytes: Int
    /// How many bytes one tag may have; the parser's time for a tag grows with the square of its attributes.
    public var maxTagBytes: Int
    /// How many attributes a text may have; the parser looks up names in a table that does not grow with them.
    public var maxAttributes: Int
    /// How many attributes one tag may have.
    public var maxTagAttributes: Int
    /// How many namespaces a text may declare.
    public var maxDeclarations: Int
    /// How many processing instructions a text may have.
    public var maxInstructions: Int

    /// Limits of a format; what is not named stays at 8 MiB, 4 KiB a tag, 10,000 attributes, 64 a tag, 256 namespaces and 16 instructions.
    public init(
        maxBytes: Int = 8 << 20, maxTagBytes: Int = 4_096, maxAttributes: Int = 10_000, maxTagAttributes: Int = 64,
        maxDeclarations: Int = 256, maxInstructions: Int = 16
    ) {
        self.maxBytes = maxBytes
        self.maxTagBytes = maxTagBytes
        self.maxAttributes = maxAttributes
        self.maxTagAttributes = maxTagAttributes
        self.maxDeclarations = maxDeclarations
        self.maxInstructions = maxInstructions
    }
}

/// Why a text is not acceptable XML, and where; it never quotes the text.
public struct XMLFault: Error, Sendable, Hashable {
    /// What is wrong; the raw value is the second half of the codes of formats: `dmn.doctype`.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// There is no text.
        case empty
        /// More bytes, a larger tag, or more attributes, namespaces or instructions than the limits allow.
        case tooLarge = "too_large"
        /// A document type declaration, and with it entities of the sender's own.
        case docType = "doctype"
        /// Not UTF-8.
        case encoding
        /// Not well-formed.
        case syntax
    }

    /// What is wrong.
    public let kind: Kind
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// The line of the fault, counted from 1.
    public let line: Int

    init(_ kind: Kind, _ what: String, line: Int) {
        self.kind = kind
        self.what = what
        self.line = line
    }

    static var empty: XMLFault { XMLFault(.empty, "The text is empty. Send one XML document.", line: 1) }

    static func tooLarge(_ limit: Int) -> XMLFault {
        XMLFault(.tooLarge, "The text is larger than \(limit) bytes. Send less at once.", line: 1)
    }

    static func tagTooLarge(_ limit: Int, line: Int) -> XMLFault {
        XMLFault(.tooLarge, "A tag is larger than \(limit) bytes. Leave out its attributes.", line: line)
    }

    static func tooManyNames(line: Int) -> XMLFault {
        XMLFault(.tooLarge, "There are too many attributes, namespaces or processing instructions. Leave them out.", line: line)
    }

    static func docType(line: Int) -> XMLFault {
        XMLFault(.docType, "Document type declarations are refused. Leave it out.", line: line)
    }

    static func encoding(line: Int) -> XMLFault { XMLFault(.encoding, "The text is not valid UTF-8. Encode it as UTF-8.", line: line) }

    static func syntax(line: Int) -> XMLFault {
        XMLFault(.syntax, "The text is not well-formed XML in UTF-8. Correct it at this line.", line: line)
    }
}
