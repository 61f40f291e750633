/// Writing what waits.
extension UnitOfWork {
    /// Computes what waits and brings the tables up to date; searches call it first, and the commit.
    public func flush() throws {
        if pending.isEmpty, !byCompany.hasChanges { return }
        if isFlushing {
            // A computation that searches must find what this unit has made and changed so far; what is still to be computed follows.
            try writeAll()
            return
        }
        isFlushing = true
        defer { isFlushing = false }
        var rounds = 0
        while !pending.computations.isEmpty {
            rounds += 1
            guard rounds <= Environment.roundLimit else {
                throw Refusal("record.computation_cycle", .internalFault, "Computed fields depend on each other in a circle.")
            }
            try computeAll()
        }
        try writeAll()
    }

    private func writeAll() throws {
        try writeInserts()
        try writeUpdates()
        try writeCompanyValues()
    }

    private func computeAll() throws {
        let env = Environment(unit: self, user: .system, isSuperuser: true)
        for key in pending.computations.keys.sorted(by: { ($0.model, $0.slot) < ($1.model, $1.slot) }) {
            guard let waiting = pending.computations[key], !waiting.isEmpty else {
                pending.computations[key] = nil
                continue
            }
            let model = registry.models[key.model]
            try env.compute(model.fields[key.slot], waiting.list, in: model)
        }
    }

    private func writeInserts() throws {
        let inserts = pending.inserts
        if inserts.isEmpty { return }
        pending.inserts = []
        for (index, ids) in inserts {
            let model = registry.models[index]
            let cache = cache(model)
            var rows: [[Value]] = []
            rows.reserveCapacity(ids.count)
            for id in ids {
                guard let row = cache.row(id), pending.isNew(id, in: index) else { continue }
                rows.append(try model.columns.map { try column(cache[row, $0.slot] ?? .null, $0) })
            }
            if !rows.isEmpty { try transaction.insert(model, model.columns, rows: rows) }
            pending.newIds[index]?.subtract(ids)
        }
    }

    private func writeUpdates() throws {
        let updates = pending.updates
        if updates.isEmpty { return }
        pending.updates = [:]
        for (index, byId) in updates.sorted(by: { $0.key < $1.key }) {
            let model = registry.models[index]
            let cache = cache(model)
            var bySlots: [SlotSet: [Int]] = [:]
            for (id, slots) in byId { bySlots[slots, default: []].append(id) }
            for (slots, ids) in bySlots {
                let fields = model.columns.filter { slots.contains($0.slot) }
                if fields.isEmpty { continue }
                let sorted = ids.sorted()
                let rows = try sorted.map { id in try fields.map { try column(cache.value(id, $0.slot) ?? .null, $0) } }
                try transaction.update(model, fields, ids: sorted, rows: rows)
                // The statement counts it up; what is not known is read when somebody asks.
                for id in sorted {
                    guard let version = cache.value(id, ModelSchema.Slot.version)?.intValue else { continue }
                    cache.set(id, ModelSchema.Slot.version, .int(version + 1))
                }
            }
        }
    }

    /// The column's value: bytes become the digest under which they are kept.
    private func column(_ value: Value, _ field: Field) throws -> Value {
        guard case .binary = field.kind, !field.traits.isInline else { return value }
        switch value {
        case .bytes(let bytes): return .text(try transaction.storeContent(bytes))
        default: return .null
        }
    }
}
