extension DomainResolver {
    /// A many2one against ids, names and patterns of names.
    func link(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        if let values = members(comparison, value) {
            let sorted = try Targets(values, condition)
            var parts: [Predicate] = [.oneOf(field, DomainResolver.unique(sorted.ids))]
            if !sorted.names.isEmpty { parts.append(try named(field, .in, .list(sorted.names))) }
            if sorted.wantsUnset { parts.append(.unset(field)) }
            return Resolved(predicate: .either(parts), matchesUnset: sorted.wantsUnset)
        }
        if comparison.pattern != nil { return try patterned(field, comparison, value, set: Predicate.unset(field).negated, condition) }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        guard case .int(let id) = value else { throw condition.invalidValue("an id") }
        return Resolved(predicate: .compare(field, ordering, .int(id)), matchesUnset: false)
    }

    /// Several links against ids, names and patterns: at least one of them meets the condition.
    func links(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        let comodel = try relatedModel(field, condition)
        if let values = members(comparison, value) {
            let sorted = try Targets(values, condition)
            var parts: [Predicate] = []
            if !sorted.ids.isEmpty {
                parts.append(.linked(field, .oneOf(comodel.fields[ModelSchema.Slot.id], DomainResolver.unique(sorted.ids))))
            }
            if !sorted.names.isEmpty { parts.append(try named(field, .in, .list(sorted.names))) }
            if sorted.wantsUnset { parts.append(.not(.linked(field, .all))) }
            return Resolved(predicate: .either(parts), matchesUnset: sorted.wantsUnset)
        }
        guard comparison.pattern != nil else { throw condition.invalidOperator }
        return try patterned(field, comparison, value, set: .linked(field, .all), condition)
    }

    private func patterned(
        _ field: Field, _ comparison: DomainOperator, _ value: Value, set: Predicate, _ condition: FieldCondition
    ) throws -> Resolved {
        guard value.isUnsetMarker else {
            guard let text = value.plainText else { throw condition.invalidValue("a text") }
            return Resolved(predicate: try named(field, comparison, .text(text)), matchesUnset: false)
        }
        // An empty pattern asks whether anything is linked; an empty whole pattern, whether nothing is.
        let isWhole = comparison.pattern?.isWhole ?? false
        return Resolved(predicate: isWhole ? set.negated : set, matchesUnset: isWhole)
    }

    private func relatedModel(_ field: Field, _ condition: FieldCondition) throws -> ModelSchema {
        guard let name = field.kind.comodel else { throw condition.invalidOperator }
        return try env.registry.requireModel(name)
    }

    /// `child_of` and `parent_of`: the records of trees, or records linked to them.
    func tree(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        let isOwn = field.slot == ModelSchema.Slot.id
        let comodel = isOwn ? model : try relatedModel(field, condition)
        guard let parent = comodel.field(comodel.parentField), parent.hasColumn, parent.kind.comodel == comodel.name else {
            throw condition.invalidOperator
        }
        let ids = try roots(value, in: comodel, condition)
        guard !ids.isEmpty else { return .none }
        let direction: Predicate.TreeDirection = comparison == .childOf ? .down : .up
        let predicate: Predicate
        if field.kind.isToMany {
            predicate = .linked(field, .inTree(comodel.fields[ModelSchema.Slot.id], ids, direction: direction, parent: parent))
        } else {
            predicate = .inTree(field, ids, direction: direction, parent: parent)
        }
        return Resolved(predicate: predicate, matchesUnset: false)
    }

    /// Where the trees begin: ids as they are, and the records with a name like the given ones.
    private func roots(_ value: Value, in comodel: ModelSchema, _ condition: FieldCondition) throws -> [Int] {
        let sorted = try Targets(value.listValue ?? [value], condition)
        var ids = sorted.ids.compactMap(\.intValue)
        for name in sorted.names {
            let named = Domain.condition("display_name", .ilike, name)
            ids += try env.search(comodel, named, order: nil, offset: 0, limit: Domain.Limits.values).ids
        }
        return Set(ids).sorted()
    }
}

/// What a relation is compared with, by sort.
private struct Targets {
    var ids: [Value] = []
    var names: [Value] = []
    var wantsUnset = false

    init(_ values: [Value], _ condition: FieldCondition) throws {
        for value in values {
            if value.isUnsetMarker {
                wantsUnset = true
            } else if case .text = value {
                names.append(value)
            } else if let id = value.intValue {
                ids.append(.int(id))
            } else {
                throw condition.invalidValue("ids or names")
            }
        }
    }
}
