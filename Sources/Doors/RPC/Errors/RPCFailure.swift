import Base
import Crypto
import JSON
import Kernel

/// Which of Odoo's doors an error goes out by; they name a few things differently.
enum ErrorStyle: Sendable {
    case jsonRPC, web, json2
}

/// An error as Odoo's clients see it.
///
/// Shape: `name` is the Python exception that clients look at; `debug` holds the stable code, never how we work inside.
struct RPCFailure: Sendable {
    let name: String
    private(set) var message: String
    private(set) var debug: String
    /// What to do next; Odoo has no place for it, so that it also ends the message.
    let instruction: String
    let context: ValueMap
    /// The HTTP status where the protocol uses one.
    let status: Int
    /// XML-RPC's number.
    let faultCode: Int
    let isUnexpected: Bool

    /// What an error becomes.
    init(_ error: any Error, style: ErrorStyle = .jsonRPC) {
        guard let refusal = error as? Refusal else {
            self.init(unexpected: String(describing: type(of: error)))
            return
        }
        guard refusal.kind != .internalFault else {
            self.init(unexpected: refusal.code)
            return
        }
        let kind = ExceptionKind(refusal, style)
        var message = refusal.sentence
        if refusal.code == "model.unknown" { message = style == .web ? "'" + refusal.modelName + "'" : refusal.message }
        self.init(
            kind, message: message, debug: refusal.code, instruction: RPCFailure.advice(refusal), context: refusal.details,
            isUnexpected: false)
    }

    /// What to do next; where a refusal in Python's words says nothing of it, by its kind.
    private static func advice(_ refusal: Refusal) -> String {
        if !refusal.instruction.isEmpty { return refusal.instruction }
        return switch refusal.kind {
        case .unauthenticated: "Check login, password or API key, and sign in again."
        case .accessDenied: "Ask an administrator for the right, or leave this out."
        case .missing: "Check the name or number; the record may be gone or out of reach."
        case .unavailable: "Try again in a moment."
        case .limit: "Ask for less at once."
        case .conflict: "Read the record again and repeat the change."
        case .invalid, .userError, .validation, .internalFault: "Correct the call: the message says what is wrong with it."
        }
    }

    private init(unexpected what: String) {
        let kind = ExceptionKind("builtins.RuntimeError", 500, 1)
        self.init(
            kind, message: "Something went wrong.", debug: what, instruction: "Tell an administrator the number in the code.", context: [:],
            isUnexpected: true)
    }

    private init(
        _ kind: ExceptionKind, message: String, debug: String, instruction: String, context: ValueMap, isUnexpected: Bool
    ) {
        name = kind.name
        status = kind.status
        faultCode = kind.faultCode
        self.message = message
        self.debug = debug
        self.instruction = instruction
        self.context = context
        self.isUnexpected = isUnexpected
    }

    /// Replaces what an unexpected error says by the id under which it was reported.
    mutating func hide(behind id: String) {
        message = "Something went wrong on the server. Tell an administrator this number: \(id)."
        debug = "incident." + id
    }

    /// The code, and the instruction where the message does not end with it: for protocols that have nothing but a text.
    var advice: String { "[\(debug)]" + (message.hasSuffix(instruction) ? "" : " " + instruction) }

    /// Writes the error object `{name, message, arguments, context, debug}`, and behind Odoo's members ours: `code` and `instruction`.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("message")
        writer.string(message)
        writer.key("arguments")
        writer.beginArray()
        writer.string(message)
        writer.endArray()
        writer.key("context")
        writer.value(.map(context))
        writer.key("debug")
        writer.string(debug)
        writer.key("code")
        writer.string(debug)
        writer.key("instruction")
        writer.string(instruction)
        writer.endObject()
    }
}

/// Which Python exception stands for a refusal.
private struct ExceptionKind {
    let name: String
    let status: Int
    let faultCode: Int

    init(_ name: String, _ status: Int, _ faultCode: Int) {
        self.name = name
        self.status = status
        self.faultCode = faultCode
    }

    init(_ refusal: Refusal, _ style: ErrorStyle) {
        if let special = ExceptionKind.special(refusal.code, style) {
            self = special
            return
        }
        switch refusal.kind {
        case .accessDenied: self.init("odoo.exceptions.AccessError", 403, 4)
        case .unauthenticated: self.init("odoo.exceptions.AccessDenied", 403, 3)
        case .validation: self.init("odoo.exceptions.ValidationError", 422, 2)
        case .missing: self.init("odoo.exceptions.MissingError", 404, 2)
        case .userError, .limit: self.init("odoo.exceptions.UserError", 422, 2)
        case .conflict: self.init("odoo.exceptions.UserError", refusal.code == "record.stale" ? 409 : 422, 2)
        case .unavailable: self.init("odoo.exceptions.UserError", 503, 2)
        case .invalid: self.init("builtins.ValueError", 500, 1)
        case .internalFault: self.init("builtins.RuntimeError", 500, 1)
        }
    }

    private static func special(_ code: String, _ style: ErrorStyle) -> ExceptionKind? {
        switch code {
        case "rpc.bad_argument":
            style == .json2 ? .init("werkzeug.exceptions.UnprocessableEntity", 422, 1) : .init("builtins.TypeError", 422, 1)
        case "rpc.unknown_method":
            style == .json2 ? .init("werkzeug.exceptions.NotFound", 404, 1) : .init("builtins.AttributeError", 404, 1)
        case "model.unknown":
            switch style {
            case .jsonRPC: .init("odoo.exceptions.UserError", 404, 2)
            case .web: .init("builtins.KeyError", 404, 1)
            case .json2: .init("werkzeug.exceptions.NotFound", 404, 1)
            }
        case "rpc.unknown_database": .init("psycopg2.OperationalError", 404, 1)
        case "rpc.unknown_service": .init("builtins.NameError", 404, 1)
        case "session.expired": .init("odoo.http.SessionExpiredException", 403, 3)
        default: nil
        }
    }
}

extension Refusal {
    /// The model that an "unknown model" refusal is about, read from its sentence.
    fileprivate var modelName: String {
        let words = message.split(separator: " ")
        return words.count > 1 ? String(words[1]) : message
    }
}

/// Random names for what went wrong unexpectedly.
enum Incident {
    private static let bytes = 8

    static func newId() -> String { Hex.encode(SystemRandomSource().bytes(bytes)) }
}
