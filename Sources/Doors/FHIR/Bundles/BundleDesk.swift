import FHIR
import HTTPServer
import JSON
import Kernel
import Referrals

/// Bundles that were posted: a transaction is carried out as a whole, a batch entry by entry.
struct BundleDesk: Sendable {
    let caller: FHIRCaller

    func perform(_ call: FHIRCall) async throws -> FHIRAnswer {
        guard let bundle = try? FHIRResource.parse(call.body) else { return try await refuse(call) }
        let isReferral = bundle.entries.contains { $0.resource?.type == "ServiceRequest" && $0.method == "POST" }
        let read: @Sendable () async throws -> FHIRCall = {
            var call = call
            call.resource = try BundleDesk.checked(bundle, caller.door.configuration.entries)
            try await DocumentCheck(door: caller.door).check(bundle)
            return call
        }
        if bundle.type == "Bundle", bundle.string("type") == "batch" {
            return try await batch(try BundleDesk.checked(bundle, caller.door.configuration.entries))
        }
        guard isReferral else {
            return try await ReferralDesk(caller: caller).keepingMisfits(call) {
                let call = try await read()
                return try await caller.write { context in
                    var transaction = try Transaction(call.resource ?? bundle, context, intake: nil)
                    return FHIRAnswer(200, try transaction.run())
                }
            }
        }
        let control = Reading.token(bundle["identifier"])
        return try await ReferralDesk(caller: caller).keep(call, name: "FHIR transaction", controlId: control, read: read) {
            call, context, intake in
            var transaction = try Transaction(call.resource ?? bundle, context, intake: intake)
            return FHIRAnswer(200, try transaction.run())
        }
    }

    /// What cannot be read is kept too: it may have been a referral.
    private func refuse(_ call: FHIRCall) async throws -> FHIRAnswer {
        try await ReferralDesk(caller: caller).keep(call, name: "FHIR message", read: { try Incoming.checked(call) }) { _, _, _ in
            throw FHIRRefusal.invalid("This is no Bundle.")
        }
    }

    private static func checked(_ bundle: FHIRResource, _ limit: Int) throws -> FHIRResource {
        let bundle = try Incoming.checked(bundle, "Bundle")
        guard ["transaction", "batch"].contains(bundle.string("type")) else {
            throw FHIRRefusal.invalid("Only a batch or transaction can be carried out.", at: "Bundle.type")
        }
        guard bundle.entries.count <= limit else {
            throw FHIRRefusal(
                413, "fhir.too_many_entries", .tooCostly, "A Bundle has at most \(limit) entries. Send it in parts.", at: "Bundle.entry")
        }
        return bundle
    }

    private func batch(_ bundle: FHIRResource) async throws -> FHIRAnswer {
        let exchange = FHIRExchange(door: caller.door)
        var answers: [JSON] = []
        for entry in bundle.entries {
            do {
                let answer = try await Interactions(caller: caller).perform(try FHIRCall(entry))
                answers.append(BundleDesk.response(answer))
            } catch {
                let refusal = exchange.refusal(error, "batch")
                if refusal.status == 401 { throw refusal }
                answers.append(FHIRBundle.responseEntry(status: StatusWords.of(refusal.status), outcome: FHIROutcome(refusal.problems)))
            }
        }
        return FHIRAnswer(200, FHIRBundle.batchResponse(answers))
    }

    /// The response to one entry.
    static func response(_ answer: FHIRAnswer) -> JSON {
        FHIRBundle.responseEntry(
            status: StatusWords.of(answer.status), location: answer.location ?? answer.resource?.reference, version: answer.version,
            lastModified: answer.resource?.date("meta.lastUpdated"), resource: answer.resource)
    }
}

extension FHIRCall {
    /// The call that an entry of a Bundle stands for.
    init(_ entry: FHIRBundleEntry) throws {
        let url = entry.url ?? ""
        let halves = url.split(separator: "?", maxSplits: 1).map(String.init)
        let methods: [String: HTTPMethod] = ["GET": .get, "POST": .post, "PUT": .put, "HEAD": .get]
        guard let method = methods[entry.method ?? ""] else {
            throw FHIRRefusal.notAllowed(
                "An entry can be GET, POST or PUT; nothing is patched or deleted here.", allowed: ["GET", "POST", "PUT"])
        }
        let path = halves[safe: 0] ?? ""
        let wish = try FHIRCall.Wish(method, path)
        guard wish != .bundle, wish != .metadata else { throw FHIRRefusal.invalid("This cannot be an entry of a Bundle.") }
        self.init(wish)
        query = SearchTerm.list(halves[safe: 1] ?? "")
        resource = entry.resource
        ifMatch = entry.ifMatch
        ifNoneExist = entry.ifNoneExist
    }
}

/// Statuses as an entry's response says them.
enum StatusWords {
    private static let words = [
        200: "OK", 201: "Created", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 412: "Precondition Failed", 413: "Content Too Large",
        415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
        503: "Service Unavailable",
    ]

    static func of(_ status: Int) -> String { words[status].map { "\(status) \($0)" } ?? String(status) }
}
