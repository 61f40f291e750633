import JSON

extension FHIRResource {
    /// All literal references, those of contained resources included, in their order.
    public var references: [FHIRReference] {
        var found: [FHIRReference] = []
        _ = FHIRResource.rewritten(json) { text in
            found.append(FHIRReference(text: text))
            return nil
        }
        return found
    }

    /// Changes literal references, for example the `urn:uuid:` of a transaction's entries into `Patient/1`.
    ///
    /// - Parameter change: Takes a reference's text and returns the new one, or nil to keep it.
    public mutating func rewriteReferences(_ change: (String) -> String?) {
        json = FHIRResource.rewritten(json, change)
    }

    private static func rewritten(_ value: JSON, _ change: (String) -> String?) -> JSON {
        switch value {
        case .array(let elements):
            return .array(elements.map { rewritten($0, change) })
        case .object(var object):
            for (index, member) in object.members.enumerated() {
                object.members[index].value = rewritten(member, change)
            }
            return .object(object)
        case .null, .bool, .int, .double, .number, .string:
            return value
        }
    }

    private static func rewritten(_ member: JSONObject.Member, _ change: (String) -> String?) -> JSON {
        guard member.key == "reference", case .string(let text) = member.value else { return rewritten(member.value, change) }
        return change(text).map(JSON.string) ?? member.value
    }
}
