import Base
import Crypto
import HTMLPages
import HTTPServer
import JSON
import Kernel
import RPCDoor

/// One call of the client: a JSON object in, a JSON value or a problem out.
struct ClientCall: Sendable {
    let caller: Caller
    let body: ValueMap
    /// Where it comes from.
    let address: String

    private static let depth = 32

    /// The text under a name; nil when there is none.
    func text(_ name: String) -> String? { body[name]?.textValue }

    /// The whole number under a name.
    func number(_ name: String) -> Int? { body[name]?.isNull == false ? body[name]?.intValue : nil }

    /// The truth value under a name.
    func flag(_ name: String) -> Bool { body[name] == .bool(true) }

    /// The map under a name.
    func map(_ name: String) -> ValueMap { body[name]?.mapValue ?? [:] }

    /// The texts under a name.
    func texts(_ name: String) -> [String] { (body[name]?.listValue ?? []).compactMap(\.textValue) }

    /// The domain under a name; not given, every record.
    func domain(_ name: String = "domain") throws -> Domain { try body[name].map { try Domain.parse($0) } ?? .all }

    /// The ids under a name, or the one under `id`.
    func ids(limit: Int) throws -> [Int] {
        let ids = body["ids"]?.idList ?? body["id"]?.idList ?? []
        guard ids.count <= limit else { throw Refusal.tooManyRecords(limit) }
        guard !ids.isEmpty else { throw Refusal.badCall("ids", "the ids of records") }
        return ids
    }

    /// The model under `model`.
    func model(_ env: Environment) throws -> ModelSchema {
        guard let name = text("model") else { throw Refusal.badCall("model", "the name of a model") }
        return try env.registry.requireModel(name)
    }

    static func body(of request: HTTPRequest, _ limit: Int) throws -> ValueMap {
        if request.body.isEmpty { return [:] }
        guard let json = try? JSON.parse(request.body, limits: JSONLimits(maxDepth: depth, maxBytes: limit)),
            case .map(let map) = PlainJSON.value(json)
        else { throw Refusal.badCall("body", "a JSON object") }
        return map
    }
}

extension ClientDoor {
    /// Adds a call that is posted to `/app/api/<name>`.
    func on(_ name: String, in router: inout Router, _ answer: @escaping @Sendable (ClientCall) async throws -> Value) {
        router.on(.post, "/app/api/" + name, bodyLimit: configuration.bodyBytes) { request in
            do {
                let caller = try await gate.caller(of: request)
                let body = try ClientCall.body(of: request, configuration.bodyBytes)
                let call = ClientCall(caller: caller, body: body, address: request.remoteAddress)
                try await note(name, call)
                return ClientDoor.json(PlainJSON.bytes(try await answer(call)), for: request)
            } catch { return problem(error, name) }
        }
    }

    /// Bytes of JSON, packed where that is worth it.
    static func json(_ bytes: [UInt8], for request: HTTPRequest) -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Vary": "Accept-Encoding"]
        if Packing.isTaken(by: request), let packed = Packing.gzip(bytes, level: 3) {
            headers["Content-Encoding"] = "gzip"
            return HTTPResponse(headers: headers, body: packed)
        }
        return HTTPResponse(headers: headers, body: bytes)
    }

    /// What went wrong, with what a program may want to know of it.
    func problem(_ error: any Error, _ name: String) -> HTTPResponse {
        let refusal = Refusal.of(error)
        guard refusal.kind != .internalFault else {
            let id = Hex.encode(SystemRandomSource().bytes(6))
            configuration.report(id, "app." + name, refusal.code)
            return .problem(
                500, code: "server.failed", detail: "Something went wrong on the server.",
                instruction: "Try again; if it happens again, tell your administrator the reference \(id).")
        }
        var response = refusal.problem
        guard !refusal.details.isEmpty else { return response }
        let document: Value = [
            "status": .int(refusal.httpStatus), "code": .text(refusal.code), "detail": .text(refusal.message),
            "instruction": .text(refusal.instruction), "details": .map(refusal.details),
        ]
        response.body = .bytes(PlainJSON.bytes(document))
        return response
    }
}

extension Refusal {
    static func badCall(_ name: String, _ expected: String) -> Refusal {
        Refusal("client.bad_call", .invalid, "'\(name)' is not \(expected).", instruction: "Send \(expected).")
    }

    static func tooManyRecords(_ limit: Int) -> Refusal {
        Refusal("client.too_many", .limit, "At most \(limit) records at a time.", instruction: "Narrow the selection, or do it in parts.")
    }
}
