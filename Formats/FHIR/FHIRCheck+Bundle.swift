import JSON

// The rules of Bundles: what only some kinds may hold, and what they must.

extension FHIRCheck {
    mutating func bundleRules(_ bundle: JSONObject) {
        guard let type = bundle["type"]?.stringValue else { return }
        if bundle["total"] != nil, type != "searchset", type != "history" {
            report(.invariant, "`total` belongs to a searchset or history only (bdl-1).", at: "total")
        }
        let entries = bundle["entry"]?.arrayValue ?? []
        entryRules(entries, type)
        if type != "history" { uniqueness(entries) }
        if type == "document" { documentRules(bundle) }
        let first = entries.first?["resource"]?["resourceType"]?.stringValue
        if let wanted = ["document": "Composition", "message": "MessageHeader"][type], first != wanted {
            report(
                .invariant, "The first entry of a \(type) must be a \(wanted) (\(type == "document" ? "bdl-11" : "bdl-12")).", at: "entry")
        }
    }

    /// `bdl-2` to `bdl-4`
    private mutating func entryRules(_ entries: [JSON], _ type: String) {
        let needsRequest = ["batch", "transaction", "history"].contains(type)
        let needsResponse = ["batch-response", "transaction-response", "history"].contains(type)
        for (index, entry) in entries.enumerated() where !isFull {
            let place = "entry[\(index)]"
            if entry["search"] != nil, type != "searchset" {
                report(.invariant, "`search` belongs to the entries of a searchset only (bdl-2).", at: place)
            }
            if (entry["request"] != nil) != needsRequest {
                report(.invariant, "An entry of a \(type) must \(needsRequest ? "" : "not ")have a `request` (bdl-3).", at: place)
            }
            if (entry["response"] != nil) != needsResponse {
                report(.invariant, "An entry of a \(type) must \(needsResponse ? "" : "not ")have a `response` (bdl-4).", at: place)
            }
        }
    }

    /// `bdl-7`: an address stands once, unless for several versions.
    private mutating func uniqueness(_ entries: [JSON]) {
        var seen: Set<String> = []
        for (index, entry) in entries.enumerated() where !isFull {
            guard let address = entry["fullUrl"]?.stringValue else { continue }
            let version = entry.fhirValue("resource.meta.versionId")?.stringValue ?? ""
            if !seen.insert(address + " " + version).inserted {
                report(.invariant, "The same `fullUrl` stands twice without another version (bdl-7).", at: "entry[\(index)].fullUrl")
            }
        }
    }

    /// `bdl-9` and `bdl-10`
    private mutating func documentRules(_ bundle: JSONObject) {
        if bundle["identifier"]?["system"] == nil || bundle["identifier"]?["value"] == nil {
            report(.invariant, "A document needs an identifier with system and value (bdl-9).", at: "identifier")
        }
        if bundle["timestamp"] == nil { report(.invariant, "A document needs a timestamp (bdl-10).", at: "timestamp") }
    }
}
