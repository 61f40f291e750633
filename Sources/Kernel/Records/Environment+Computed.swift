/// Telling of stored computed values that changed.
extension Environment {
    /// Keeps what stored values are before they must be found again, for those who follow the field.
    func rememberBefore(_ field: Field, _ ids: [Int], _ model: ModelSchema) {
        guard model.observers.recomputed.contains(where: { $0.follows(field, in: model, unit) }) else { return }
        let key = ComputationKey(model: model.index, slot: field.slot)
        let cache = unit.existingCache(model)
        for id in ids where !unit.pending.isNew(id, in: model.index) && unit.pending.before[key]?[id] == nil {
            unit.pending.before[key, default: [:]][id] = ValueBefore(value: cache?.value(id, field.slot), env: self)
        }
    }

    /// What the values were that are about to be replaced; those that the cache did not have come from the table, which has them still.
    func valuesBefore(_ field: Field, _ ids: [Int], _ model: ModelSchema) throws -> [(Int, ValueBefore)] {
        let key = ComputationKey(model: model.index, slot: field.slot)
        guard let kept = unit.pending.before.removeValue(forKey: key) else { return [] }
        let asked = Set(ids)
        let rest = kept.filter { !asked.contains($0.key) }
        if !rest.isEmpty { unit.pending.before[key] = rest }
        let mine = ids.compactMap { id in kept[id].map { (id, $0) } }
        let missing = mine.filter { $0.1.value == nil }.map(\.0)
        if missing.isEmpty { return mine }
        let rows = try unit.transaction.fetch(model, [field], ids: missing)
        var stored: [Int: Value] = [:]
        for (index, id) in rows.ids.enumerated() { stored[id] = rows[index, 0].isNull ? field.empty : rows[index, 0] }
        return mine.map { id, before in (id, ValueBefore(value: before.value ?? stored[id] ?? field.empty, env: before.env)) }
    }

    /// Keeps a change of a stored computed value until the unit of work tells of it.
    func noteComputed(_ field: Field, _ id: Int, _ before: ValueBefore, _ model: ModelSchema) {
        guard let old = before.value, let new = unit.cache(model).value(id, field.slot), old != new else { return }
        let change = RecordChange(id: id, field: field, old: old, new: new)
        unit.pending.computed.append(ComputedChange(model: model, change: change, env: before.env))
    }
}

/// A stored computed value before it had to be found again, and who made the change that led to it.
struct ValueBefore {
    /// Nil when the cache did not have it.
    let value: Value?
    let env: Environment
}

/// A stored computed value that changed.
struct ComputedChange {
    let model: ModelSchema
    let change: RecordChange
    let env: Environment
}

extension UnitOfWork {
    /// Tells of stored computed values that changed, until nothing that follows from it changes another.
    func reportComputed() throws {
        var rounds = 0
        while !pending.computed.isEmpty {
            rounds += 1
            guard rounds <= Environment.roundLimit else { throw Refusal.endlessComputing(pending.computed) }
            let changes = pending.computed
            pending.computed = []
            for group in UnitOfWork.grouped(changes) {
                guard let first = group.first else { continue }
                let records = Records(first.model, OrderedIds(group.map(\.change.id)).list, first.env)
                for observer in first.model.observers.recomputed { try observer.recomputed(records, changes: group.map(\.change)) }
            }
            try checkFailure()
            try flush()
        }
    }

    /// Changes of one model in one environment together, in the order in which they came.
    private static func grouped(_ changes: [ComputedChange]) -> [[ComputedChange]] {
        var groups: [[ComputedChange]] = []
        var places: [GroupKey: Int] = [:]
        for change in changes {
            let key = GroupKey(model: change.model.index, env: ObjectIdentifier(change.env))
            if let place = places[key] {
                groups[place].append(change)
            } else {
                places[key] = groups.count
                groups.append([change])
            }
        }
        return groups
    }

    private struct GroupKey: Hashable {
        let model: Int
        let env: ObjectIdentifier
    }
}

extension OrderedIds {
    init(_ ids: [Int]) {
        self.init()
        _ = add(ids)
    }
}

extension Refusal {
    static func endlessComputing(_ changes: [ComputedChange]) -> Refusal {
        let fields = Set(changes.map { $0.model.name + "." + $0.change.field.name }).sorted().joined(separator: ", ")
        let causes = Set(changes.flatMap { $0.env.cause?.chain ?? [] }).sorted().joined(separator: ", ")
        return Refusal(
            "record.endless_changes", .limit, "What follows from changes of \(fields) changes them again, without end.",
            instruction: causes.isEmpty ? "Look at what watches these fields." : "Look at what was at work: \(causes).")
    }
}
