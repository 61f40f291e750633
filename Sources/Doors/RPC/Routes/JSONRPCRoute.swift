import HTTPServer
import JSON
import Kernel

/// `POST /jsonrpc`: `{"service", "method", "args"}` in JSON-RPC's form.
struct JSONRPCRoute: Sendable {
    let door: RPCDoor

    func add(to router: inout Router) {
        let route = self
        router.on(.post, "/jsonrpc", bodyLimit: door.configuration.limits.bodyBytes) { await route.answer($0) }
        router.onAtOnce(.get, "/jsonrpc") { _ in .text("Send JSON by POST with Content-Type: application/json.", status: 415) }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let envelope: JSONEnvelope
        do { envelope = try JSONEnvelope(request, limits: door.configuration.limits) } catch { return door.unreadable(error, request) }
        let id = envelope.id
        let service = envelope.params["service"]?.stringValue ?? ""
        let method = envelope.params["method"]?.stringValue ?? ""
        let program = Program(request)
        do {
            guard let arguments = envelope.params["args"].map({ $0.arrayValue }) ?? [] else {
                throw Refusal.badArgument("The arguments of \(service).\(method)() are no list.")
            }
            let services = Services(door: door, program: program)
            return .json(bytes: try await services.call(service, method, arguments.map { Value($0) }) { try JSONEnvelope.success(id, $0) })
        } catch {
            return .json(bytes: JSONEnvelope.failure(id, door.failure(error, call: "jsonrpc.\(service).\(method)", from: program)))
        }
    }
}
