import HTTPServer
import JSON
import Kernel

/// JSON-RPC 2.0's outer form, as Odoo uses it: HTTP 200 also for errors, one call per request.
struct JSONEnvelope: Sendable {
    let id: JSON
    let params: JSONObject

    /// Reads a call from a request's body.
    init(_ request: HTTPRequest, limits: RPCLimits) throws {
        guard JSONEnvelope.isJSON(request) else {
            throw Unreadable(refusal: .notJSON, status: 415)
        }
        let body: JSON
        do { body = try JSON.parse(request.body, limits: JSONLimits(maxDepth: limits.depth, maxBytes: limits.bodyBytes)) } catch {
            throw Unreadable(refusal: .unreadableJSON)
        }
        guard case .object(let call) = body else {
            throw Unreadable(refusal: body.arrayValue == nil ? .unreadableJSON : .batch)
        }
        id = call["id"] ?? .null
        switch call["params"] {
        case nil, .null?: params = [:]
        case .object(let object)?: params = object
        default: throw Unreadable(refusal: .badParams)
        }
    }

    /// Only JSON's own content types: a form of another site cannot send them, so that a session's cookie is not abused.
    private static func isJSON(_ request: HTTPRequest) -> Bool {
        guard let type = request.headers["Content-Type"] else { return false }
        let essence = type.prefix { $0 != ";" }.lowercased()
        return essence == "application/json" || essence == "application/json-rpc" || essence == "application/json "
    }

    /// The bytes of a successful answer; `result` is left out for `None`.
    static func success(_ id: JSON, _ answer: RPCAnswer) throws -> [UInt8] {
        var writer = JSONWriter(capacity: answer.expectedBytes)
        writer.literal("{\"jsonrpc\":\"2.0\",\"id\":")
        writer.json(id)
        if case .value(.null) = answer {
        } else {
            writer.literal(",\"result\":")
            try writer.answer(answer)
        }
        writer.endObject()
        return writer.take()
    }

    /// The bytes of an error.
    static func failure(_ id: JSON, _ failure: RPCFailure) -> [UInt8] {
        let isExpired = failure.debug == "session.expired"
        var writer = JSONWriter(capacity: 512)
        writer.literal("{\"jsonrpc\":\"2.0\",\"id\":")
        // Odoo finds out about the session before it reads the call.
        writer.json(isExpired ? .null : id)
        if isExpired {
            writer.literal(",\"error\":{\"code\":100,\"message\":\"Odoo Session Expired\",\"data\":")
        } else {
            writer.literal(",\"error\":{\"code\":0,\"message\":\"Odoo Server Error\",\"data\":")
        }
        failure.write(to: &writer)
        writer.literal("}}")
        return writer.take()
    }
}

extension HTTPResponse {
    /// JSON that was written already.
    static func json(bytes: [UInt8], status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: bytes)
    }
}
