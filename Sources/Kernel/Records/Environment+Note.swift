/// Plain facts, of which each is kept once.
extension Environment {
    /// Keeps facts that are not there yet by a unique key of their model. Nobody looks first, so that two who note the same at once are not in
    /// each other's way. The trail does not tell of them: they tell of something that it tells of.
    ///
    /// Shape: each has all that its model requires; nothing follows from a fact, neither defaults nor computed values nor observers. Only the
    /// machine notes: record rules are not asked.
    package func note<M: Model>(_ type: M.Type, _ facts: [ValueMap]) throws {
        if facts.isEmpty { return }
        let model = registry.schema(type)
        guard isSuperuser else { throw Refusal.noRight(.create, on: model) }
        let ids = try unit.transaction.reserveIds(model, count: facts.count)
        unit.touch(model)
        let rows = try zip(ids, facts).map { id, fact in
            try model.columns.map { try cell($0, id, fact, model) }
        }
        try unit.transaction.insertMissing(model, model.columns, rows: rows)
    }

    private func cell(_ field: Field, _ id: Int, _ fact: ValueMap, _ model: ModelSchema) throws -> Value {
        switch field.slot {
        case ModelSchema.Slot.id: .int(id)
        case ModelSchema.Slot.createdBy, ModelSchema.Slot.writtenBy: .int(user.id)
        case ModelSchema.Slot.createdOn, ModelSchema.Slot.writtenOn: .instant(now)
        case ModelSchema.Slot.version: .int(1)
        default: try stored(fact[field.name] ?? .null, field, model)
        }
    }
}
