import JSON
import Kernel

/// What differs between versions.
enum Comparing {
    /// Against another version, or against the one that this was written from.
    static func changes(of version: Record<DefinitionVersion>, since other: Int?) throws -> [JSONChange] {
        let env = version.env
        let base =
            try other.map { id -> Record<DefinitionVersion> in
                try env.checkAccess(.read, version.records.model, [id])
                return env.record(DefinitionVersion.self, id)
            } ?? version.base
        let kind = try Definitions.kind(version.kind, in: env)
        var changes = kind.differences(from: base?.content ?? .null, to: version.content)
        changes += JSONChange.between(["tests": base?.tests ?? .null], ["tests": version.tests])
        return Array(changes.prefix(JSONChange.limit))
    }
}
