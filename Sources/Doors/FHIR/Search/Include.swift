import FHIR
import Kernel

/// An `_include`: which references of the matches are followed.
struct Include: Sendable {
    private let parameters: [FHIRSearchParameter]
    private let target: String?

    /// Understands `ServiceRequest:patient`, `Task:owner:Practitioner` or `ServiceRequest:*`; nil for anything else.
    init?(_ text: String, _ type: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts[0] == type else { return nil }
        let all = Include.parameters(of: type)
        parameters = parts[1] == "*" ? all : all.filter { $0.name == parts[1] }
        target = parts[safe: 2]
        if parameters.isEmpty { return nil }
    }

    /// The reference parameters of R4 that this door can follow.
    static func parameters(of type: String) -> [FHIRSearchParameter] {
        guard let mapping = ResourceCatalogue.mapping(type) else { return [] }
        let known = Set(mapping.parameters.map(\.name)).union(Include.extra[type] ?? [])
        return FHIRDefinitions.shared.searchParameters(of: type).filter { $0.kind == .reference && known.contains($0.name) }
    }

    /// Parameters that are followed though they are not searched by.
    private static let extra: [String: Set<String>] = ["Appointment": ["actor"]]

    /// What the includes bring along, each once and only what the caller may see.
    static func load(_ includes: [Include], for matches: [FHIRResource], _ context: FHIRContext) throws -> [FHIRResource] {
        var wanted: [String: [Int]] = [:]
        var seen = Set(matches.compactMap(\.reference))
        var left = context.limits.includes
        for include in includes {
            for match in matches {
                for element in include.parameters.flatMap({ $0.values(in: match.json) }) {
                    guard let reference = FHIRReference(element), let type = reference.type, let id = reference.id, let number = Int(id),
                        include.target == nil || include.target == type, left > 0, seen.insert("\(type)/\(id)").inserted
                    else { continue }
                    wanted[type, default: []].append(number)
                    left -= 1
                }
            }
        }
        return try wanted.sorted { $0.key < $1.key }.flatMap { type, ids in
            try ResourceCatalogue.mapping(type).map { try context.load($0, ids) } ?? []
        }
    }
}
