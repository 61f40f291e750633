import HTTPServer
import JSON
import Kernel

/// The program behind a request, as far as it is known before anybody is signed in.
public struct Program: Sendable {
    /// The peer's address.
    public let address: String
    /// The beginning of the path, such as `/jsonrpc`; never more, because the rest of a path may say anything.
    public let route: String
    /// Whether it sent the cookie of a session, which may simply have ended.
    let hadSession: Bool

    init(_ request: HTTPRequest) {
        address = request.remoteAddress
        route = "/" + (request.path.split(separator: "/").first.map(String.init) ?? "")
        hadSession = request.cookie(WebCall.cookie) != nil
    }
}

/// A body that is no call.
public struct UnreadableCall: Sendable {
    /// Who sent it.
    public let program: Program
    /// Why it is none.
    public let refusal: Refusal
    /// The whole body, to be measured and not to be kept: passwords may stand in it.
    public let body: [UInt8]
}

/// A call that brings something in, and was refused.
public struct RefusedCall: Sendable {
    /// Who sent it.
    public let program: Program
    /// The user's id.
    public let user: Int
    /// The model and the method.
    public let label: String
    /// The call without its credentials, as JSON.
    public let content: [UInt8]
    /// Why it was refused.
    public let refusal: Refusal
}

/// Why a request is no call.
struct Unreadable: Error {
    let refusal: Refusal
    var status = 400
}

extension RPCDoor {
    /// Methods that bring something in.
    private static let bringing: Set<String> = ["create", "write", "load", "web_save", "name_create"]

    /// Answers a body that is no call, in the few words that Odoo has for it and with ours behind them.
    func unreadable(_ error: any Error, _ request: HTTPRequest) -> HTTPResponse {
        let reason = error as? Unreadable ?? Unreadable(refusal: .unreadableJSON)
        note(reason.refusal, request)
        return .text(reason.refusal.plainText, status: reason.status)
    }

    /// Tells of a body that is no call.
    func note(_ refusal: Refusal, _ request: HTTPRequest) {
        configuration.unreadable(UnreadableCall(program: Program(request), refusal: refusal, body: request.body))
    }

    /// Keeps a refused call, if it brings something in.
    func keep(_ call: RPCCall, of user: Int, from program: Program, refused error: any Error) async {
        guard let refusal = error as? Refusal, ![.internalFault, .unavailable, .unauthenticated].contains(refusal.kind),
            configuration.intakeModels.contains(call.model), RPCDoor.bringing.contains(call.method)
        else { return }
        var writer = JSONWriter(capacity: 1_024)
        writer.value(
            .map([
                "model": .text(call.model), "method": .text(call.method), "args": .list(call.positional), "kwargs": .map(call.named),
                "context": .map(call.context),
            ]))
        await configuration.refused(
            RefusedCall(program: program, user: user, label: call.label, content: writer.take(), refusal: refusal))
    }
}
