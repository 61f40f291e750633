import XML

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
    /// What is asked of the XML: XML-RPC knows no attributes at all, so those that come are few.
    var xml: XMLLimits { XMLLimits(maxBytes: maxBytes) }

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
    init(_ fault: XMLFault) { self.init(code: "xmlrpc." + fault.kind.rawValue, what: fault.what, line: fault.line) }

    static func tooDeep(_ limit: Int, line: Int) -> XMLRPCError {
        XMLRPCError(
            code: "xmlrpc.too_deep", what: "More than \(limit) arrays and structs stand inside each other. Flatten the value.",
            line: line)
    }

    static func encoding(line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.encoding", what: "The text is not valid UTF-8. Encode it as UTF-8.", line: line)
    }

    static func unexpected(_ what: String, line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.unexpected", what: what, line: line)
    }

    static func badValue(_ what: String, line: Int) -> XMLRPCError {
        XMLRPCError(code: "xmlrpc.bad_value", what: what, line: line)
    }
}
