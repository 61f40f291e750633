import HTTPServer
import JSON
import Kernel
import MIME

extension Refusal {
    /// The HTTP status that fits.
    public var httpStatus: Int {
        switch kind {
        case .invalid: 400
        case .unauthenticated: code == "login.throttled" ? 429 : 401
        case .accessDenied: 403
        case .missing: 404
        case .conflict: 409
        case .limit: 413
        case .validation, .userError: 422
        case .unavailable: 503
        case .internalFault: 500
        }
    }

    /// The refusal as RFC 9457 writes it; one of our own making says nothing about how we work inside.
    public var problem: HTTPResponse {
        if kind == .internalFault { return Refusal.unexpected }
        var headers: HTTPHeaders = [:]
        if let seconds = details["retry_after"]?.intValue { headers["Retry-After"] = String(seconds) }
        // Basic is taken too, but naming it would make browsers ask for a password in a window of their own.
        if httpStatus == 401 { headers["WWW-Authenticate"] = "Bearer realm=\"Baton\"" }
        return .problem(httpStatus, code: code, detail: message, instruction: instruction, headers: headers)
    }

    /// What any error becomes.
    public static func of(_ error: any Error) -> Refusal {
        switch error {
        case let refusal as Refusal: refusal
        case let error as MIMEError:
            Refusal(
                error.code, error.code == "mime.too_large" ? .limit : .invalid, error.what,
                instruction: "Mend the request and send it again.")
        default: Refusal("http.internal", .internalFault, "Something went wrong on the server.")
        }
    }

    private static let unexpected = HTTPResponse.problem(
        500, code: "http.internal", detail: "Something went wrong on the server.",
        instruction: "Try again; if it happens again, tell an administrator when it happened.")
}
