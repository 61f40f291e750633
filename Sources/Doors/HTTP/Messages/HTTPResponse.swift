import JSON

/// One answer.
///
/// The server adds `Date`, `Server`, `Content-Length` or `Transfer-Encoding`, and, unless the answer has its own,
/// `X-Content-Type-Options: nosniff`, `Referrer-Policy: no-referrer` and `Cache-Control: no-store`.
public struct HTTPResponse: Sendable {
    /// The status code, 200 … 599.
    public var status: Int
    /// The header fields; `Connection: close` closes the connection after the answer.
    public var headers: HTTPHeaders
    /// The body.
    public var body: HTTPBody

    /// An answer with bytes, none by default.
    public init(status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.init(status: status, headers: headers, streaming: .bytes(body))
    }

    /// An answer with any body.
    public init(status: Int = 200, headers: HTTPHeaders = [:], streaming body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body's bytes; empty for a stream.
    public var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }

    /// A JSON document.
    public static func json(_ value: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: value.serialized())
    }

    /// Plain text in UTF-8.
    public static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// An HTML page in UTF-8; escaping is the caller's.
    public static func html(_ page: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "text/html; charset=utf-8"], body: Array(page.utf8))
    }

    /// A stream of chunks.
    public static func stream(_ stream: HTTPStream, contentType: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": contentType], streaming: .stream(stream))
    }

    /// What went wrong, as `application/problem+json`.
    ///
    /// Source: RFC 9457; `code` and `instruction` are members of ours.
    /// - Parameters:
    ///   - code: A stable code, as `http.not_found`.
    ///   - detail: What happened, a sentence.
    ///   - instruction: What to do, a sentence.
    ///   - type: A URI that names the kind of problem.
    ///   - title: The kind of problem; by default the phrase of the status.
    public static func problem(
        _ status: Int, code: String, detail: String, instruction: String, type: String = "about:blank", title: String? = nil,
        headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        let document: JSON = [
            "type": .string(type), "title": .string(title ?? StatusPhrase.of(status)), "status": JSON(status), "detail": .string(detail),
            "code": .string(code), "instruction": .string(instruction),
        ]
        var response = json(document, status: status)
        response.headers = headers
        response.headers["Content-Type"] = "application/problem+json"
        return response
    }
}
