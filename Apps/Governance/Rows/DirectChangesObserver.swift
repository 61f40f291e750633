import Base
import Kernel

/// Puts into the trail who allowed direct changes of which models; parameters are recorded without their keys.
struct DirectChangesObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents { model.name == Parameter.name ? [.created, .written, .deleting] : [] }

    func watched(in model: ModelSchema) -> [Field] { ["key", "value"].compactMap { model.field($0) } }

    func created(_ records: Records, values: [ValueMap]) throws { try note("direct changes allowed", records) }

    func written(_ records: Records, changes: [RecordChange]) throws {
        let renamed = changes.contains { $0.field.name == "key" && $0.old == .text(GovernedRows.directChanges) }
        try note(renamed ? "direct changes ended" : "direct changes allowed", records, all: renamed)
    }

    func deleting(_ records: Records) throws { try note("direct changes ended", records) }

    private func note(_ event: String, _ records: Records, all: Bool = false) throws {
        let superuser = records.env.asSuperuser("what is allowed stands in the trail whoever allowed it")
        for parameter in Recordset<Parameter>(records.with(superuser)) where all || parameter.key == GovernedRows.directChanges {
            try records.env.unit.transaction.appendAudit([
                AuditEntry(
                    .definition, model: Parameter.name, ids: [parameter.id], userId: records.env.user.id,
                    detail: ["event": .text(event), "parameter": .text(GovernedRows.directChanges), "models": .text(parameter.content)])
            ])
        }
    }
}
