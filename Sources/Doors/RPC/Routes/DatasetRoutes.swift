import HTTPServer
import JSON
import Kernel

/// `/web/dataset/call_kw` and `call_button`: methods of models for the user of a session.
struct DatasetRoutes: Sendable {
    let door: RPCDoor

    func add(to router: inout Router) {
        let (routes, limit) = (self, door.configuration.limits.bodyBytes)
        for path in ["/web/dataset/call_kw", "/web/dataset/call_kw/{path*}"] {
            router.on(.post, path, bodyLimit: limit) { await routes.call($0, isButton: false) }
        }
        for path in ["/web/dataset/call_button", "/web/dataset/call_button/{path*}"] {
            router.on(.post, path, bodyLimit: limit) { await routes.call($0, isButton: true) }
        }
    }

    private func call(_ request: HTTPRequest, isButton: Bool) async -> HTTPResponse {
        await door.web(request, isButton ? "call_button" : "call_kw") { call, encode in
            guard let model = call.text("model"), let method = call.text("method") else {
                throw Refusal.badArgument("call_kw() takes a model and a method.")
            }
            guard let positional = call.params["args"].map({ $0.arrayValue }) ?? [] else {
                throw Refusal.badArgument("The arguments of \(model).\(method)() are no list.")
            }
            guard let named = call.params["kwargs"].map({ $0.objectValue }) ?? [:] else {
                throw Refusal.badArgument("The named arguments of \(model).\(method)() are no object.")
            }
            let rpc = try RPCCall(model: model, method: method, positional: positional.map { Value($0) }, named: ValueMap(named))
            return (try await door.run(rpc, for: call) { try encode(isButton ? DatasetRoutes.action($0) : $0) }, nil)
        }
    }

    /// A button answers an action to follow, or false.
    private static func action(_ answer: RPCAnswer) -> RPCAnswer {
        if case .value(.map) = answer { answer } else { .value(.bool(false)) }
    }
}
