import JSON

/// Builds and reads Bundles.
public enum FHIRBundle {
    /// The links of a page of search results, by relation: `self`, `next`, `previous`, `first`, `last`.
    public typealias Links = [(relation: String, url: String)]

    /// A page of search results.
    ///
    /// - Parameters:
    ///   - base: The server's FHIR address without a slash at its end, for `fullUrl`.
    ///   - matches: What was searched for.
    ///   - included: What `_include` adds.
    ///   - total: How many match over all pages, or nil when that was not counted.
    public static func searchset(
        base: String, matches: [FHIRResource], included: [FHIRResource] = [], outcome: FHIROutcome? = nil, total: Int?,
        links: Links
    ) -> FHIRResource {
        var entries = matches.map { found($0, base: base, mode: "match") } + included.map { found($0, base: base, mode: "include") }
        if let outcome { entries.append(found(outcome.resource, base: base, mode: "outcome")) }
        return bundle("searchset", total: total, links: links, entries)
    }

    /// The versions of a resource, newest first; each entry comes from `versionEntry`.
    public static func history(_ entries: [JSON], total: Int?, links: Links) -> FHIRResource {
        bundle("history", total: total, links: links, entries)
    }

    /// What answers a transaction; one entry per entry of the request, in its order, each from `responseEntry`.
    public static func transactionResponse(_ entries: [JSON]) -> FHIRResource {
        bundle("transaction-response", total: nil, links: [], entries)
    }

    /// What answers a batch; entries as in `transactionResponse`.
    public static func batchResponse(_ entries: [JSON]) -> FHIRResource {
        bundle("batch-response", total: nil, links: [], entries)
    }

    /// The answer to one entry.
    ///
    /// - Parameters:
    ///   - status: The HTTP status with its words: `201 Created`.
    ///   - version: Becomes the weak ETag `W/"…"`.
    public static func responseEntry(
        status: String, location: String? = nil, version: String? = nil, lastModified: FHIRDateTime? = nil,
        resource: FHIRResource? = nil, outcome: FHIROutcome? = nil
    ) -> JSON {
        let response = FHIRData.object([
            ("status", .string(status)), ("location", location.map(JSON.string)),
            ("etag", version.map { .string("W/\"\($0)\"") }), ("lastModified", lastModified.map { .string($0.text) }),
            ("outcome", outcome?.json),
        ])
        return FHIRData.object([("resource", resource?.json), ("response", response)])
    }

    /// One version in a history.
    ///
    /// - Parameters:
    ///   - method: `POST`, `PUT`, `PATCH` or `DELETE`; a deleted version has no resource.
    ///   - reference: `Type/id`.
    public static func versionEntry(
        base: String, reference: String, resource: FHIRResource?, method: String, status: String, version: String,
        lastModified: FHIRDateTime
    ) -> JSON {
        let address = method == "POST" ? String(reference.prefix { $0 != "/" }) : reference
        let response = FHIRData.object([
            ("status", .string(status)), ("etag", .string("W/\"\(version)\"")), ("lastModified", .string(lastModified.text)),
        ])
        return FHIRData.object([
            ("fullUrl", .string("\(base)/\(reference)")), ("resource", resource?.json),
            ("request", FHIRData.object([("method", .string(method)), ("url", .string(address))])), ("response", response),
        ])
    }

    private static func found(_ resource: FHIRResource, base: String, mode: String) -> JSON {
        FHIRData.object([
            ("fullUrl", resource.reference.map { .string("\(base)/\($0)") }), ("resource", resource.json),
            ("search", FHIRData.object([("mode", .string(mode))])),
        ])
    }

    private static func bundle(_ type: String, total: Int?, links: Links, _ entries: [JSON]) -> FHIRResource {
        let linked = links.map { FHIRData.object([("relation", .string($0.relation)), ("url", .string($0.url))]) }
        let members: [(String, JSON?)] = [
            ("type", .string(type)), ("total", total.map { JSON($0) }), ("link", .array(linked)),
            ("entry", .array(entries)),
        ]
        return FHIRResource(type: "Bundle", FHIRData.object(members).objectValue ?? JSONObject())
    }
}

/// One entry of a Bundle that was received.
public struct FHIRBundleEntry: Sendable, Hashable {
    /// `entry.fullUrl`.
    public let fullUrl: String?
    /// The resource, if the entry has one.
    public let resource: FHIRResource?
    /// `request.method`, for a batch or transaction.
    public let method: String?
    /// `request.url`, for a batch or transaction.
    public let url: String?
    /// `request.ifNoneExist`: the search that must find nothing.
    public let ifNoneExist: String?
    /// `request.ifMatch`: the version that must be current.
    public let ifMatch: String?
    /// The whole entry.
    public let json: JSON

    init(_ json: JSON) {
        self.json = json
        fullUrl = json["fullUrl"]?.stringValue
        resource = json["resource"].flatMap { FHIRResource($0) }
        method = json.fhirValue("request.method")?.stringValue
        url = json.fhirValue("request.url")?.stringValue
        ifNoneExist = json.fhirValue("request.ifNoneExist")?.stringValue
        ifMatch = json.fhirValue("request.ifMatch")?.stringValue
    }
}

extension FHIRResource {
    /// The entries of a Bundle; empty for every other type.
    public var entries: [FHIRBundleEntry] { type == "Bundle" ? values("entry").map(FHIRBundleEntry.init) : [] }
}
