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

extension RecordCells {
    /// Takes rows as they were fetched; what is not set becomes the field's word for that.
    init(_ rows: FetchedRows, _ fields: [Field]) {
        width = fields.count
        values = rows.cells
        for (column, field) in fields.enumerated() where !field.empty.isNull {
            for place in stride(from: column, to: values.count, by: width) where values[place].isNull { values[place] = field.empty }
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

extension Records {
    /// The names of records of several models, straight from their tables, asked for together; nil where they have to be computed or something
    /// waits to be written.
    package static func namesInTables(_ several: [Records]) throws -> [[Int: String]?] {
        let fields = several.map(\.nameColumn)
        let shelves = try zip(several, fields).map { records, field in field == nil ? nil : try records.nameShelf() }
        var names = zip(several, shelves).map { records, shelf in shelf?.names(records.ids) }
        var requests: [FetchRequest] = []
        var places: [Int] = []
        for (place, field) in fields.enumerated() where names[place] == nil {
            guard let field else { continue }
            requests.append(FetchRequest(model: several[place].model, fields: [field], ids: several[place].ids))
            places.append(place)
        }
        guard let transaction = several.first?.env.unit.transaction, !requests.isEmpty else { return names }
        for (place, rows) in zip(places, try transaction.fetch(requests)) {
            var found = [Int: String](minimumCapacity: rows.ids.count)
            for (row, id) in rows.ids.enumerated() { found[id] = rows[row, 0].textValue ?? "" }
            shelves[place]?.add(found)
            names[place] = found
        }
        return names
    }

    /// Names read before, where changes of the model are counted, so that they are known to be those that this unit of work would read.
    private func nameShelf() throws -> NameShelf? {
        guard env.unit.transaction.stamps?.counts[model.name] != nil else { return nil }
        return try env.remembered("names." + model.name, from: [model.name]) { _ in NameShelf() }
    }

    /// The column that holds a record's name as it is shown; nil where that is made of something else, or is not written yet.
    private var nameColumn: Field? {
        let shown = model.fields[ModelSchema.Slot.displayName]
        guard model.displayName == nil, shown.traits.compute == nil, shown.traits.related == nil, env.unit.pending.isEmpty,
            let field = model.field(model.nameField), field.hasColumn, field.kind.isText, !field.isGuarded || env.isSuperuser
        else { return nil }
        return field
    }
}

/// Names of a model's records, as they are while the model is changed as often as now.
private final class NameShelf: Sendable {
    /// Names that are kept; with more, all are forgotten.
    static let limit = 10_000
    private let names = Locked<[Int: String]>([:])

    /// The names of all these records, or nil when one is not known.
    func names(_ ids: [Int]) -> [Int: String]? {
        names.withLock { known in
            var found = [Int: String](minimumCapacity: ids.count)
            for id in ids {
                guard let name = known[id] else { return nil }
                found[id] = name
            }
            return found
        }
    }

    func add(_ found: [Int: String]) {
        names.withLock { known in
            if known.count + found.count > NameShelf.limit { known.removeAll() }
            known.merge(found) { $1 }
        }
    }
}
