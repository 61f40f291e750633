/// Access: asked here, once, for every door.
extension Environment {
    /// Whether the user's groups let it see a field; what a delegate brought along also asks for the right to read its model.
    public func canSee(_ field: Field) -> Bool {
        if isSuperuser || !field.isGuarded { return true }
        guard field.groups.isEmpty || field.groups.contains(where: user.isMember) else { return false }
        if let other = user.onlooker?.user, !field.groups.isEmpty, !field.groups.contains(where: other.isMember) { return false }
        let home = field.traits.delegatedTo
        return home.isEmpty || registry.model(home).map { allows(.read, on: $0) } ?? false
    }

    /// Whether the user may do something with a model at all.
    public func allows(_ operation: AccessOperation, on model: ModelSchema) -> Bool {
        if isSuperuser { return true }
        guard unit.policy.allows(operation, on: model.name, for: user) else { return false }
        guard operation == .read, let other = user.onlooker?.user else { return true }
        return unit.policy.allows(.read, on: model.name, for: other)
    }

    /// Refuses what the user may not do with a model at all.
    public func checkRight(_ operation: AccessOperation, on model: ModelSchema) throws {
        guard allows(operation, on: model) else { throw Refusal.noRight(operation, on: model) }
    }

    /// The records of a model that the user may reach, as a predicate; a refusal when the user has no right at all.
    public func accessPredicate(_ operation: AccessOperation, _ model: ModelSchema) throws -> Predicate {
        if isSuperuser { return .all }
        let key = AccessKey(model: model.index, operation: operation)
        if let known = decisions[key] { return known }
        try checkRight(operation, on: model)
        let predicate = try reach(operation, model)
        decisions[key] = predicate
        return predicate
    }

    /// The records that rules and owners leave to the user; for what a record carries, the rules of that hold too.
    private func reach(_ operation: AccessOperation, _ model: ModelSchema) throws -> Predicate {
        let domain = try unit.policy.domain(operation, on: model.name, for: user, names: DomainNames(self))
        let superuser = asSuperuser("a record rule says itself what it may look at")
        var predicate = try DomainResolver(env: superuser, model: model).resolve(domain)
        if let owner = model.owner { predicate = .both(predicate, try ownerPredicate(owner, of: model, operation)) }
        for link in model.delegates {
            let home = try reach(operation, try registry.requireModel(link.kind.comodel ?? ""))
            if case .all = home { continue }
            predicate = .both(predicate, .linked(link, home))
        }
        // Whoever looks through somebody else's eyes sees no patient whom they may not see themselves.
        if model.patientPath != nil, let other = user.onlooker?.user {
            predicate = .both(predicate, try Environment(unit: unit, user: other, context: [:]).accessPredicate(operation, model))
        }
        return predicate
    }

    /// What the record rules of a model itself say, its owners left out; nil where there are none.
    func ownRules(_ operation: AccessOperation, _ model: ModelSchema) throws -> Predicate? {
        let domain = try unit.policy.domain(operation, on: model.name, for: user, names: DomainNames(self))
        if case .all = domain { return nil }
        let superuser = asSuperuser("a record rule says itself what it may look at")
        return try DomainResolver(env: superuser, model: model).resolve(domain)
    }

    /// The records whose owner the user may read; records without an owner stay with those who made them.
    private func ownerPredicate(_ owner: OwnerLink, of model: ModelSchema, _ operation: AccessOperation) throws -> Predicate {
        let made = Predicate.compare(model.fields[ModelSchema.Slot.createdBy], .equal, .int(user.id))
        switch owner {
        case .link(let name):
            let field = try model.requireField(name)
            let comodel = try registry.requireModel(field.kind.comodel ?? "")
            return .linked(field, try accessPredicate(.read, comodel))
        case .reference(let modelName, let idName):
            let modelField = try model.requireField(modelName)
            let idField = try model.requireField(idName)
            var choices: [Predicate] = [.and([.unset(modelField), made])]
            var open: [Value] = []
            for other in registry.models where other !== model && allows(.read, on: other) {
                if other.owner != nil { continue }
                let reach = try accessPredicate(.read, other)
                if case .all = reach {
                    open.append(.text(other.name))
                } else {
                    choices.append(.owned(idField, modelField: modelField, other, reach))
                }
            }
            if !open.isEmpty { choices.append(.contained(modelField, open)) }
            return .or(choices)
        }
    }

    /// Those of the ids that the user may read.
    func visible(_ ids: [Int], in model: ModelSchema, for operation: AccessOperation = .read) throws -> [Int] {
        if isSuperuser || ids.isEmpty { return ids }
        let predicate = try accessPredicate(operation, model)
        if case .all = predicate { return ids }
        // What is known whole tells by itself whether it is in reach: that needs neither a flush nor a query of its own.
        if predicate.asksOwnColumnsOnly, let whole = try known(ids, in: model) {
            return try predicate.filter(whole, of: model, in: self)
        }
        try unit.flush()
        let idField = model.fields[ModelSchema.Slot.id]
        let chosen = Predicate.contained(idField, ids.map { .int($0) })
        let rows = try unit.transaction.search(SearchRequest(model: model, predicate: .both(chosen, predicate), order: []))
        let found = Set(rows.ids)
        return ids.filter(found.contains)
    }

    /// The most records that are read whole for finding out who may reach them; whoever asks goes on to read or write them.
    private static let wholeLimit = 100

    /// Those of the ids that exist, with their columns known, read where need be; nil when too many would have to be read.
    private func known(_ ids: [Int], in model: ModelSchema) throws -> [Int]? {
        let cache = unit.cache(model)
        let missing = ids.filter { !unit.isNewAndKnown($0, model) && cache.value($0, ModelSchema.Slot.createdOn) == nil }
        if missing.isEmpty { return ids }
        guard missing.count <= Environment.wholeLimit else { return nil }
        let rows = try unit.transaction.fetch(model, model.prefetched, ids: missing.filter { !unit.pending.isNew($0, in: model.index) })
        try fill(model, model.prefetched, rows)
        let gone = Set(missing).subtracting(rows.ids)
        return gone.isEmpty ? ids : ids.filter { !gone.contains($0) }
    }

    /// Refuses when one of the records is out of the user's reach.
    public func checkAccess(_ operation: AccessOperation, _ model: ModelSchema, _ ids: [Int]) throws {
        if isSuperuser { return }
        try checkRight(operation, on: model)
        let allowed = try visible(ids, in: model, for: operation)
        guard allowed.count < ids.count else { return }
        let seen = Set(allowed)
        let hidden = ids.filter { !seen.contains($0) }
        let superuser = asSuperuser("telling a missing record from a hidden one")
        let existing = try superuser.existing(hidden, in: model)
        if existing.isEmpty { throw Refusal.missingRecords(hidden, in: model.name) }
        throw Refusal.outOfReach(operation, on: model, ids: existing)
    }

    /// Those of the ids that exist.
    public func existing(_ ids: [Int], in model: ModelSchema) throws -> [Int] {
        if ids.isEmpty { return [] }
        let cache = unit.cache(model)
        // What was read in this unit of work, or made by it, is there.
        let pending = unit.pending
        let isKnown = { (id: Int) in pending.isNew(id, in: model.index) || cache.value(id, ModelSchema.Slot.createdOn) != nil }
        let stored = ids.filter { !isKnown($0) }
        var found = Set(stored.isEmpty ? [] : try unit.transaction.fetch(model, [], ids: stored).ids)
        for id in ids where isKnown(id) { found.insert(id) }
        return ids.filter(found.contains)
    }

    /// Makes sure that the user may read a record, asking for all records of the group at once.
    func makeVisible(_ id: Int, in group: RecordGroup) throws {
        let cache = unit.cache(group.model)
        if let row = cache.row(id), cache.isVisible(row, to: user.id) { return }
        var asked = [id]
        for other in group.ids where other != id && asked.count < RecordGroup.prefetchLimit {
            if let row = cache.row(other), cache.isVisible(row, to: user.id) { continue }
            asked.append(other)
        }
        let predicate = try accessPredicate(.read, group.model)
        var allowed = asked
        if case .all = predicate {} else { allowed = try visible(asked, in: group.model) }
        for seen in allowed { cache.markVisible(cache.makeRow(seen), to: user.id) }
        guard allowed.contains(id) else {
            try checkAccess(.read, group.model, [id])
            throw Refusal.missingRecords([id], in: group.model.name)
        }
    }

    /// Refuses fields that the user may not see.
    func checkFields(_ fields: [Field], of model: ModelSchema, _ operation: AccessOperation) throws {
        if isSuperuser { return }
        let hidden = fields.filter { !canSee($0) }
        guard hidden.isEmpty else { throw Refusal.hiddenFields(hidden.map(\.name), on: model, operation) }
    }
}
