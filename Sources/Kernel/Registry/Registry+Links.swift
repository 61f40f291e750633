extension Registry {
    /// Resolves what fields name in other models: relation tables, inverse fields, dependencies; and refuses what does not exist.
    func link() throws {
        for model in models {
            for field in model.fields { try resolve(field, of: model) }
            model.columns = model.fields.filter(\.hasColumn)
            model.plainFields = model.fields.filter {
                $0.slot != ModelSchema.Slot.id && $0.slot != ModelSchema.Slot.displayName && !$0.isComputed && !$0.isByCompany
            }
            for field in model.fields where field.traits.isByCompany { try keepByCompany(field, of: model) }
            model.defaulted = model.fields.filter { field in
                if case .none = field.traits.defaultValue { return false }
                return field.slot > ModelSchema.Slot.version
            }
            model.requiredFields = model.fields.filter {
                $0.traits.required && !$0.kind.isNumber && $0.kind != .boolean && !$0.kind.isToMany
            }
            model.references = model.fields.compactMap { field in
                guard case .many2oneReference(let name) = field.kind else { return nil }
                return model.field(name).map { (field, $0) }
            }
            model.triggers = Array(repeating: [], count: model.fields.count)
        }
        for model in models { readTraits(of: model) }
        for model in models {
            model.lists = model.fields.map { field in
                guard case .many2one(let target, _) = field.kind, let other = modelsByName[target] else { return [] }
                return other.fields.filter { $0.kind == .one2many(model.name, inverse: field.name) }.map(\.slot)
            }
            try checkNames(of: model)
            for field in model.fields { try addTriggers(for: field, of: model) }
        }
        for model in models where model.hasCompanyValues {
            for field in model.fields where field.traits.isByCompany { try spreadCompanies(from: field, of: model) }
        }
    }

    private func resolve(_ field: Field, of model: ModelSchema) throws {
        switch field.kind {
        case .many2many(let target, var relation):
            let other = try comodel(target, of: field, in: model)
            if relation.table.isEmpty {
                let sides = [model.table, other.table].sorted()
                relation.table = sides[0] + "_" + sides[1] + "_rel"
                if model.name == other.name { relation.table = model.table + "_" + field.name + "_rel" }
            }
            if relation.own.isEmpty { relation.own = model.table + "_id" }
            if relation.other.isEmpty { relation.other = model.name == other.name ? "other_id" : other.table + "_id" }
            field.kind = .many2many(target, relation: relation)
        case .one2many(let target, let inverse):
            let other = try comodel(target, of: field, in: model)
            let name = field.findInverse?(other) ?? inverse
            if try other.requireField(name).traits.isByCompany {
                throw Refusal.byCompany(field, model, "cannot list records by '\(name)', which differs by company")
            }
            field.kind = .one2many(target, inverse: name)
        case .many2one(let target, _): _ = try comodel(target, of: field, in: model)
        default: break
        }
    }

    private func comodel(_ name: String, of field: Field, in model: ModelSchema) throws -> ModelSchema {
        guard let other = modelsByName[name] else {
            throw Refusal(
                "registry.unknown_comodel", .invalid,
                "The field '\(field.name)' of '\(model.name)' links to '\(name)', which does not exist.",
                instruction: "Install the app that has it, or name another model.")
        }
        return other
    }

    private func checkNames(of model: ModelSchema) throws {
        for constraint in model.constraints { for name in constraint.fields { _ = try model.requireField(name) } }
        for unique in model.unique { for name in unique.fields { _ = try model.requireField(name) } }
        for names in model.indexes { for name in names { _ = try model.requireField(name) } }
        if let path = model.patientPath, path != "id" { _ = try walk(path, from: model) }
    }

    /// The fields along a dotted path.
    public func walk(_ path: String, from model: ModelSchema) throws -> [Field] {
        var current = model
        var fields: [Field] = []
        let names = path.split(separator: ".").map(String.init)
        for (index, name) in names.enumerated() {
            let field = try current.requireField(name)
            fields.append(field)
            guard index + 1 < names.count else { break }
            guard let next = field.kind.comodel else { throw Refusal.unknownField(names[index + 1], in: current.name + "." + name) }
            current = try requireModel(next)
        }
        return fields
    }

    private func addTriggers(for field: Field, of model: ModelSchema) throws {
        for dependency in dependencies(of: field, in: model) {
            let path = try walk(dependency, from: model)
            var current = model
            var steps: [TriggerStep] = []
            for step in path {
                current.triggers[step.slot].append(Trigger(model: model, field: field, path: steps))
                steps.append(TriggerStep(model: current, field: step))
                if case .one2many(let target, let inverse) = step.kind {
                    // The list also changes when a line is hung elsewhere.
                    let lines = try requireModel(target)
                    let back = try lines.requireField(inverse)
                    lines.triggers[back.slot].append(Trigger(model: model, field: field, path: steps))
                }
                if let next = step.kind.comodel { current = try requireModel(next) }
            }
        }
    }

    private func dependencies(of field: Field, in model: ModelSchema) -> [String] {
        // An amount is rounded by its currency.
        let currency = field.isComputed ? model.currencies[field.slot].map { [$0.name] } ?? [] : []
        if let compute = field.traits.compute { return compute.dependencies + currency.filter { !compute.dependencies.contains($0) } }
        if let related = field.traits.related { return [related] + currency }
        guard field.slot == ModelSchema.Slot.displayName, let name = model.field(model.nameField) else { return [] }
        return [name.name]
    }
}

extension Registry {
    /// Models whose records the database changes by itself when a record of this one is deleted: they forget who made or changed them, or
    /// what they held for a company.
    package func marked(by model: ModelSchema) -> [ModelSchema] {
        models.filter { other in
            other.fields[ModelSchema.Slot.createdBy].kind.comodel == model.name || other.hasCompanyValues && model.name == "res.company"
        }
    }
}
