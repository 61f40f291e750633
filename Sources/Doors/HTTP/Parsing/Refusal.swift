/// Why a request is refused before a handler sees it; the connection closes after the answer.
struct Refusal: Error, Equatable {
    let status: Int
    let code: String
    let detail: String
    let instruction: String

    var response: HTTPResponse {
        .problem(status, code: code, detail: detail, instruction: instruction, headers: ["Connection": "close"])
    }

    private init(_ status: Int, _ code: String, _ detail: String, _ instruction: String) {
        (self.status, self.code, self.detail, self.instruction) = (status, code, detail, instruction)
    }

    /// A request that does not follow RFC 9110 and 9112 to the letter; `what` is a sentence about the part.
    static func malformed(_ what: String) -> Refusal {
        Refusal(
            400, "http.malformed_request", what,
            "Correct the client or the proxy in front; the request follows RFC 9112 to the letter or is refused.")
    }

    static let unknownMethod = Refusal(
        501, "http.unknown_method", "The server does not know this method.", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.")

    static let unknownVersion = Refusal(
        505, "http.unknown_version", "The server speaks HTTP/1.1 and 1.0.", "Use HTTP/1.1, or put a proxy in front for later versions.")

    static let expectation = Refusal(
        417, "http.unknown_expectation", "The server meets no expectation but 100-continue.", "Leave out the Expect field.")

    static func targetTooLong(_ limit: Int) -> Refusal {
        Refusal(414, "http.target_too_long", "The request's target is longer than \(limit) bytes.", "Send the parameters in a body.")
    }

    static func headTooLarge(_ limit: Int) -> Refusal {
        Refusal(431, "http.head_too_large", "The request's head is larger than \(limit) bytes.", "Send fewer or shorter header fields.")
    }

    static func tooManyFields(_ limit: Int) -> Refusal {
        Refusal(431, "http.too_many_fields", "The request has more than \(limit) header fields.", "Send fewer header fields.")
    }

    static func bodyTooLarge(_ limit: Int) -> Refusal {
        Refusal(413, "http.body_too_large", "The request's body is larger than \(limit) bytes.", "Send less at a time.")
    }

    static let headTooSlow = Refusal(
        408, "http.head_too_slow", "The request's head did not arrive in time.", "Send the head at once.")

    static let bodyTooSlow = Refusal(
        408, "http.body_too_slow", "The request's body did not arrive in time.", "Use a faster connection or send less at a time.")

    static let overloaded = Refusal(
        503, "http.overloaded", "The server is at its limit of work.", "Try again in a few seconds.")

    static let tooManyConnections = Refusal(
        503, "http.too_many_connections", "The server is at its limit of connections.",
        "Close connections that are not in use and try again.")

    static let handlerTooSlow = Refusal(
        503, "http.handler_too_slow", "The answer was not ready in time.",
        "Find out whether the work was done before you send the request again.")

    static let badAnswer = Refusal(
        500, "http.bad_answer", "The server made an answer that cannot be sent.", "Tell the operators.")
}
