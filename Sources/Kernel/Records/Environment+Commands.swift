/// Writing lists of related records by Odoo's commands.
extension Environment {
    /// The most commands in one value.
    static let commandLimit = 10_000

    /// Carries out the commands for one2many and many2many fields of one record.
    func applyCommands(_ values: [FieldValue], to id: Int, in records: Records) throws {
        for value in values where value.field.kind.isToMany && value.field.traits.inverse == nil && value.field.traits.delegatedBy == nil {
            let commands = try Command.list(value.value, for: value.field, in: records.model)
            switch value.field.kind {
            case .one2many(let target, let inverse):
                try applyLines(commands, value.field, try registry.requireModel(target), inverse, id, records.model)
            case .many2many(let target, let relation):
                try applyLinks(commands, value.field, try registry.requireModel(target), relation, id, records.model)
            default: break
            }
        }
    }

    private func applyLines(
        _ commands: [Command], _ field: Field, _ target: ModelSchema, _ inverse: String, _ id: Int, _ model: ModelSchema
    ) throws {
        let back = try target.requireField(inverse)
        var fresh: [ValueMap] = []
        for command in commands {
            switch command {
            case .create(var values):
                values[inverse] = .int(id)
                if case .many2oneReference(let modelField) = back.kind { values[modelField] = .text(model.name) }
                fresh.append(values)
            case .update(let line, let values): try Records(target, [line], self).write(values)
            case .delete(let line): try Records(target, [line], self).unlink()
            case .unlink(let line): try release([line], back, target)
            case .link(let line): try Records(target, [line], self).write([inverse: .int(id)])
            case .clear: try release(try lines(field, id, model), back, target)
            case .set(let wanted):
                let present = try lines(field, id, model)
                try release(present.filter { !wanted.contains($0) }, back, target)
                let missing = wanted.filter { !present.contains($0) }
                try Records(target, missing, self).write([inverse: .int(id)])
            }
        }
        if !fresh.isEmpty { _ = try create(target, fresh) }
    }

    private func lines(_ field: Field, _ id: Int, _ model: ModelSchema) throws -> [Int] {
        try Records(model, [id], self).value(id, field).idList ?? []
    }

    /// Lines that leave their list lose the link, or go when they cannot be without it.
    private func release(_ lines: [Int], _ back: Field, _ target: ModelSchema) throws {
        if lines.isEmpty { return }
        let records = Records(target, lines, self)
        if case .many2one(_, .cascade) = back.kind { return try records.unlink() }
        if back.traits.required { return try records.unlink() }
        try records.write([back.name: .null])
    }

    private func applyLinks(
        _ commands: [Command], _ field: Field, _ target: ModelSchema, _ relation: LinkTable, _ id: Int, _ model: ModelSchema
    ) throws {
        if commands.isEmpty { return }
        let superuser = asSuperuser("links are compared whoever writes them")
        let before = try superuser.value(model, id, field).idList ?? []
        var after = OrderedIds()
        _ = after.add(before)
        // What the user cannot see stays when a list is replaced.
        let seen = isSuperuser ? before : try value(model, id, field).idList ?? []
        let kept = seen.count == before.count ? [] : before.filter { !seen.contains($0) }
        for command in commands {
            switch command {
            case .create(let values): _ = after.add(try create(target, [values]).ids)
            case .update(let other, let values): try Records(target, [other], self).write(values)
            case .delete(let other):
                after.remove([other])
                try Records(target, [other], self).unlink()
            case .unlink(let other): after.remove([other])
            case .link(let other): _ = after.add([other])
            case .clear:
                after = OrderedIds()
                _ = after.add(kept)
            case .set(let wanted):
                after = OrderedIds()
                _ = after.add(kept)
                _ = after.add(wanted)
            }
        }
        try store(links: before, after.list, field, target, relation, id, model)
    }

    private func store(
        links before: [Int], _ after: [Int], _ field: Field, _ target: ModelSchema, _ relation: LinkTable, _ id: Int, _ model: ModelSchema
    ) throws {
        let had = Set(before)
        let has = Set(after)
        let added = after.filter { !had.contains($0) }
        let removed = before.filter { !has.contains($0) }
        if added.isEmpty && removed.isEmpty { return }
        if !isSuperuser { try checkAccess(.read, target, added) }
        try unit.flush()
        try modified([field], of: [id], in: model)
        if !removed.isEmpty { try unit.transaction.removeLinks(relation, removed.map { (id, $0) }) }
        if !added.isEmpty { try unit.transaction.addLinks(relation, added.map { (id, $0) }) }
        unit.touch(model)
        unit.cache(model).set(id, field.slot, .ids(after))
        forgetOtherSide(relation, target, added + removed)
        try modified([field], of: [id], in: model)
    }

    private func forgetOtherSide(_ relation: LinkTable, _ target: ModelSchema, _ ids: [Int]) {
        guard let cache = unit.existingCache(target) else { return }
        for field in target.fields {
            if case .many2many(_, let other) = field.kind, other.table == relation.table { cache.forget(field.slot, of: ids) }
        }
    }
}

/// One change of a list of related records.
///
/// Source: Odoo developer documentation, “Command”: `[0, 0, values]` to `[6, 0, ids]`.
enum Command {
    case create(ValueMap)
    case update(Int, ValueMap)
    case delete(Int)
    case unlink(Int)
    case link(Int)
    case clear
    case set([Int])

    /// The commands in a value: a list of commands, or a plain list of ids, which replaces what is there.
    static func list(_ value: Value, for field: Field, in model: ModelSchema) throws -> [Command] {
        switch value {
        case .null, .bool(false): return []
        case .ids(let ids): return [.set(ids)]
        default: break
        }
        guard let items = value.listValue, items.count <= Environment.commandLimit else {
            throw Refusal.badValue(field.name, in: model.name, expected: "a list of at most \(Environment.commandLimit) commands")
        }
        if let ids = value.idList { return [.set(ids)] }
        return try items.map { item in
            guard let command = item.listValue.flatMap(Command.init) else {
                throw Refusal.badValue(field.name, in: model.name, expected: "a list of commands such as [0, 0, values] or [6, 0, ids]")
            }
            return command
        }
    }

    init?(_ parts: [Value]) {
        guard let code = parts.first?.intValue else { return nil }
        let id = parts.count > 1 ? parts[1].intValue : nil
        let last = parts.count > 2 ? parts[2] : .null
        switch (code, id) {
        case (0, _):
            guard let values = last.mapValue else { return nil }
            self = .create(values)
        case (1, let id?):
            guard let values = last.mapValue else { return nil }
            self = .update(id, values)
        case (2, let id?): self = .delete(id)
        case (3, let id?): self = .unlink(id)
        case (4, let id?): self = .link(id)
        case (5, _): self = .clear
        case (6, _):
            guard let ids = last.idList else { return nil }
            self = .set(ids)
        default: return nil
        }
    }
}
