import Governance
import JSON
import Kernel

/// Service levels as governed definitions: what was released drives the clocks.
struct ServiceLevelKind: DefinitionKind {
    static let kind = "sla"

    let name = ServiceLevelKind.kind
    let title = "Service level"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        do {
            // The key is the definition's: a content that does not repeat it is complete without.
            try PolicyContent(content, key: content["key"]?.stringValue ?? "unnamed").check(env)
            return []
        } catch let refusal as Refusal where refusal.code == "sla.definition" {
            return [DefinitionProblem(refusal.details["place"]?.textValue ?? "", refusal.message, remedy: refusal.instruction)]
        }
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        try PolicyShelf.put(version, env)
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        try PolicyShelf.withdraw(version, restoring: next, env)
    }
}
