import Base
import HTTPServer
import JSON
import Kernel

/// One call of the web client's form: JSON-RPC with the arguments in `params`, and a session in a cookie.
struct WebCall: Sendable {
    let request: HTTPRequest
    let params: JSONObject

    static let cookie = "session_id"

    /// The session's id that the browser sent.
    var session: String? { request.cookie(WebCall.cookie) }

    func text(_ name: String) -> String? { params[name]?.stringValue }
}

extension RPCDoor {
    /// Answers a call of the web client's form; the body gives the bytes of the answer and may add a cookie.
    func web(
        _ request: HTTPRequest, _ name: String,
        _ body: (WebCall, _ encode: @escaping Dispatcher.Encoder<[UInt8]>) async throws -> (bytes: [UInt8], cookie: String?)
    ) async -> HTTPResponse {
        let envelope: JSONEnvelope
        do { envelope = try JSONEnvelope(request, limits: configuration.limits) } catch { return unreadable(error, request) }
        let id = envelope.id
        do {
            let (bytes, cookie) = try await body(WebCall(request: request, params: envelope.params)) { try JSONEnvelope.success(id, $0) }
            var response = HTTPResponse.json(bytes: bytes)
            if let cookie { response.headers.add("Set-Cookie", cookie) }
            return response
        } catch {
            return .json(bytes: JSONEnvelope.failure(id, failure(error, call: name, style: .web, from: Program(request))))
        }
    }

    /// Who is behind a call's session.
    func verified(_ call: WebCall) async throws -> Verified {
        guard let id = call.session, let verified = try await authenticator.verify(session: id) else { throw Refusal.sessionExpired() }
        // Only the client shows what somebody else would see; this door would act as the administrator.
        guard verified.seeing == nil else { throw Refusal.onlyLooking() }
        return verified
    }

    /// Runs a model's method for the user of a call's session.
    func run<Output: Sendable>(_ rpc: RPCCall, for call: WebCall, _ encode: @escaping Dispatcher.Encoder<Output>) async throws -> Output {
        try await run(rpc, encode) { try await verified(call) }
    }

    /// The cookie that holds a session's id; without one, the cookie that ends it.
    func cookie(_ session: String?, _ request: HTTPRequest) -> String {
        let age = session == nil ? 0 : Authenticator.sessionSeconds
        let secure = request.isTLS || configuration.secureCookies ? "; Secure" : ""
        return "\(WebCall.cookie)=\(session ?? ""); Max-Age=\(age); HttpOnly; Path=/; SameSite=Lax\(secure)"
    }
}
