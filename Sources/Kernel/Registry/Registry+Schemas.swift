extension Registry {
    /// Reads a model's declaration into a schema.
    static func schema<M: Model>(of type: M.Type, app: String) throws -> ModelSchema {
        let schema = ModelSchema(
            name: M.name, title: M.title, app: app, order: M.order, nameField: M.nameField, searchFields: M.searchFields,
            parentField: M.parentField, hasChatter: M.hasChatter, patientPath: M.patientPath, unique: M.unique, indexes: M.indexes)
        let definition = M()
        try addFields(of: definition, to: schema)
        schema.definition = DefinitionBox(definition)
        schema.owner = M.owner
        schema.actions = M.actions.map(AnyAction.init)
        for method in M.methods { schema.methodsByName[method.name] = AnyMethod(method) }
        schema.constraints = M.constraints.map(AnyConstraint.init)
        schema.lifecycle = AnyLifecycle(M.lifecycle)
        if let step = M.roundingStep { schema.roundingStep = { records, id in try step(Record<M>(id: id, records: records)) } }
        if let name = M.displayName {
            schema.displayName = { records in try Recordset<M>(records).map { .text(try name($0)) } }
        }
        return schema
    }

    /// Adds an extension's declaration to its model's schema.
    static func apply<E: ModelExtension>(_ type: E.Type, to schema: ModelSchema) throws {
        let definition = E()
        try addFields(of: definition, to: schema)
        schema.extensions[ObjectIdentifier(type)] = DefinitionBox(definition)
        schema.actions += E.actions.map(AnyAction.init)
        for method in E.methods { schema.methodsByName[method.name] = AnyMethod(method) }
        schema.constraints += E.constraints.map(AnyConstraint.init)
    }

    private static func addFields(of definition: Any, to schema: ModelSchema) throws {
        for child in Mirror(reflecting: definition).children {
            if let field = child.value as? Field { try schema.add(field) }
        }
    }
}
