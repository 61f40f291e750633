import JSON

/// A search parameter of FHIR R4 and where its values lie.
public struct FHIRSearchParameter: Sendable, Hashable {
    /// How a parameter's values are compared.
    public enum Kind: String, Sendable, Hashable {
        case number, date, string, token, reference, quantity, uri
    }

    /// The name in the URL: `patient`, `_lastUpdated`.
    public let name: String
    /// How values are compared.
    public let kind: Kind
    /// Where the values lie, each a path through JSON members with `[system=phone]` and `>Patient` as filters.
    public let paths: [String]
    /// The resource types that a reference may name; empty when any may be named or the kind is another.
    public let targets: [String]

    /// - Parameter line: `name type path,path targets` of `search.txt`.
    init?(line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 3, let kind = Kind(rawValue: words[1]) else { return nil }
        name = words[0]
        self.kind = kind
        paths = words[2].split(separator: ",").map(String.init)
        targets = words.count > 3 && words[3] != "*" ? words[3].split(separator: ",").map(String.init) : []
    }

    /// The values of this parameter in a resource, arrays opened, in order.
    public func values(in resource: JSON) -> [JSON] { paths.flatMap { FHIRSearchParameter.values($0, in: resource) } }

    private static func values(_ path: String, in resource: JSON) -> [JSON] {
        if let mark = path.firstIndex(of: ">") {
            let type = String(path[path.index(after: mark)...])
            return resource.fhirValues(String(path[..<mark])).filter { FHIRReference($0)?.type == type }
        }
        guard let mark = path.firstIndex(of: "["), path.hasSuffix("]") else { return resource.fhirValues(path) }
        let filter = path[path.index(after: mark)...].dropLast().split(separator: "=").map(String.init)
        guard filter.count == 2 else { return [] }
        return resource.fhirValues(String(path[..<mark])).filter { $0[filter[0]]?.stringValue == filter[1] }
    }
}
