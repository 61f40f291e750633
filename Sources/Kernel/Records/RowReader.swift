/// Reads many fields of one record after the other, looking each record up once: for doors that write whole lists.
package struct RowReader {
    private let records: Records
    private let cache: RecordCache
    private let isPatientLinked: Bool
    private let isSuperuser: Bool
    private var id = 0
    private var row: Int?

    /// A reader of some records; they are read together.
    package init(_ records: Records) {
        self.records = records
        cache = records.env.unit.cache(records.model)
        isPatientLinked = records.model.patientPath != nil
        isSuperuser = records.env.isSuperuser
    }

    /// Turns to a record.
    package mutating func move(to id: Int) {
        self.id = id
        row = nil
        guard let found = cache.row(id), records.env.isSuperuser || cache.isVisible(found, to: records.env.user.id) else { return }
        row = found
        if isPatientLinked { records.env.notePatientRead(records.model, id) }
    }

    /// The value of a field of the record, from the cache where it is known and allowed.
    @inline(__always)
    package func value(_ field: Field) throws -> Value {
        if let row, !field.isGuarded || isSuperuser, let value = cache[row, field.slot] { return value }
        return try records.value(id, field)
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
