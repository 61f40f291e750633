/// Why something was not done: a stable code, one sentence, and what to do next.
///
/// Shape: `code` is dotted and never changes once shipped; `message` and `instruction` hold no patient data; `kind` lets each door choose
/// its own form (an HTTP status, Odoo's exception name, an HL7 acknowledgement).
public struct Refusal: Error, Sendable, Hashable {
    /// What sort of answer a refusal deserves.
    public enum Kind: String, Sendable {
        case invalid, accessDenied = "access_denied", missing, conflict, limit, unavailable, internalFault = "internal_fault"
        case unauthenticated, userError = "user_error", validation
    }

    /// A stable dotted code such as `record.stale`.
    public let code: String
    /// What sort of answer it deserves.
    public let kind: Kind
    /// One sentence.
    public let message: String
    /// What to do next.
    public let instruction: String
    /// What a program may want to know: ids, versions, allowed actions. Never patient data.
    public let details: ValueMap

    /// A refusal; each one is made by a factory beside what it concerns.
    public init(_ code: String, _ kind: Kind, _ message: String, instruction: String = "", details: ValueMap = [:]) {
        self.code = code
        self.kind = kind
        self.message = message
        self.instruction = instruction
        self.details = details
    }

    /// The sentence followed by the instruction.
    public var sentence: String { instruction.isEmpty ? message : message + " " + instruction }
}

extension Refusal: CustomStringConvertible {
    public var description: String { "\(code): \(sentence)" }
}
