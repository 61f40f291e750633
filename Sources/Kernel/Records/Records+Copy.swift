/// Copying, archiving and naming.
extension Records {
    /// The values that copies of the records would be made with.
    public func copyValues(_ overrides: ValueMap = [:]) throws -> [ValueMap] {
        let fields = model.fields.filter { field in
            field.traits.copied && field.slot > ModelSchema.Slot.version && env.canSee(field)
                && (!field.isComputed && field.traits.stored || field.traits.delegatedBy != nil)
        }
        return try ids.map { id in
            var values = ValueMap()
            for field in fields {
                let value = try value(id, field)
                if value.isNull { continue }
                if case .many2many = field.kind {
                    values[field.name] = .list([[6, 0, .ids(value.idList ?? [])]])
                } else {
                    values[field.name] = value
                }
            }
            if let name = model.field(model.nameField), case .text(let text)? = values[name.name], overrides[name.name] == nil {
                values[name.name] = .text(text + " (copy)")
            }
            try addLines(to: &values, of: id)
            return values.merging(overrides)
        }
    }

    /// Makes copies of the records, with some values of their own.
    public func copy(_ overrides: ValueMap = [:]) throws -> Records { try env.create(model, try copyValues(overrides)) }

    private func addLines(to values: inout ValueMap, of id: Int) throws {
        for field in model.fields where field.traits.copied && env.canSee(field) {
            guard case .one2many(_, let inverse) = field.kind, !field.isComputed else { continue }
            let lines = try only(id).related(field.name)
            let copies = try lines.copyValues().map { line in
                var line = line
                line[inverse] = nil
                return Value.list([0, 0, .map(line)])
            }
            if !copies.isEmpty { values[field.name] = .list(copies) }
        }
    }

    /// Archives or brings back the records.
    public func setActive(_ active: Bool) throws {
        _ = try model.requireField("active")
        try write(["active": .bool(active)])
    }

    /// Ids with the names that people see; a record out of reach is left out.
    public func names() throws -> [(id: Int, name: String)] {
        let field = model.fields[ModelSchema.Slot.displayName]
        return try ids.map { ($0, try value($0, field).textValue ?? "") }
    }
}

extension Environment {
    /// Records whose name matches a text.
    public func nameSearch(
        _ model: ModelSchema, _ text: String, domain: Domain = .all, comparison: DomainOperator = .ilike, limit: Int = 100
    ) throws -> Records {
        guard !text.isEmpty else { return try search(model, domain, limit: limit) }
        var named = Domain.none
        for name in model.searchFields where model.field(name) != nil { named = named | .where(name, comparison, .text(text)) }
        return try search(model, named & domain, limit: limit)
    }

    /// The name of one record that a link leads to, whoever may read the record itself.
    public func linkName(_ model: ModelSchema, _ id: Int) throws -> String {
        let superuser = asSuperuser("a link shows the name of its target")
        return try superuser.value(model, id, model.fields[ModelSchema.Slot.displayName]).textValue ?? ""
    }
}
