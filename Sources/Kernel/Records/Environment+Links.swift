/// Access to what records point at: lists are filtered, and nobody links to what they may not read.
extension Environment {
    /// Those of the listed records that the user may read; all lists of the group are asked about at once.
    func reachable(_ ids: [Int], in comodel: ModelSchema, listedBy field: Field, in group: RecordGroup) throws -> [Int] {
        guard allows(.read, on: comodel) else { return [] }
        if case .all = try accessPredicate(.read, comodel) { return ids }
        let cache = unit.cache(comodel)
        var hidden = unreachable[comodel.index] ?? []
        func isKnown(_ id: Int) -> Bool { hidden.contains(id) || cache.row(id).map { cache.isVisible($0, to: user.id) } ?? false }
        if !ids.allSatisfy(isKnown) {
            var asked = OrderedIds()
            _ = asked.add(ids.filter { !isKnown($0) })
            let own = unit.cache(group.model)
            for other in group.ids.prefix(RecordGroup.prefetchLimit) {
                guard let listed = own.value(other, field.slot)?.idList else { continue }
                _ = asked.add(listed.filter { !isKnown($0) })
            }
            let allowed = Set(try visible(asked.list, in: comodel))
            for id in asked.list {
                if allowed.contains(id) { cache.markVisible(cache.makeRow(id), to: user.id) } else { hidden.insert(id) }
            }
            unreachable[comodel.index] = hidden
        }
        return ids.filter { !hidden.contains($0) }
    }

    /// Refuses links to existing records that the user may not read: a link would show their names and what is computed from them.
    ///
    /// - Parameter present: The records being written, which keep what they link to already; nil for new ones.
    func checkLinks(_ values: [FieldValue], of model: ModelSchema, present: Records? = nil) throws {
        if isSuperuser { return }
        for value in values {
            guard let (target, id) = link(in: value), let refusal = try linkRefusal(id, in: target) else { continue }
            if let present, try present.keep([value]) { continue }
            throw refusal
        }
        for reference in model.references where values.contains(where: { $0.field === reference.id || $0.field === reference.model }) {
            try checkReference(values, id: reference.id, model: reference.model, present)
        }
    }

    /// Where a value leads to.
    private func link(in value: FieldValue) -> (model: String, id: Int)? {
        switch value.field.kind {
        case .many2one(let target, _):
            // A company is asked about by `checkCompany`, which knows the companies of the moment.
            if target == "res.company", value.field.name == "company_id" { return nil }
            return value.value.intValue.map { (target, $0) }
        case .reference:
            guard let parts = value.value.textValue?.split(separator: ","), parts.count == 2, let id = Int(parts[1]) else { return nil }
            return (String(parts[0]), id)
        default: return nil
        }
    }

    /// A reference whose model stands in another field: each half is the given one, or else the record's own.
    private func checkReference(_ values: [FieldValue], id: Field, model: Field, _ present: Records?) throws {
        let given = values.filter { $0.field === id || $0.field === model }
        let givenId = given.first { $0.field === id }?.value
        let givenModel = given.first { $0.field === model }?.value
        guard let present else {
            guard let target = givenModel?.textValue, let id = givenId?.intValue else { return }
            if let refusal = try linkRefusal(id, in: target) { throw refusal }
            return
        }
        let superuser = present.with(asSuperuser("a reference is compared whoever writes half of it"))
        for record in present.ids {
            let target = try givenModel ?? superuser.value(record, model)
            let targetId = try givenId ?? superuser.value(record, id)
            guard let target = target.textValue, let targetId = targetId.intValue else { continue }
            guard let refusal = try linkRefusal(targetId, in: target) else { continue }
            if try !superuser.only(record).keep(given) { throw refusal }
        }
    }

    /// Why the user may not link to a record; what does not exist is the store's to refuse.
    private func linkRefusal(_ id: Int, in name: String) throws -> Refusal? {
        guard id > 0, let comodel = registry.model(name) else { return nil }
        if allows(.read, on: comodel) {
            if case .all = try accessPredicate(.read, comodel) { return nil }
            let cache = unit.cache(comodel)
            if let row = cache.row(id), cache.isVisible(row, to: user.id) { return nil }
            if try visible([id], in: comodel) == [id] {
                cache.markVisible(cache.makeRow(id), to: user.id)
                return nil
            }
        }
        let existing = try asSuperuser("telling a missing record from a hidden one").existing([id], in: comodel)
        return existing.isEmpty ? nil : Refusal.outOfReach(.read, on: comodel, ids: existing)
    }
}

extension Records {
    /// Whether all of the records have these values already.
    fileprivate func keep(_ values: [FieldValue]) throws -> Bool {
        let superuser = with(env.asSuperuser("what stays as it is shows nothing new"))
        return try ids.allSatisfy { id in try values.allSatisfy { try superuser.value(id, $0.field) == $0.value } }
    }
}
