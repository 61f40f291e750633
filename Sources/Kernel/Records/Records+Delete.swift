/// Deleting records.
extension Records {
    /// Deletes the records, and what hangs on them as each link's rule says.
    public func unlink() throws {
        if isEmpty { return }
        try env.checkAccess(.unlink, model, ids)
        try model.lifecycle.beforeDelete?(self)
        for observer in model.observers.deleting { try observer.deleting(self) }
        try releaseLinks()
        let unit = env.unit
        try unit.flush()
        // Dependents are marked while the records can still be followed, and computed when they are gone.
        try env.modified(model.fields.filter { !model.triggers[$0.slot].isEmpty }, of: ids, in: model)
        for field in model.fields where field.isLink && field.hasColumn { try env.unhangFromLists(field, ids, model) }
        unit.touch(model)
        for other in env.registry.marked(by: model) { unit.noteChange(of: other.name) }
        try unit.transaction.delete(model, ids: ids)
        let cache = unit.cache(model)
        for id in ids { cache.remove(id) }
        unit.byCompany.forget(ids, of: model, env.registry)
        unit.pending.forget(ids, model: model.index)
        if !model.isTrail { env.note(.unlink, model, ids) }
        try unit.checkFailure()
    }

    /// Follows every many2one that points at these records.
    private func releaseLinks() throws {
        let superuser = env.asSuperuser("what points at a deleted record is released whoever deletes")
        for other in env.registry.models {
            for field in other.fields {
                guard case .many2one(model.name, let rule) = field.kind, field.hasColumn, field.slot > ModelSchema.Slot.version else {
                    continue
                }
                let scope = try superuser.with(context: ["active_test": false])
                let found = try scope.search(other, .where(field.name, .in, .ids(ids)))
                let pointing = other === model ? Records(other, found.ids.filter { !ids.contains($0) }, scope) : found
                if pointing.isEmpty { continue }
                switch rule {
                case .restrict: throw Refusal.restricted(model.name, by: other.name)
                case .cascade: try pointing.unlink()
                case .setNull: try pointing.setValues([FieldValue(field, .null)])
                }
            }
        }
    }
}
