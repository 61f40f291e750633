/// Values that differ by company: those that a unit of work knows, and those that it has still to write.
///
/// Nothing is kept here by units of work that touch no such field.
struct CompanyValues {
    /// A field of a model, as one company has it.
    struct Key: Hashable {
        let model: Int
        let slot: Int
        let company: Int
    }

    private var known: [Key: [Int: Value]] = [:]
    private(set) var changed: [Key: OrderedIds] = [:]

    var hasChanges: Bool { !changed.isEmpty }

    subscript(key: Key, id: Int) -> Value? { known[key]?[id] }

    mutating func learn(_ value: Value, _ key: Key, of id: Int) { known[key, default: [:]][id] = value }

    mutating func change(_ value: Value, _ key: Key, of id: Int) {
        known[key, default: [:]][id] = value
        _ = changed[key, default: OrderedIds()].add([id])
    }

    /// Forgets a computed field of all companies.
    mutating func forget(_ field: Field, of model: ModelSchema) {
        if known.isEmpty { return }
        for key in Array(known.keys) where key.model == model.index && key.slot == field.slot { known[key] = nil }
    }

    /// Forgets records that are gone, and what linked to them.
    mutating func forget(_ ids: [Int], of model: ModelSchema, _ registry: Registry) {
        if known.isEmpty { return }
        for key in Array(known.keys) {
            if key.model == model.index {
                for id in ids { known[key]?[id] = nil }
                changed[key]?.remove(ids)
            }
            // The store has let go of the links, by the rule of each.
            if registry.models[key.model].fields[key.slot].kind.comodel == model.name { known[key] = nil }
        }
    }

    mutating func takeChanges() -> [(key: Key, ids: [Int])] {
        defer { changed = [:] }
        return changed.map { ($0.key, $0.value.list) }.sorted { left, right in
            (left.0.model, left.0.slot, left.0.company) < (right.0.model, right.0.slot, right.0.company)
        }
    }
}

extension Environment {
    /// The value of a field as the current company has it, or as the company of the field in a condition.
    func companyValue(_ id: Int, _ field: Field, in group: RecordGroup) throws -> Value {
        let model = group.model
        if !isSuperuser { try makeVisible(id, in: group) }
        if model.patientPath != nil { notePatientRead(model, id) }
        let company = field.companyId ?? companyId
        let key = CompanyValues.Key(model: model.index, slot: field.slot, company: company)
        if let known = unit.byCompany[key, id] { return known }
        var ids = [id]
        for other in group.ids where other != id && ids.count < RecordGroup.prefetchLimit && unit.byCompany[key, other] == nil {
            ids.append(other)
        }
        guard field.traits.isByCompany else { return try computeForCompany(id, field, ids, key, model) }
        if unit.cache(model).row(id) == nil, try existing([id], in: model).isEmpty { throw Refusal.missingRecords([id], in: model.name) }
        let fallback = field.fallback.isNull ? field.empty : field.fallback
        for other in ids { unit.byCompany.learn(fallback, key, of: other) }
        let stored = ids.filter { !unit.pending.isNew($0, in: model.index) }
        for (other, value) in try unit.transaction.companyValues(model, field, company: company, ids: stored) {
            unit.byCompany.learn(value.isNull ? field.empty : value, key, of: other)
        }
        return unit.byCompany[key, id] ?? fallback
    }

    private func computeForCompany(
        _ id: Int, _ field: Field, _ ids: [Int], _ key: CompanyValues.Key, _ model: ModelSchema
    ) throws -> Value {
        let companies = [key.company] + companyIds.filter { $0 != key.company }
        let superuser = Environment(unit: unit, user: user, context: context, isSuperuser: true, companyIds: companies, cause: cause)
        let values = try model.compute(field, Records(model, ids, superuser))
        for (index, other) in ids.enumerated() { unit.byCompany.learn(values[index], key, of: other) }
        return values[0]
    }

    /// Forgets values found from those of companies, and what is found from them.
    func forgetByCompany(_ field: Field, _ model: ModelSchema) {
        unit.byCompany.forget(field, of: model)
        for trigger in model.triggers[field.slot] where trigger.field !== field { forgetByCompany(trigger.field, trigger.model) }
    }
}

extension Records {
    /// Puts values for the current company aside, to be written with the rest.
    func setCompanyValues(_ values: [FieldValue]) {
        for value in values {
            let key = CompanyValues.Key(model: model.index, slot: value.field.slot, company: env.companyId)
            for id in ids { env.unit.byCompany.change(value.value.isNull ? value.field.empty : value.value, key, of: id) }
        }
    }
}

extension UnitOfWork {
    /// Writes values that differ by company.
    func writeCompanyValues() throws {
        if !byCompany.hasChanges { return }
        for (key, ids) in byCompany.takeChanges() {
            let model = registry.models[key.model]
            let rows = ids.map { (id: $0, value: byCompany[key, $0] ?? .null) }
            try transaction.setCompanyValues(model, model.fields[key.slot], company: key.company, rows)
        }
    }
}
