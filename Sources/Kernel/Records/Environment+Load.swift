/// Reading: from the table, from relations, or by computing.
extension Environment {
    /// A field of a record, for code that works by name in an environment that may see it.
    public func value(_ model: ModelSchema, _ id: Int, _ field: Field) throws -> Value { try Records(model, [id], self).value(id, field) }

    /// Finds a value that the cache does not have, or that this user has not been shown yet.
    func load(_ field: Field, of id: Int, in group: RecordGroup) throws -> Value {
        let model = group.model
        if !isSuperuser { try makeVisible(id, in: group) }
        if model.patientPath != nil { notePatientRead(model, id) }
        let cache = unit.cache(model)
        if let value = cache.value(id, field.slot) { return value }
        if field.isStoredComputed, try recompute(field, of: id, in: model) {
            return cache.value(id, field.slot) ?? field.empty
        }
        switch field.kind {
        case .one2many(let target, let inverse) where !field.isComputed: try loadLines(field, target, inverse, id, in: group)
        case .many2many(_, let relation) where field.traits.stored: try loadLinks(field, relation, id, in: group)
        case .binary where field.hasColumn: try loadContent(field, id, in: group)
        default:
            if field.hasColumn { try loadColumns(field, id, in: group) } else { try compute(field, id, in: group) }
        }
        guard let value = cache.value(id, field.slot) else { throw Refusal.missingRecords([id], in: model.name) }
        return value
    }

    /// Notes that a patient-linked record was seen, for the audit trail.
    func notePatientRead(_ model: ModelSchema, _ id: Int) {
        if isSuperuser { return }
        unit.patientReads[PatientReadKey(model, user), default: []].insert(id)
    }

    private func loadColumns(_ field: Field, _ id: Int, in group: RecordGroup) throws {
        let model = group.model
        if unit.pending.isNew(id, in: model.index) {
            unit.cache(model).set(id, field.slot, field.empty)
            return
        }
        let ids = group.companions(of: id, missing: field.slot).filter { !unit.pending.isNew($0, in: model.index) }
        var fields = model.prefetched
        if !fields.contains(where: { $0 === field }) { fields.append(field) }
        try fill(model, fields, try unit.transaction.fetch(model, fields, ids: ids))
    }

    /// Takes fetched rows into the cache, leaving alone what is known already, as it may be newer.
    ///
    /// - Returns: The rows' places in the cache.
    @discardableResult
    func fill(_ model: ModelSchema, _ fields: [Field], _ rows: FetchedRows) throws -> [Int] {
        let cache = unit.cache(model)
        cache.reserve(rows.ids.count)
        let places = rows.ids.map { cache.makeRow($0) }
        for (column, field) in fields.enumerated() {
            let key = ComputationKey(model: model.index, slot: field.slot)
            guard field.isStoredComputed, let waiting = unit.pending.computations[key] else {
                cache.complete(field, places, from: rows, column)
                continue
            }
            for (index, id) in rows.ids.enumerated() where !waiting.contains(id) && cache[places[index], field.slot] == nil {
                let value = rows[index, column]
                cache[places[index], field.slot] = value.isNull ? field.empty : value
            }
        }
        return places
    }

    private func loadContent(_ field: Field, _ id: Int, in group: RecordGroup) throws {
        if unit.pending.isNew(id, in: group.model.index) { return unit.cache(group.model).set(id, field.slot, .null) }
        // Records without bytes are many: one question tells of all of them.
        let ids = group.companions(of: id, missing: field.slot).filter { !unit.pending.isNew($0, in: group.model.index) }
        let rows = try unit.transaction.fetch(group.model, [field], ids: field.traits.isInline ? [id] : ids)
        for (index, other) in rows.ids.enumerated() where other != id && rows[index, 0].isNull {
            unit.cache(group.model).set(other, field.slot, .null)
        }
        guard let place = rows.ids.firstIndex(of: id) else { throw Refusal.missingRecords([id], in: group.model.name) }
        var value = rows[place, 0]
        if !field.traits.isInline, let digest = value.textValue {
            value = try unit.transaction.content(digest).map { .bytes($0) } ?? .null
        }
        unit.cache(group.model).set(id, field.slot, value)
    }

    private func loadLines(_ field: Field, _ target: String, _ inverse: String, _ id: Int, in group: RecordGroup) throws {
        let lines = try registry.requireModel(target)
        let back = try lines.requireField(inverse)
        let ids = group.companions(of: id, missing: field.slot)
        var byOwner: [Int: [Int]] = [:]
        let superuser = asSuperuser("the cache is everybody's; lists are filtered by access whenever they are read")
        let active = lines.field("active") == nil || context["active_test"] == .bool(false) ? Domain.all : .where("active", .equal, true)
        let domain = back.lines(of: ids, in: group.model) & active
        let found = try superuser.find(lines, domain, order: nil, fields: [back])
        let cache = unit.cache(lines)
        for line in found.ids {
            if let owner = cache.value(line, back.slot)?.intValue { byOwner[owner, default: []].append(line) }
        }
        let own = unit.cache(group.model)
        for owner in ids { own.set(owner, field.slot, .ids(byOwner[owner] ?? [])) }
    }

    private func loadLinks(_ field: Field, _ relation: LinkTable, _ id: Int, in group: RecordGroup) throws {
        let ids = group.companions(of: id, missing: field.slot)
        var byOwner: [Int: [Int]] = [:]
        for pair in try unit.transaction.links(relation, of: ids) { byOwner[pair.own, default: []].append(pair.other) }
        let cache = unit.cache(group.model)
        for owner in ids { cache.set(owner, field.slot, .ids(byOwner[owner] ?? [])) }
    }

    private func compute(_ field: Field, _ id: Int, in group: RecordGroup) throws {
        let model = group.model
        let ids = group.companions(of: id, missing: field.slot)
        let superuser = asSuperuser("a computed value is the same for everybody who may see its field")
        let records = Records(model, ids, superuser)
        let values = try model.compute(field, records)
        let cache = unit.cache(model)
        for (index, id) in ids.enumerated() { cache.set(id, field.slot, values[index]) }
    }
}

extension Field {
    /// The lines of records whose list has this field as its inverse; a plain id field also names the model.
    func lines(of ids: [Int], in owner: ModelSchema) -> Domain {
        let own = Domain.where(name, .in, .ids(ids))
        guard case .many2oneReference(let modelField) = kind else { return own }
        return own & .where(modelField, .equal, .text(owner.name))
    }
}

extension ModelSchema {
    /// The columns that one read brings along: all but bytes, and secrets, which come when they are asked for.
    var prefetched: [Field] { columns.filter { !$0.isSecret && $0.slot != Slot.id } }

    /// The values of a computed field, one per record.
    func compute(_ field: Field, _ records: Records) throws -> [Value] {
        if let compute = field.traits.compute { return try fitted(try compute.body(records), field, records) }
        if let path = field.traits.related {
            return try fitted(try records.ids.map { try ModelSchema.follow(path, from: $0, in: records) }, field, records)
        }
        if field.slot == Slot.displayName { return try displayNames(records) }
        return records.ids.map { _ in field.empty }
    }

    private func displayNames(_ records: Records) throws -> [Value] {
        if let displayName { return try displayName(records) }
        guard let name = fieldsByName[nameField] else { return records.ids.map { .text("\(self.name),\($0)") } }
        return try records.ids.map { id in
            switch try records.value(id, name) {
            case .text(let text): .text(text)
            case .int(let number) where name.kind.comodel == nil: .text(String(number))
            case .int(let target): try records.env.registry.requireModel(name.kind.comodel ?? "").displayName(of: target, records.env)
            default: .text("")
            }
        }
    }

    private func displayName(of id: Int, _ env: Environment) throws -> Value {
        try env.value(self, id, fields[Slot.displayName])
    }

    private static func follow(_ path: String, from id: Int, in records: Records) throws -> Value {
        var current = records.only(id)
        let names = path.split(separator: ".").map(String.init)
        for name in names.dropLast() {
            current = try current.related(name)
            if current.isEmpty { break }
        }
        guard let last = names.last else { return .null }
        let field = try current.model.field(last) ?? records.model.requireField(last)
        guard let first = current.ids.first else { return .null }
        return try current.value(first, field)
    }
}
