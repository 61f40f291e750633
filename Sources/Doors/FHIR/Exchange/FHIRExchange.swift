import Crypto
import FHIR
import HTTPServer
import Kernel

/// From a request to a response: what is wanted, who wants it, what becomes of it, and how that is said.
struct FHIRExchange: Sendable {
    let door: FHIRDoor

    func answer(to request: HTTPRequest) async -> HTTPResponse {
        var label = request.method.rawValue
        do {
            let terms = SearchTerm.list(request.rawQuery ?? "")
            let wantsResource = try ContentRules.checkAccept(request, format: terms.first { $0.name == "_format" }?.value)
            let base = address(of: request)
            let wish = try wished(request)
            if wish == .metadata { return FHIRAnswer(200, CapabilityStatement.resource(base: base)).response(base: base, minimal: false) }
            guard let credential = FHIRCaller.Credential(request.headers["Authorization"]) else { throw FHIRRefusal.unauthenticated }
            let call = try call(wish, request, terms, wantsResource)
            label = call.label
            let caller = FHIRCaller(door: door, base: base, credential: credential, address: request.remoteAddress)
            return try await Interactions(caller: caller).perform(call).response(base: base, minimal: call.isMinimal)
        } catch {
            return refusal(error, label).response
        }
    }

    /// What an error becomes; an unexpected one is reported under a random id and says nothing of how we work inside.
    func refusal(_ error: any Error, _ label: String) -> FHIRRefusal {
        if let refusal = error as? FHIRRefusal { return refusal }
        if let problem = error as? FHIRProblem { return FHIRRefusal(400, "fhir.invalid", [problem]) }
        if let refusal = error as? Refusal, refusal.kind != .internalFault { return FHIRRefusal(refusal) }
        let id = Hex.encode(SystemRandomSource().bytes(8))
        let what = (error as? Refusal)?.code ?? String(describing: type(of: error))
        door.configuration.report(FHIRIncident(id: id, call: label, error: what))
        return FHIRRefusal(
            500, "fhir.unexpected", .exception, "Something went wrong on the server. Tell an administrator this number: \(id).")
    }

    private func wished(_ request: HTTPRequest) throws -> FHIRCall.Wish {
        try FHIRCall.Wish(request.method, request.parameters["path"] ?? "")
    }

    private func call(_ wish: FHIRCall.Wish, _ request: HTTPRequest, _ terms: [SearchTerm], _ wantsResource: Bool) throws -> FHIRCall {
        var call = FHIRCall(wish)
        var isSearch = false
        if case .search = wish { isSearch = true }
        try ContentRules.checkBody(request, isSearch: isSearch)
        call.query = terms
        if isSearch, request.method == .post { call.query += SearchTerm.list(String(decoding: request.body, as: UTF8.self)) }
        call.body = request.body
        call.ifMatch = request.headers["If-Match"]
        call.ifNoneMatch = request.headers["If-None-Match"]
        call.ifNoneExist = request.headers["If-None-Exist"]
        let preferences = request.headers.values("Prefer").flatMap { $0.split(whereSeparator: { ",; ".contains($0) }) }
        call.isLenient = preferences.contains("handling=lenient")
        call.isMinimal = preferences.contains("return=minimal")
        call.wantsResource = wantsResource
        return call
    }

    /// The door's address as this client sees it.
    private func address(of request: HTTPRequest) -> String {
        if !door.configuration.baseURL.isEmpty { return door.configuration.baseURL }
        let host = request.headers["Host"] ?? "localhost"
        return (request.isTLS ? "https://" : "http://") + host + door.configuration.path
    }
}
