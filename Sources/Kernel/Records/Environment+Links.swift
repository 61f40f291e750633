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
    /// - Parameter present: The records being written, whose other half of a reference counts; nil for new ones.
    func checkLinks(_ values: [FieldValue], of model: ModelSchema, present: Records? = nil) throws {
        if isSuperuser { return }
        for value in values {
            switch value.field.kind {
            case .many2one(let target, _):
                // A company is asked about by `checkCompany`, which knows the companies of the moment.
                if target == "res.company", value.field.name == "company_id" { continue }
                if let id = value.value.intValue { try checkLink(to: [id], in: target) }
            case .reference:
                if let parts = value.value.textValue?.split(separator: ","), parts.count == 2, let id = Int(parts[1]) {
                    try checkLink(to: [id], in: String(parts[0]))
                }
            default: continue
            }
        }
        for reference in model.references where values.contains(where: { $0.field === reference.id || $0.field === reference.model }) {
            try checkReferences(values, id: reference.id, model: reference.model, present)
        }
    }

    /// A reference whose model stands in another field: each half is the given one, or else the record's own.
    private func checkReferences(_ values: [FieldValue], id: Field, model: Field, _ present: Records?) throws {
        let givenId = values.first { $0.field === id }?.value
        let givenModel = values.first { $0.field === model }?.value
        guard let present else {
            if let target = givenModel?.textValue, let id = givenId?.intValue { try checkLink(to: [id], in: target) }
            return
        }
        let superuser = present.with(asSuperuser("a reference is compared whoever writes half of it"))
        for record in present.ids {
            let target = try givenModel ?? superuser.value(record, model)
            let targetId = try givenId ?? superuser.value(record, id)
            if let target = target.textValue, let targetId = targetId.intValue { try checkLink(to: [targetId], in: target) }
        }
    }

    private func checkLink(to ids: [Int], in name: String) throws {
        guard let comodel = registry.model(name) else { return }
        let cache = unit.cache(comodel)
        let asked = ids.filter { id in id > 0 && !(cache.row(id).map { cache.isVisible($0, to: user.id) } ?? false) }
        if asked.isEmpty { return }
        if allows(.read, on: comodel) {
            if case .all = try accessPredicate(.read, comodel) { return }
            let allowed = Set(try visible(asked, in: comodel))
            for id in allowed { cache.markVisible(cache.makeRow(id), to: user.id) }
            if allowed.count == asked.count { return }
            try refuseExisting(asked.filter { !allowed.contains($0) }, comodel)
        } else {
            try refuseExisting(asked, comodel)
        }
    }

    private func refuseExisting(_ ids: [Int], _ model: ModelSchema) throws {
        // What does not exist is the store's to refuse.
        let existing = try asSuperuser("telling a missing record from a hidden one").existing(ids, in: model)
        if !existing.isEmpty { throw Refusal.outOfReach(.read, on: model, ids: existing) }
    }
}
