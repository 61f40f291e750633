import Kernel

extension Refusal {
    /// Arguments that do not fit the method, in Python's words where it has some.
    static func badArgument(_ message: String) -> Refusal { Refusal("rpc.bad_argument", .invalid, message) }

    /// Odoo's private methods, and the names that it keeps to itself.
    static func privateMethod(_ label: String) -> Refusal {
        Refusal("rpc.private_method", .accessDenied, "Private methods (such as '\(label)') cannot be called remotely.")
    }

    /// No such method on the model.
    static func unknownMethod(_ label: String) -> Refusal {
        Refusal("rpc.unknown_method", .invalid, "The method '\(label)' does not exist")
    }

    /// A field that a read names does not exist.
    static func unreadableField(_ name: String, on model: String) -> Refusal {
        Refusal("field.unknown", .invalid, "Invalid field '\(name)' on '\(model)'")
    }

    /// A call that asks for too much.
    static func tooMany(_ what: String, _ limit: Int) -> Refusal {
        Refusal("rpc.limit", .limit, "The call has more than \(limit) \(what).", instruction: "Send it in parts.")
    }

    /// An answer that would be too large.
    static func answerTooLarge(_ what: String, _ limit: Int) -> Refusal {
        Refusal(
            "rpc.answer_limit", .limit, "The answer has more than \(limit) \(what).", instruction: "Name a limit, or ask for fewer fields.")
    }

    /// A body that is no call at all; the sentence begins with Odoo's own.
    static func unreadable(_ code: String, _ message: String, _ instruction: String) -> Refusal {
        Refusal(code, .invalid, message, instruction: instruction)
    }

    /// No JSON, or no object.
    static let unreadableJSON = Refusal.unreadable(
        "rpc.unreadable_json", "Invalid JSON data", "Send one call as a JSON object; check quotes, commas and the encoding (UTF-8).")

    /// Another content type than JSON's.
    static let notJSON = Refusal.unreadable(
        "rpc.content_type", "Send JSON with Content-Type: application/json.", "Set the header, and put one call into the body.")

    /// Several calls at once.
    static let batch = Refusal.unreadable(
        "rpc.batch", "Batches are not supported.", "Send one call per request.")

    /// `params` is no object.
    static let badParams = Refusal.unreadable(
        "rpc.bad_params", "Invalid JSON-RPC data: params must be an object.", "Put service, method and args into params.")

    /// No XML-RPC.
    static func unreadableXML(_ what: String) -> Refusal {
        unreadable("rpc.unreadable_xml", "Invalid XML-RPC data: \(what)", "Send one methodCall as XML-RPC describes it, in UTF-8.")
    }

    /// JSON-2's body is no object of named arguments.
    static let unreadableArguments = Refusal.unreadable(
        "rpc.unreadable_json", "could not parse the body as json: an object of named arguments is needed",
        "Send a JSON object whose members are the method's arguments.")

    /// The refusal as a text for programs that read nothing but texts: sentence, then code and instruction.
    var plainText: String { "\(message)\n\(code): \(instruction)\n" }

    /// Wrong login, password or key.
    static func wrongCredentials() -> Refusal { Refusal("login.wrong", .unauthenticated, "Access Denied") }

    /// No session, or one that has ended.
    static func sessionExpired() -> Refusal { Refusal("session.expired", .unauthenticated, "Session expired") }

    /// The database's name is not this one's.
    static func unknownDatabase(_ name: String) -> Refusal {
        Refusal("rpc.unknown_database", .missing, "database \"\(name.prefix(100))\" does not exist")
    }

    /// A service or a method of one that is not there.
    static func unknownService(_ name: String) -> Refusal {
        Refusal("rpc.unknown_service", .invalid, "The service method '\(name.prefix(100))' does not exist")
    }

    /// A method that a door does not offer.
    static func notOffered(_ name: String) -> Refusal {
        Refusal("rpc.not_offered", .unauthenticated, "Access Denied", instruction: "\(name) is not offered here.")
    }
}
