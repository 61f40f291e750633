/// The values of some fields of records, read together in one go: for doors that write whole lists.
package struct RecordCells {
    /// How many fields were read.
    package let width: Int
    /// `width` values for each record, in the records' order.
    package private(set) var values: ContiguousArray<Value> = []

    /// Reads fields of records, from the cache where they are known and allowed.
    ///
    /// - Throws: What reading a value throws: a field or a record out of reach, a record that does not exist.
    package init(_ records: Records, _ fields: [Field]) throws {
        width = fields.count
        let (model, env) = (records.model, records.env)
        let cache = env.unit.cache(model)
        let slots = fields.map(\.slot)
        let isGuarded = fields.contains { $0.isGuarded && (!env.isSuperuser || $0.isByCompany) }
        values.reserveCapacity(records.count * width)
        for id in records.ids {
            if !isGuarded, let row = cache.row(id), env.isSuperuser || cache.isVisible(row, to: env.user.id) {
                if model.patientPath != nil { env.notePatientRead(model, id) }
                if cache.append(row, slots, to: &values) { continue }
            }
            for field in fields { values.append(try records.value(id, field)) }
        }
    }
}

extension Records {
    /// Brings a few columns into the cache, where reading one of them would bring the whole row; the caller sees to access.
    package func bring(_ fields: [Field]) throws {
        let unit = env.unit
        let cache = unit.cache(model)
        let missing = ids.filter { id in
            guard !unit.pending.isNew(id, in: model.index) else { return false }
            guard let row = cache.row(id) else { return true }
            return fields.contains { cache[row, $0.slot] == nil }
        }
        if missing.isEmpty { return }
        try env.fill(model, fields, try unit.transaction.fetch(model, fields, ids: missing))
    }
}
