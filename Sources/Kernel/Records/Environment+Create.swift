/// Making records.
extension Environment {
    /// The most records that one call may make.
    public static let createLimit = 10_000

    /// Makes one record of a Swift model; what is not given gets its default.
    @discardableResult
    public func create<M: Model>(_ type: M.Type, _ values: ValueMap) throws -> Record<M> {
        let records = try create(registry.schema(type), [values])
        guard let id = records.ids.first else { preconditionFailure("one record was made") }
        return Record(id: id, records: records)
    }

    /// Makes records of a Swift model.
    @discardableResult
    public func create<M: Model>(_ type: M.Type, _ list: [ValueMap]) throws -> Recordset<M> {
        Recordset(try create(registry.schema(type), list))
    }

    /// Makes records: defaults, checks, links, computed values, chatter and trail, all in this unit of work.
    public func create(_ model: ModelSchema, _ list: [ValueMap]) throws -> Records {
        try checkRight(.create, on: model)
        guard list.count <= Environment.createLimit else {
            throw Refusal(
                "create.limit", .limit, "At most \(Environment.createLimit) records can be made in one call.",
                instruction: "Send them in parts.")
        }
        var given = list
        if let complete = model.lifecycle.beforeCreate { for index in given.indices { try complete(&given[index], self) } }
        var own = given
        if !model.delegates.isEmpty { try makeDelegates(&own, model) }
        var prepared = try own.map { try complete($0, for: model) }
        let ids = try unit.transaction.reserveIds(model, count: list.count)
        let records = Records(model, ids, self)
        unit.touch(model)
        unit.pending.addInsert(ids, model: model.index)
        for id in ids { _ = unit.cache(model).makeRow(id) }
        for (index, id) in ids.enumerated() { fillNew(id, prepared[index], model) }
        try markNew(ids, model)
        if !model.currencies.isEmpty { for (index, id) in ids.enumerated() { try roundNew(&prepared[index], of: id, in: model) } }
        for (index, id) in ids.enumerated() { try applyCommands(prepared[index], to: id, in: records) }
        for (index, id) in ids.enumerated() { try Records(model, [id], self).writeBack(prepared[index]) }
        try checkRequired(ids, model)
        if !model.companyChecked.isEmpty { try checkCompanies(of: records, written: nil) }
        try check(records, changed: nil)
        try checkCreated(records)
        try model.lifecycle.afterCreate?(records)
        auditCreate(records, prepared)
        for observer in model.observers.created { try observer.created(records, values: given) }
        try unit.checkFailure()
        return records
    }

    /// The defaults of fields, as a form or an import would start with them: the caller's, then the database's, then the model's own.
    public func defaults(of model: ModelSchema, for fields: [Field]) throws -> [(Field, Value)] {
        try defaults(for: fields, chosen: registry.directory.defaults(of: model, in: self))
    }

    private func defaults(for fields: [Field], chosen: [String: Value]) throws -> [(Field, Value)] {
        var result: [(Field, Value)] = []
        for field in fields {
            if let given = context["default_" + field.name] ?? chosen[field.name], canSee(field) {
                result.append((field, given))
                continue
            }
            switch field.traits.defaultValue {
            case .none: continue
            case .value(let value): result.append((field, value))
            case .computed(let body): result.append((field, try body(self)))
            }
        }
        return result
    }

    private func complete(_ values: ValueMap, for model: ModelSchema) throws -> [FieldValue] {
        var result: [FieldValue] = []
        result.reserveCapacity(values.entries.count + 8)
        var set = SlotSet()
        for entry in values.entries {
            let field = try model.requireField(entry.name)
            guard field.slot > ModelSchema.Slot.displayName else { continue }
            if set.contains(field.slot) { continue }
            set.insert(field.slot)
            result.append(FieldValue(field, try stored(entry.value, field, model)))
        }
        if !isSuperuser { try checkFields(result.map(\.field), of: model, .create) }
        var foreign = result
        let chosen = try registry.directory.defaults(of: model, in: self)
        func isForeign(_ field: Field) -> Bool { chosen[field.name] != nil || context["default_" + field.name] != nil }
        for (field, value) in try defaults(for: model.defaulted.filter { !set.contains($0.slot) }, chosen: chosen) {
            // What was declared for companies without a value of their own need not be written for one of them.
            if field.traits.isByCompany, !isForeign(field), case .value = field.traits.defaultValue { continue }
            let value = FieldValue(field, try stored(value, field, model))
            result.append(value)
            if isForeign(field) { foreign.append(value) }
        }
        if !context.isEmpty || !chosen.isEmpty {
            for field in model.fields where !set.contains(field.slot) && field.slot > ModelSchema.Slot.version {
                guard case .none = field.traits.defaultValue, let given = context["default_" + field.name] ?? chosen[field.name],
                    canSee(field)
                else { continue }
                let value = FieldValue(field, try stored(given, field, model))
                result.append(value)
                foreign.append(value)
            }
        }
        try checkCompany(result, model)
        try checkLinks(foreign, of: model)
        return result
    }

    /// The stored form of a given value; bytes are put away by content at once.
    func stored(_ value: Value, _ field: Field, _ model: ModelSchema) throws -> Value {
        let value = try field.normalised(value, in: model)
        if field.kind == .reference, let name = value.textValue?.prefix(while: { $0 != "," }), registry.model(String(name)) == nil {
            throw Refusal.badValue(field.name, in: model.name, expected: "model,id of a model that is there")
        }
        if field.traits.pictureSize.isLimited, case .bytes(let bytes) = value { return .bytes(try reduced(bytes, field, model)) }
        return value
    }

    private func fillNew(_ id: Int, _ values: [FieldValue], _ model: ModelSchema) {
        let cache = unit.cache(model)
        let row = cache.makeRow(id)
        for field in model.plainFields { cache[row, field.slot] = field.empty }
        cache[row, ModelSchema.Slot.createdBy] = .int(user.id)
        cache[row, ModelSchema.Slot.writtenBy] = .int(user.id)
        cache[row, ModelSchema.Slot.createdOn] = .instant(now)
        cache[row, ModelSchema.Slot.writtenOn] = .instant(now)
        cache[row, ModelSchema.Slot.version] = .int(1)
        for value in values where !value.field.kind.isToMany && (value.field.traits.stored || !value.field.isComputed) {
            guard value.field.slot > ModelSchema.Slot.version || isSuperuser else { continue }
            if value.field.isByCompany {
                Records(model, [id], self).setCompanyValues([value])
                continue
            }
            cache[row, value.field.slot] = value.value.isNull ? value.field.empty : value.value
        }
        if !isSuperuser { cache.markVisible(row, to: user.id) }
    }

    /// Everything that depends on anything of new records, and their own stored computed fields, must be computed.
    private func markNew(_ ids: [Int], _ model: ModelSchema) throws {
        let cache = unit.cache(model)
        for field in model.fields where field.isStoredComputed {
            let unset = ids.filter { cache.value($0, field.slot) == nil }
            if !unset.isEmpty {
                _ = unit.pending.computations[ComputationKey(model: model.index, slot: field.slot), default: OrderedIds()].add(unset)
            }
        }
        for field in model.fields where field.isLink && field.hasColumn { hangIntoLists(field, ids, model) }
        try modified(model.fields.filter { !model.triggers[$0.slot].isEmpty }, of: ids, in: model)
    }

    private func checkRequired(_ ids: [Int], _ model: ModelSchema) throws {
        let cache = unit.cache(model)
        for id in ids {
            let missing = model.requiredFields.filter { cache.value(id, $0.slot).map { $0.isNull || $0 == .text("") } ?? !$0.isComputed }
            if !missing.isEmpty { throw Refusal.missingRequired(missing.map(\.name), in: model.name) }
        }
    }

    private func checkCreated(_ records: Records) throws {
        if isSuperuser { return }
        if case .reference(let model, let id) = records.model.owner { return try checkOwners(records, model, id) }
        if case .all = try accessPredicate(.create, records.model) { return }
        let allowed = try visible(records.ids, in: records.model, for: .create)
        if allowed.count < records.count { throw Refusal.outOfReach(.create, on: records.model, ids: []) }
    }

    /// The same for records that belong to others of any model: the owners are asked by name, instead of all that the user may read of all models.
    private func checkOwners(_ records: Records, _ modelName: String, _ idName: String) throws {
        let model = records.model
        try checkRight(.create, on: model)
        let rule = try ownRules(.create, model)
        let superuser = records.with(asSuperuser("whose record it is is asked whoever made it"))
        var owners: [String: [Int]] = [:]
        for id in records.ids {
            // Without an owner it stays with whoever made it, and that is this user.
            guard let name = try superuser.value(id, modelName).textValue, !name.isEmpty else { continue }
            owners[name, default: []].append(try superuser.value(id, idName).intValue ?? 0)
        }
        var isAllowed = try rule.map { try filter($0, records) } ?? true
        for (name, ids) in owners.sorted(by: { $0.key < $1.key }) where isAllowed {
            guard let owner = registry.model(name), owner.owner == nil, owner !== model, allows(.read, on: owner) else {
                isAllowed = false
                break
            }
            let asked = Array(Set(ids)).sorted()
            isAllowed = try visible(asked, in: owner).count == asked.count
        }
        if !isAllowed { throw Refusal.outOfReach(.create, on: model, ids: []) }
    }

    /// Whether all of the new records meet a predicate.
    private func filter(_ predicate: Predicate, _ records: Records) throws -> Bool {
        if predicate.asksOwnColumnsOnly { return try predicate.filter(records.ids, of: records.model, in: self).count == records.count }
        try unit.flush()
        let idField = records.model.fields[ModelSchema.Slot.id]
        let chosen = Predicate.contained(idField, records.ids.map { .int($0) })
        return try unit.transaction.count(records.model, .both(chosen, predicate), limit: 0) == records.count
    }

    /// Refuses a company that is not among the user's.
    func checkCompany(_ values: [FieldValue], _ model: ModelSchema) throws {
        if isSuperuser { return }
        for value in values where value.field.name == "company_id" && value.field.kind.comodel == "res.company" {
            if let id = value.value.intValue, !companyIds.contains(id) { throw Refusal.wrongCompanies() }
        }
    }

    private func auditCreate(_ records: Records, _ values: [[FieldValue]]) {
        if records.model.isTrail { return }
        for (index, id) in records.ids.enumerated() {
            note(.create, records.model, [id], auditDetail(values[index]))
        }
    }

    /// Field values as the trail keeps them: secrets and bytes are left out.
    func auditDetail(_ values: [FieldValue]) -> ValueMap {
        var map = ValueMap()
        map.entries.reserveCapacity(values.count)
        for value in values where !value.field.isSecret { map.entries.append(ValueMap.Entry(value.field.name, value.value)) }
        return map
    }
}

/// A field with a value for it.
struct FieldValue {
    let field: Field
    let value: Value

    init(_ field: Field, _ value: Value) {
        self.field = field
        self.value = value
    }
}
