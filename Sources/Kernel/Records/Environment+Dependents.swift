/// What depends on what: marking and finding computed values again.
extension Environment {
    /// The most rounds of computing before a cycle of dependencies is assumed.
    static let roundLimit = 100

    /// Marks everything that depends on fields of records: stored values to be computed, others to be forgotten.
    func modified(_ fields: [Field], of ids: [Int], in model: ModelSchema) throws {
        if ids.isEmpty { return }
        for field in fields {
            for trigger in model.triggers[field.slot] {
                if trigger.field.isByCompany {
                    forgetByCompany(trigger.field, trigger.model)
                    continue
                }
                let isStored = trigger.field.isStoredComputed
                if !isStored, !isWorthForgetting(trigger) { continue }
                let targets = try owners(of: ids, along: trigger.path, cachedOnly: !isStored && !hasStoredDependents(trigger))
                if targets.isEmpty { continue }
                if isStored {
                    let key = ComputationKey(model: trigger.model.index, slot: trigger.field.slot)
                    let added = unit.pending.computations[key, default: OrderedIds()].add(targets)
                    if !trigger.model.observers.recomputed.isEmpty { rememberBefore(trigger.field, added, trigger.model) }
                    // Whoever reads the field before it is computed again must not see the old value.
                    unit.existingCache(trigger.model)?.forget(trigger.field.slot, of: added)
                    if !added.isEmpty { try modified([trigger.field], of: added, in: trigger.model) }
                } else {
                    unit.existingCache(trigger.model)?.forget(trigger.field.slot, of: targets)
                    if !trigger.model.triggers[trigger.field.slot].isEmpty { try modified([trigger.field], of: targets, in: trigger.model) }
                }
            }
        }
    }

    private func isWorthForgetting(_ trigger: Trigger) -> Bool {
        unit.existingCache(trigger.model) != nil || hasStoredDependents(trigger)
    }

    private func hasStoredDependents(_ trigger: Trigger) -> Bool { !trigger.model.triggers[trigger.field.slot].isEmpty }

    /// The records of a path's first model that lead to the given records of its last one.
    private func owners(of ids: [Int], along path: [TriggerStep], cachedOnly: Bool) throws -> [Int] {
        var current = ids
        for step in path.reversed() {
            if current.isEmpty { return [] }
            current = try owners(of: current, by: step.field, in: step.model, cachedOnly: cachedOnly)
        }
        return current
    }

    private func owners(of ids: [Int], by field: Field, in model: ModelSchema, cachedOnly: Bool) throws -> [Int] {
        switch field.kind {
        case .one2many(let target, let inverse):
            let lines = try registry.requireModel(target)
            let back = try lines.requireField(inverse)
            let superuser = asSuperuser("dependents are found whoever writes")
            let records = Records(lines, ids, superuser)
            var owners = OrderedIds()
            for id in ids { if let owner = try records.value(id, back).intValue { _ = owners.add([owner]) } }
            return owners.list
        case .many2many(_, let relation):
            let turned = LinkTable(table: relation.table, own: relation.other, other: relation.own)
            var owners = OrderedIds()
            for pair in try unit.transaction.links(turned, of: ids) { _ = owners.add([pair.other]) }
            let wanted = Set(ids)
            _ = owners.add(unit.cache(model).ids(where: field.slot) { !wanted.isDisjoint(with: $0.idList ?? []) })
            return owners.list
        default: return try linkOwners(of: ids, by: field, in: model, cachedOnly: cachedOnly)
        }
    }

    private func linkOwners(of ids: [Int], by field: Field, in model: ModelSchema, cachedOnly: Bool) throws -> [Int] {
        let wanted = Set(ids)
        let cache = unit.cache(model)
        var owners = OrderedIds()
        _ = owners.add(cache.ids(where: field.slot) { $0.intValue.map(wanted.contains) ?? false })
        if cachedOnly || !field.hasColumn { return owners.list }
        let predicate = Predicate.contained(field, ids.map { .int($0) })
        let rows = try unit.transaction.search(SearchRequest(model: model, predicate: predicate, order: []))
        // A row whose link was changed in this unit of work counts by its new value, which the cache has shown above.
        _ = owners.add(rows.ids.filter { cache.value($0, field.slot) == nil })
        return owners.list
    }

    /// Computes a stored field where it waits for the record; false when it does not wait.
    func recompute(_ field: Field, of id: Int, in model: ModelSchema) throws -> Bool {
        let key = ComputationKey(model: model.index, slot: field.slot)
        guard let waiting = unit.pending.computations[key], waiting.contains(id) else { return false }
        let isRecursive = model.triggers[field.slot].contains { $0.field === field }
        let batch = isRecursive || waiting.list.count > RecordGroup.prefetchLimit ? [id] : waiting.list
        try compute(field, batch, in: model)
        return true
    }

    /// Computes a stored field of records and marks what changed for writing.
    func compute(_ field: Field, _ ids: [Int], in model: ModelSchema) throws {
        guard ids.count > 1, model.triggers[field.slot].contains(where: { $0.field === field }) else {
            return try computeTogether(field, ids, in: model)
        }
        // A field that depends on itself in other records: each is computed when it is asked for, those it needs first.
        let key = ComputationKey(model: model.index, slot: field.slot)
        for id in ids where unit.pending.computations[key]?.contains(id) ?? false { try computeTogether(field, [id], in: model) }
    }

    private func computeTogether(_ field: Field, _ ids: [Int], in model: ModelSchema) throws {
        let key = ComputationKey(model: model.index, slot: field.slot)
        unit.pending.computations[key]?.remove(ids)
        if unit.pending.computations[key]?.isEmpty ?? false { unit.pending.computations[key] = nil }
        let superuser = asSuperuser("a computed value is the same for everybody who may see its field")
        let alive = try superuser.existing(ids, in: model)
        let values = try model.compute(field, Records(model, alive, superuser))
        let before = try valuesBefore(field, alive, model)
        let cache = unit.cache(model)
        unit.touch(model)
        defer { for (id, old) in before { noteComputed(field, id, old, model) } }
        for (index, id) in alive.enumerated() {
            let value = field.kind.isToMany ? values[index] : try field.normalised(values[index], in: model)
            cache.set(id, field.slot, value.isNull ? field.empty : value)
            if field.hasColumn { unit.pending.addUpdate(field.slot, of: id, model: model.index) }
        }
    }

    /// Takes records out of the cached lists of the records that they link to.
    func unhangFromLists(_ field: Field, _ ids: [Int], _ model: ModelSchema) throws {
        if case .many2oneReference(let modelField) = field.kind { return forgetLists(field, modelField, ids, model) }
        let slots = model.lists[field.slot]
        guard !slots.isEmpty, let target = field.kind.comodel, let other = registry.model(target), let lists = unit.existingCache(other)
        else { return }
        let gone = Set(ids)
        for slot in slots {
            for owner in lists.ids(where: slot, { !gone.isDisjoint(with: $0.idList ?? []) }) {
                let kept = (lists.value(owner, slot)?.idList ?? []).filter { !gone.contains($0) }
                lists.set(owner, slot, .ids(kept))
            }
        }
    }

    /// Puts records into the cached lists of the records that they link to.
    func hangIntoLists(_ field: Field, _ ids: [Int], _ model: ModelSchema) {
        if case .many2oneReference(let modelField) = field.kind { return forgetLists(field, modelField, ids, model) }
        let slots = model.lists[field.slot]
        guard !slots.isEmpty, let target = field.kind.comodel, let other = registry.model(target), let lists = unit.existingCache(other)
        else { return }
        let cache = unit.cache(model)
        for id in ids {
            guard let owner = cache.value(id, field.slot)?.intValue else { continue }
            for slot in slots {
                guard let known = lists.value(owner, slot)?.idList, !known.contains(id) else { continue }
                lists.set(owner, slot, .ids(known + [id]))
            }
        }
    }

    /// Forgets the cached lists of the records that lines belong to by a plain id and a model's name.
    private func forgetLists(_ field: Field, _ modelField: String, _ ids: [Int], _ model: ModelSchema) {
        guard let naming = model.field(modelField) else { return }
        let cache = unit.cache(model)
        for id in ids {
            guard let owner = cache.value(id, field.slot)?.intValue, let name = cache.value(id, naming.slot)?.textValue,
                let other = registry.model(name), let lists = unit.existingCache(other)
            else { continue }
            for list in other.fields where list.kind == .one2many(model.name, inverse: field.name) { lists.forget(list.slot, of: [owner]) }
        }
    }
}
