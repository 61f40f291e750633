import Kernel

/// Lines of the audit trail about definitions.
enum DefinitionTrail {
    static func note(_ event: String, _ version: Record<DefinitionVersion>, by env: Environment, _ detail: ValueMap = [:]) throws {
        let about: ValueMap = ["event": .text(event), "version": .text(version.cause)]
        try env.unit.transaction.appendAudit([
            AuditEntry(
                .definition, model: DefinitionVersion.name, ids: [version.id], userId: env.user.id, detail: about.merging(detail))
        ])
    }
}
