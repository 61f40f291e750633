import Governance
import Kernel

/// Has service levels read anew in a unit of work that changes one of them, or a decision table that one may ask.
struct PolicyTableObserver: RecordObserver {
    private static let kinds: Set<String> = [ServiceLevelKind.kind, "decision"]

    func events(of model: ModelSchema) -> RecordEvents {
        [Policy.name, DefinitionVersion.name].contains(model.name) ? [.created, .writing, .deleting] : []
    }

    func created(_ records: Records, values: [ValueMap]) throws { try close(records) }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? { Follower(records: records) }

    func deleting(_ records: Records) throws { try close(records) }

    private func close(_ records: Records) throws {
        let env = records.env.asSuperuser("which kind of definition changes is found by the machine")
        if records.model.name == DefinitionVersion.name,
            !Recordset<DefinitionVersion>(records.with(env)).contains(where: { PolicyTableObserver.kinds.contains($0.kind) })
        {
            return
        }
        PolicyTable.changed(env)
    }

    private struct Follower: WriteFollower {
        let records: Records

        func written() throws { try PolicyTableObserver().close(records) }
    }
}
