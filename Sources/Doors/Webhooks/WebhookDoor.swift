import HTTPServer
import JSON
import Store
import Webhooks

/// Webhooks that come in: Odoo's `/web/hook/<uuid>`, and signed ones for rules that have a key.
///
/// Answers as Odoo does, `{"status":"ok"}` or `{"status":"error"}`, and never says why: 404 for an address that is none, 401 for a call
/// that is not signed as its rule wants, 429 for too many, 500 when the rule failed. Source: Odoo documentation, “Webhooks”.
public struct WebhookDoor: Sendable {
    /// The most bytes of a call.
    public static let bodyLimit = 1 << 20

    private let database: Database
    private let desk: IncomingDesk
    private let rates: HookRates

    /// A door to the rules of a database.
    public init(database: Database) {
        self.database = database
        desk = IncomingDesk(database)
        rates = HookRates(database)
    }

    /// Runs what a crash left; before the first call comes.
    public func open() async throws { try await desk.recover() }

    /// Runs what a node that is gone took in so many seconds ago and did not run.
    public func recover(olderThan seconds: Int) async throws { try await desk.recover(olderThan: seconds) }

    /// Adds the routes.
    public func routes(into router: inout Router) {
        for method in [HTTPMethod.get, .post] {
            router.on(method, "/web/hook/{uuid}", bodyLimit: WebhookDoor.bodyLimit) { await answer($0) }
        }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let name = request.parameters["uuid"] ?? ""
        do {
            guard let hook = try await desk.find(name) else { return .json(["status": "error"], status: 404) }
            guard try await rates.take(hook.rule, perMinute: hook.perMinute, now: database.clock.now.seconds) else {
                var response = HTTPResponse.json(["status": "error"], status: 429)
                response.headers["Retry-After"] = "60"
                return response
            }
            let payload = WebhookDoor.payload(of: request)
            let call = IncomingDesk.Call(
                hook: name, payload: payload ?? .null, body: request.body, id: request.headers["webhook-id"],
                timestamp: request.headers["webhook-timestamp"], signature: request.headers["webhook-signature"])
            if payload == nil {
                let isBelieved = try await desk.keepUnreadable(call, at: hook)
                return isBelieved ? WebhookDoor.unreadable : .json(["status": "error"], status: 401)
            }
            switch try await desk.receive(call, at: hook) {
            case .done: return .json(["status": "ok"])
            case .unknown: return .json(["status": "error"], status: 404)
            case .refused: return .json(["status": "error"], status: 401)
            case .failed: return .json(["status": "error"], status: 500)
            }
        } catch {
            return .json(["status": "error"], status: 500)
        }
    }

    private static var unreadable: HTTPResponse {
        .json(
            [
                "status": "error", "code": "webhook.unreadable",
                "instruction": "Send a JSON object, in UTF-8 and at most 64 levels deep. The call was kept.",
            ], status: 400)
    }

    /// The JSON of the body, else the arguments of the address; nil for a body that says it is JSON and is none.
    static func payload(of request: HTTPRequest) -> JSON? {
        if !request.body.isEmpty, let json = try? JSON.parse(request.body, limits: JSONLimits(maxDepth: 64, maxBytes: bodyLimit)) {
            return json
        }
        let type = request.headers["Content-Type"] ?? ""
        if !request.body.isEmpty, type.prefix(while: { $0 != ";" }).lowercased().hasSuffix("json") { return nil }
        let items = request.query.items.prefix(200)
        return .object(JSONObject(items.map { JSONObject.Member(key: $0.name, value: .string($0.value)) }))
    }
}
