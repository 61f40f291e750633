/// Records as they once were, in units of work that will be undone.
extension Records {
    /// Puts values of the past back into the records, so that what follows in this unit finds them as they were.
    ///
    /// Nobody is told, nothing is checked and the trail keeps nothing: for rehearsals only. Lists, files, and links to records that are gone
    /// stay as they are now; stored values that are computed from the others follow.
    package func recall(_ values: ValueMap) throws {
        var plain: [FieldValue] = []
        for entry in values.entries {
            guard let field = model.field(entry.name), field.slot > ModelSchema.Slot.version, field.hasColumn, !field.kind.isToMany,
                field.kind != .binary, let value = try? env.stored(entry.value, field, model), try isThere(value, field)
            else { continue }
            plain.append(FieldValue(field, value))
        }
        if plain.isEmpty { return }
        try setValues(plain)
        try env.unit.flush()
        env.unit.forgetComputed()
    }

    private func isThere(_ value: Value, _ field: Field) throws -> Bool {
        guard let name = field.kind.comodel, let id = value.intValue else { return true }
        return try !env.existing([id], in: env.registry.requireModel(name)).isEmpty
    }
}

extension UnitOfWork {
    /// What the trail will say of this unit, as far as it has come.
    package var trailSoFar: [AuditEntry] { audit }

    /// Lets go of computed values that changed: nobody will be told of them.
    func forgetComputed() {
        pending.computed = []
        pending.before = [:]
    }
}
