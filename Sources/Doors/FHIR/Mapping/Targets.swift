import FHIR
import JSON
import Kernel

// Following references that a client sends.

extension FHIRContext {
    /// The record that a reference leads to; nil when there is no reference.
    ///
    /// - Throws: 422 when it leads nowhere, elsewhere, or to what the caller may not see: all look the same.
    func target(_ element: JSON?, at location: String, _ types: [String]) throws -> (type: String, id: Int)? {
        guard let element else { return nil }
        if let text = element["reference"]?.stringValue { return try target(text, at: location, types) }
        guard let identifier = element["identifier"] else { return nil }
        let wanted = element["type"]?.stringValue.map { [$0] } ?? types
        let query = "identifier=" + QueryText.escape(Reading.token(identifier))
        for type in wanted where types.contains(type) {
            if let found = try matching(type, query, at: location) { return (type, found) }
        }
        throw FHIRRefusal.unknownReference(identifier["value"]?.stringValue ?? "", at: location)
    }

    private func target(_ text: String, at location: String, _ types: [String]) throws -> (type: String, id: Int) {
        if let mark = text.firstIndex(of: "?") {
            let type = String(text[..<mark])
            guard types.contains(type), let id = try matching(type, String(text[text.index(after: mark)...]), at: location) else {
                throw FHIRRefusal.unknownReference(text, at: location)
            }
            return (type, id)
        }
        let reference = FHIRReference(text: text)
        guard let type = reference.type, types.contains(type), reference.base == nil || reference.base == base,
            let mapping = ResourceCatalogue.mapping(type), let id = reference.id.flatMap({ Int($0) }), try !load(mapping, [id]).isEmpty
        else { throw FHIRRefusal.unknownReference(text, at: location) }
        return (type, id)
    }

    /// The one record that a search finds; nil when it finds none.
    private func matching(_ type: String, _ query: String, at location: String) throws -> Int? {
        guard let mapping = ResourceCatalogue.mapping(type) else { return nil }
        var call = FHIRCall(.search(type))
        call.query = SearchTerm.list(query)
        let plan = try SearchPlan(call, mapping)
        guard plan.hasCriteria else { return nil }
        let ids = try plan.ids(self, limit: 2)
        guard ids.count < 2 else {
            throw FHIRRefusal(
                412, "fhir.multiple_matches", .multipleMatches, "Several \(type) resources match the reference.", at: location)
        }
        return ids.first
    }
}
