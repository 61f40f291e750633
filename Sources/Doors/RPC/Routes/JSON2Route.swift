import Base
import HTTPServer
import JSON
import Kernel

/// `POST /json/2/{model}/{method}`: named arguments, an API key as bearer, bare values, and HTTP statuses for errors.
struct JSON2Route: Sendable {
    let door: RPCDoor

    func add(to router: inout Router) {
        let route = self
        router.on(.post, "/json/2/{model}/{method}", bodyLimit: door.configuration.limits.bodyBytes) { await route.answer($0) }
        for path in ["/json/2/{model}/{method}", "/json/2/{path*}"] {
            router.onAtOnce(.get, path) { _ in
                JSON2Route.plain(404, "werkzeug.exceptions.NotFound", .notPosted)
            }
        }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let model = request.parameters["model"] ?? ""
        let method = request.parameters["method"] ?? ""
        guard let key = JSON2Route.bearer(request) else { return JSON2Route.unauthorized() }
        if let name = request.headers["X-Odoo-Database"], name != door.configuration.databaseName {
            return JSON2Route.plain(404, "werkzeug.exceptions.NotFound", .unknownDatabase(name))
        }
        let named: JSONObject
        do { named = try JSON2Route.body(request, door.configuration.limits) } catch {
            await keep(request, key, model, method)
            return JSON2Route.plain(400, "werkzeug.exceptions.BadRequest", .unreadableArguments)
        }
        do {
            let call = try RPCCall(model: model, method: method, positional: [], named: ValueMap(named), style: .named)
            let authenticator = door.authenticator
            let bytes = try await door.run(call, from: Program(request), JSON2Route.encode) {
                try await authenticator.verify(key: key, address: request.remoteAddress)
            }
            return .json(bytes: bytes)
        } catch let refusal as Refusal where refusal.code == "login.wrong" {
            return JSON2Route.unauthorized()
        } catch {
            let failure = door.failure(error, call: "json2." + model + "." + method, style: .json2, from: Program(request))
            return JSON2Route.response(failure)
        }
    }

    /// Keeps a body that is no call: of a known user what would have brought something in, of anybody else only its measures.
    private func keep(_ request: HTTPRequest, _ key: String, _ model: String, _ method: String) async {
        guard let verified = try? await door.authenticator.verify(key: key, address: request.remoteAddress),
            door.configuration.intakeModels.contains(model)
        else { return door.note(.unreadableArguments, request) }
        await door.configuration.refused(
            RefusedCall(
                program: Program(request), user: verified.userId, label: model + "." + method, content: request.body,
                refusal: .unreadableArguments))
    }

    private static let encode: Dispatcher.Encoder<[UInt8]> = { answer in
        var writer = JSONWriter(capacity: 4_096)
        try writer.answer(answer)
        return writer.take()
    }

    private static func body(_ request: HTTPRequest, _ limits: RPCLimits) throws -> JSONObject {
        if request.body.isEmpty { return [:] }
        let body = try JSON.parse(request.body, limits: JSONLimits(maxDepth: limits.depth, maxBytes: limits.bodyBytes))
        guard let object = body.objectValue else { throw Refusal.badArgument("The body is no object.") }
        return object
    }

    private static func bearer(_ request: HTTPRequest) -> String? {
        guard let field = request.headers["Authorization"] else { return nil }
        let words = field.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return words[1].trimmingPrefix(while: { $0 == " " }).isEmpty ? nil : String(words[1])
    }

    private static func unauthorized() -> HTTPResponse {
        var response = plain(401, "werkzeug.exceptions.Unauthorized", .badKey)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    }

    private static func response(_ failure: RPCFailure) -> HTTPResponse {
        var writer = JSONWriter(capacity: 512)
        failure.write(to: &writer)
        var response = HTTPResponse.json(bytes: writer.take(), status: failure.status)
        if let seconds = failure.context["retry_after"]?.intValue { response.headers["Retry-After"] = String(seconds) }
        return response
    }

    private static func plain(_ status: Int, _ name: String, _ refusal: Refusal) -> HTTPResponse {
        .json(
            [
                "name": .string(name), "message": .string(refusal.message), "arguments": [.string(refusal.message)], "context": [:],
                "debug": "json2.\(status)", "code": .string(refusal.code), "instruction": .string(refusal.instruction),
            ], status: status)
    }
}

extension Refusal {
    fileprivate static let notPosted = Refusal(
        "rpc.not_posted", .missing, "Did you mean POST /json/2/<model>/<method>?", instruction: "Send the call by POST.")

    fileprivate static let badKey = Refusal(
        "login.wrong", .unauthenticated, "Invalid apikey",
        instruction: "Send a valid API key as `Authorization: Bearer …`; keys are made in a user's preferences.")
}
