import Kernel

extension SQLCompiler {
    /// Adds: at least one record that the relation leads to meets the inside.
    ///
    /// Written as `IN (SELECT …)`: the inner select does not depend on the outer row, so that it runs once.
    mutating func linked(_ field: Field, _ inside: Predicate, of model: ModelSchema, _ alias: String) throws {
        switch field.kind {
        case .many2one(let target, _): try throughMany2one(field, try registry.requireModel(target), inside, alias)
        case .one2many(let target, let inverse):
            let lines = try registry.requireModel(target)
            try throughOne2many(lines, try lines.requireField(inverse), inside, of: model, alias)
        case .many2many(let target, let relation):
            try throughMany2many(relation, try registry.requireModel(target), inside, alias)
        default: throw Refusal.unknownField(field.name, in: model.name)
        }
    }

    private mutating func throughMany2one(_ field: Field, _ target: ModelSchema, _ inside: Predicate, _ alias: String) throws {
        let name = column(field, alias)
        if case .all = inside { return text += name + " IS NOT NULL" }
        if let ids = idsOnly(inside) { return member(name, ids, .integer) }
        text += name + " IN ("
        try selectIds(of: target, inside)
        text += ")"
    }

    private mutating func throughOne2many(
        _ lines: ModelSchema, _ inverse: Field, _ inside: Predicate, of model: ModelSchema, _ alias: String
    ) throws {
        let inner = self.alias()
        text += alias + ".\"id\" IN (SELECT " + column(inverse, inner) + " FROM \"" + lines.table + "\" " + inner
        text += " WHERE " + column(inverse, inner) + " IS NOT NULL AND "
        if case .many2oneReference(let modelField) = inverse.kind {
            text += column(try lines.requireField(modelField), inner) + " = "
            bind(.text(model.name))
            text += " AND "
        }
        try condition(inside, of: lines, inner)
        text += ")"
    }

    private mutating func throughMany2many(_ relation: LinkTable, _ target: ModelSchema, _ inside: Predicate, _ alias: String) throws {
        let inner = self.alias()
        let other = inner + ".\"" + relation.other + "\""
        text += alias + ".\"id\" IN (SELECT " + inner + ".\"" + relation.own + "\" FROM \"" + relation.table + "\" " + inner
        if case .all = inside { return text += ")" }
        text += " WHERE "
        if let ids = idsOnly(inside) {
            member(other, ids, .integer)
        } else {
            text += other + " IN ("
            try selectIds(of: target, inside)
            text += ")"
        }
        text += ")"
    }

    /// Adds: the record belongs to one of the owner's records that meet the inside.
    mutating func owned(_ field: Field, _ modelField: Field, _ owner: ModelSchema, _ inside: Predicate, _ alias: String) throws {
        text += "(" + column(modelField, alias) + " = "
        bind(.text(owner.name))
        // Asked by id for each row: the list of all owners in reach would be made anew for each statement.
        let inner = self.alias()
        text += " AND EXISTS (SELECT 1 FROM \"" + owner.table + "\" " + inner + " WHERE " + inner + ".\"id\" = " + column(field, alias)
        text += " AND ("
        try condition(inside, of: owner, inner)
        text += ")))"
    }

    /// The ids of an inside that asks for nothing but ids.
    private func idsOnly(_ inside: Predicate) -> [Value]? {
        switch inside {
        case .compare(let field, .equal, let value) where field.slot == ModelSchema.Slot.id: [value]
        case .contained(let field, let values) where field.slot == ModelSchema.Slot.id: values
        default: nil
        }
    }

    private mutating func selectIds(of model: ModelSchema, _ predicate: Predicate) throws {
        let inner = alias()
        text += "SELECT " + inner + ".\"id\" FROM \"" + model.table + "\" " + inner + " WHERE "
        try condition(predicate, of: model, inner)
    }

    /// Adds: the record, or the one that a many2one leads to, lies in the trees below or above the ids.
    mutating func inTree(
        _ field: Field, _ ids: [Int], _ direction: Predicate.TreeDirection, _ parent: Field, of model: ModelSchema, _ alias: String
    ) throws {
        guard !ids.isEmpty else { return text += dialect.literal(false) }
        let tree = try field.kind.comodel.map { try registry.requireModel($0) } ?? model
        let (branch, node) = (self.alias(), self.alias())
        text += column(field, alias) + " IN (WITH RECURSIVE " + branch + "(id, depth) AS (SELECT " + node + ".\"id\", 0 FROM \""
        text += tree.table + "\" " + node + " WHERE "
        member(node + ".\"id\"", ids: ids)
        switch direction {
        case .down:
            text += " UNION SELECT n.\"id\", depth + 1 FROM " + branch + " JOIN \"" + tree.table + "\" n ON n.\"" + parent.name
            text += "\" = " + branch + ".id"
        case .up:
            text += " UNION SELECT n.\"" + parent.name + "\", depth + 1 FROM " + branch + " JOIN \"" + tree.table + "\" n ON n.\"id\" = "
            text += branch + ".id AND n.\"" + parent.name + "\" IS NOT NULL"
        }
        text += " WHERE depth < " + String(SQLCompiler.treeDepthLimit) + ") SELECT id FROM " + branch + ")"
    }
}
