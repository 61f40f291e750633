/// How much XML-RPC a reader accepts.
public struct XMLRPCLimits: Sendable, Hashable {
    /// How many arrays and structs may stand inside each other, 1 to 512 (a larger number counts as 512).
    public var maxDepth: Int
    /// How many bytes the text may have.
    public var maxBytes: Int

    /// The limits for ordinary input: 64 levels, 64 MiB.
    public static let `default` = XMLRPCLimits()

    /// What the stack of one thread surely holds.
    static let deepest = 512
    /// How many bytes one tag may have; the parser's time for a tag grows with the square of its attributes.
    static let maxTagBytes = 4096
    /// How many attributes a text may have; the parser looks up names in a table that does not grow with them.
    static let maxAttributes = 10_000
    /// How many processing instructions a text may have, for the same reason.
    static let maxInstructions = 16

    /// Limits of your own; what is not named stays at its default.
    public init(maxDepth: Int = 64, maxBytes: Int = 64 << 20) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
    }
}

/// Why a text is not acceptable XML-RPC, and where; it never quotes the text.
public struct XMLRPCError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable code, for example `xmlrpc.syntax`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// The line of the fault, counted from 1.
    public let line: Int

    /// The code, the sentence and the place, in one line.
    public var description: String { "\(code): \(what) (line \(line))" }
}

extension XMLRPCError {
    static var empty: XMLRPCError { XMLRPCError(code: "xmlrpc.empty", what: "The text is empty. Send one XML document.", line: 1) }

    static func tooLarge(_ limit: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.too_large", what: "The text is larger than \(limit) bytes. Send less at once.", line: 1)
    }

    static func tagTooLarge(line: Int) -> XMLRPCError {
        XMLRPCError(
            code: "xmlrpc.too_large", what: "A tag is larger than \(XMLRPCLimits.maxTagBytes) bytes. Leave out its attributes.",
            line: line)
    }

    static func tooManyNames(line: Int) -> XMLRPCError {
        XMLRPCError(
            code: "xmlrpc.too_large",
            what: "There are more than \(XMLRPCLimits.maxAttributes) attributes or \(XMLRPCLimits.maxInstructions) processing"
                + " instructions. Leave them out.",
            line: line)
    }

    static func tooDeep(_ limit: Int, line: Int) -> XMLRPCError {
        XMLRPCError(
            code: "xmlrpc.too_deep", what: "More than \(limit) arrays and structs stand inside each other. Flatten the value.",
            line: line)
    }

    static func docType(line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.doctype", what: "Document type declarations are refused. Leave it out.", line: line)
    }

    static func encoding(line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.encoding", what: "The text is not valid UTF-8. Encode it as UTF-8.", line: line)
    }

    static func syntax(line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.syntax", what: "The text is not well-formed XML in UTF-8. Correct it at this line.", line: line)
    }

    static func unexpected(_ what: String, line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.unexpected", what: what, line: line)
    }

    static func badValue(_ what: String, line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.bad_value", what: what, line: line)
    }
}
