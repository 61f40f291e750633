/// Writing records.
extension Records {
    /// Writes the same values to all of the records: checks, links, dependents, chatter and trail, all in this unit of work.
    public func write(_ values: ValueMap) throws {
        if isEmpty { return }
        if env.context["expected_version"] != nil {
            try env.checkAccess(.write, model, ids)
            try checkVersions()
            return try with(env.withoutExpectedVersion()).write(values)
        }
        var values = values
        try env.checkAccess(.write, model, ids)
        try model.lifecycle.beforeWrite?(self, &values)
        var prepared: [FieldValue] = []
        prepared.reserveCapacity(values.entries.count)
        for entry in values.entries {
            let field = try model.requireField(entry.name)
            guard field.slot > ModelSchema.Slot.version else { continue }
            prepared.append(FieldValue(field, try env.stored(entry.value, field, model)))
        }
        try env.checkFields(prepared.map(\.field), of: model, .write)
        try env.checkCompany(prepared, model)
        try env.checkLinks(prepared, of: model, present: self)
        guard !model.currencies.isEmpty, let settled = try settle(prepared) else { return try apply(prepared) }
        for (ids, values) in settled { try Records(group: group, ids: ids).apply(values) }
    }

    private func apply(_ values: [FieldValue]) throws {
        let names = Set(values.map(\.field.name))
        try refuseUnset(values)
        let followers = try follow(values)
        let watched = try watch(values.map(\.field))
        let audited = model.isTrail ? [] : try oldValues(values)
        try setValues(values)
        for id in ids { try env.applyCommands(values, to: id, in: self) }
        try writeBack(values)
        if !model.companyChecked.isEmpty { try env.checkCompanies(of: self, written: names) }
        try env.check(self, changed: names)
        try model.lifecycle.afterWrite?(self, names)
        env.unit.audit += audited
        try report(watched)
        for follower in followers { try follower.written() }
        try env.unit.checkFailure()
    }

    /// Puts plain values into the cache and marks what must be written and computed.
    func setValues(_ values: [FieldValue]) throws {
        let plain = values.filter { !$0.field.kind.isToMany && ($0.field.hasColumn || $0.field.kind == .binary) }
        let unit = env.unit
        let relational = plain.map(\.field).filter { $0.kind.comodel != nil && !model.triggers[$0.slot].isEmpty }
        if !relational.isEmpty { try env.modified(relational, of: ids, in: model) }
        for value in plain where value.field.isLink { try env.unhangFromLists(value.field, ids, model) }
        let cache = unit.cache(model)
        unit.touch(model)
        for id in ids {
            let row = cache.makeRow(id)
            for value in plain {
                cache[row, value.field.slot] = value.value.isNull ? value.field.empty : value.value
                unit.pending.addUpdate(value.field.slot, of: id, model: model.index)
            }
            stamp(id, row, cache)
        }
        for value in plain where value.field.isLink { env.hangIntoLists(value.field, ids, model) }
        for value in plain where value.field.isStoredComputed {
            unit.pending.computations[ComputationKey(model: model.index, slot: value.field.slot)]?.remove(ids)
        }
        try env.modified(plain.map(\.field), of: ids, in: model)
        if model.hasCompanyValues {
            let values = values.filter(\.field.traits.isByCompany)
            setCompanyValues(values)
            try env.modified(values.map(\.field), of: ids, in: model)
        }
    }

    private func stamp(_ id: Int, _ row: Int, _ cache: RecordCache) {
        cache[row, ModelSchema.Slot.writtenBy] = .int(env.user.id)
        cache[row, ModelSchema.Slot.writtenOn] = .instant(env.now)
        env.unit.pending.addUpdate(ModelSchema.Slot.writtenBy, of: id, model: model.index)
        env.unit.pending.addUpdate(ModelSchema.Slot.writtenOn, of: id, model: model.index)
    }

    private func refuseUnset(_ values: [FieldValue]) throws {
        let unset = values.filter { $0.field.traits.required && ($0.value.isNull || $0.value == .text("")) && !$0.field.kind.isNumber }
        if !unset.isEmpty { throw Refusal.missingRequired(unset.map(\.field.name), in: model.name) }
    }

    /// Refuses a write that was made from an older version of a record.
    private func checkVersions() throws {
        guard let expected = env.context["expected_version"] else { return }
        for id in ids {
            let wanted: Int? = if case .map(let map) = expected { map[String(id)]?.intValue } else { expected.intValue }
            guard let wanted else { continue }
            let found = try value(id, model.fields[ModelSchema.Slot.version]).intValue ?? 0
            if found != wanted { throw try stale(id, expected: wanted, found: found) }
        }
    }

    private func oldValues(_ values: [FieldValue]) throws -> [AuditEntry] {
        let superuser = env.asSuperuser("the trail keeps old values whoever writes")
        let plain = values.filter { !$0.field.isSecret && $0.field.isKept }
        let records = with(superuser)
        let isByCompany = model.hasCompanyValues && plain.contains(where: \.field.isByCompany)
        let version = model.fields[ModelSchema.Slot.version]
        return try ids.map { id in
            var detail = ValueMap()
            // By which a later refusal tells what was changed since the version that a caller knows; a new record has none before it is kept.
            let before = env.unit.pending.isNew(id, in: model.index) ? .int(0) : try records.value(id, version)
            detail.entries.append(ValueMap.Entry(AuditEntry.versionKey, before))
            if isByCompany { detail.entries.append(ValueMap.Entry(AuditEntry.companyKey, .int(env.companyId))) }
            for value in plain {
                let old = try records.value(id, value.field)
                detail.entries.append(ValueMap.Entry(value.field.name, .list([old, value.value])))
            }
            for value in values where value.field.kind.isToMany { detail.entries.append(ValueMap.Entry(value.field.name, value.value)) }
            return AuditEntry(.write, model: model.name, ids: [id], userId: env.user.id, detail: env.explained(detail))
        }
    }

    private func follow(_ values: [FieldValue]) throws -> [any WriteFollower] {
        if model.observers.writing.isEmpty { return [] }
        let fields = values.map(\.field)
        return try model.observers.writing.compactMap { try $0.writing(self, fields: fields) }
    }

    private func watch(_ fields: [Field]) throws -> [(any RecordObserver, [RecordChange])] {
        guard !model.observers.written.isEmpty else { return [] }
        let superuser = with(env.asSuperuser("observers see old values whoever writes"))
        var result: [(any RecordObserver, [RecordChange])] = []
        for (observer, watched) in model.observers.written {
            let wanted = watched.filter { field in fields.contains { $0 === field } }
            if wanted.isEmpty { continue }
            var changes: [RecordChange] = []
            for id in ids {
                for field in wanted { changes.append(RecordChange(id: id, field: field, old: try superuser.value(id, field), new: .null)) }
            }
            result.append((observer, changes))
        }
        return result
    }

    private func report(_ watched: [(any RecordObserver, [RecordChange])]) throws {
        guard !watched.isEmpty else { return }
        let superuser = with(env.asSuperuser("observers see new values whoever writes"))
        for (observer, old) in watched {
            var changes: [RecordChange] = []
            for change in old {
                let new = try superuser.value(change.id, change.field)
                if new != change.old { changes.append(RecordChange(id: change.id, field: change.field, old: change.old, new: new)) }
            }
            if !changes.isEmpty { try observer.written(self, changes: changes) }
        }
    }
}

extension RecordGroup {
    /// Writes one field by key path; a failure is remembered by the unit of work.
    func softWrite(_ id: Int, _ field: Field, _ value: Value) {
        do { try Records(group: self, ids: [id]).write([field.name: value]) } catch { env.unit.fail(error) }
    }
}
