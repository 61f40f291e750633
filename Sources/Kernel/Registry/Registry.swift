/// Every model of a database, with one meaning for Swift code, calls by name, rules, imports and clients.
///
/// Immutable: a custom field or model made at run time leads to a new registry, and units of work that already run keep theirs.
public final class Registry: @unchecked Sendable {
    /// Every model, in the order of their taking in.
    public let models: [ModelSchema]
    let modelsByName: [String: ModelSchema]
    /// The apps, in the order of their needs.
    public let apps: [App]
    /// Models and fields made at run time that it holds.
    public let custom: [CustomModel]
    let actionGuards: [any ActionGuard]
    package let directory: any Directory

    /// Takes in apps in the order of their needs, then custom models and fields, and checks that everything named exists.
    ///
    /// - Throws: `registry.*` when a declaration is wrong: that is a mistake of the app's author or of the custom field's maker.
    public init(apps: [App], custom: [CustomModel] = []) throws {
        let ordered = try Registry.inOrder(apps)
        var list: [ModelSchema] = []
        var byName: [String: ModelSchema] = [:]
        for app in ordered {
            for part in app.parts {
                guard case .model(let make) = part else { continue }
                let schema = try make()
                guard byName[schema.name] == nil else {
                    throw Refusal("registry.duplicate_model", .internalFault, "The model '\(schema.name)' is declared twice.")
                }
                schema.index = list.count
                list.append(schema)
                byName[schema.name] = schema
            }
            for part in app.parts {
                guard case .extension(let target, let apply) = part else { continue }
                guard let schema = byName[target] else { throw Refusal.unknownModel(target) }
                try apply(schema)
            }
        }
        for model in custom { try Registry.take(model, into: &list, &byName) }
        for app in ordered { for mixin in app.mixins { for schema in list { try mixin(ModelMixin(model: schema)) } } }
        try Registry.bringDelegates(into: list, byName)
        self.apps = ordered
        self.custom = custom
        models = list
        modelsByName = byName
        actionGuards = ordered.flatMap(\.actionGuards)
        directory = ordered.compactMap(\.directory).last ?? OpenDirectory()
        try link()
        let observers = ordered.flatMap(\.observers)
        for model in list { model.observers = ModelObservers(observers, of: model) }
    }

    /// The model of that name.
    public func model(_ name: String) -> ModelSchema? { modelsByName[name] }

    /// The model of that name, or a refusal.
    public func requireModel(_ name: String) throws -> ModelSchema {
        guard let model = modelsByName[name] else { throw Refusal.unknownModel(name) }
        return model
    }

    /// The schema of a Swift model, which must be part of an app of this registry.
    public func schema<M: Model>(_ type: M.Type) -> ModelSchema {
        guard let schema = modelsByName[M.name] else { preconditionFailure("\(M.name) is in no app of this registry") }
        return schema
    }

    /// What apps offer of a type, in the order of the apps; the type may be a protocol: `offered(as: (any DefinitionKind).self)`.
    public func offered<Service>(as type: Service.Type) -> [Service] {
        apps.flatMap { app in app.offers.compactMap { $0 as? Service } }
    }

    /// This registry with other custom models and fields.
    public func with(custom: [CustomModel]) throws -> Registry { try Registry(apps: apps, custom: custom) }

    private static func inOrder(_ apps: [App]) throws -> [App] {
        var done: [App] = []
        var names: Set<String> = []
        var rest = apps
        while !rest.isEmpty {
            guard let next = rest.firstIndex(where: { $0.needs.allSatisfy(names.contains) }) else {
                let stuck = rest.map(\.name).joined(separator: ", ")
                throw Refusal("registry.missing_app", .internalFault, "These apps need apps that are not there: \(stuck).")
            }
            let app = rest.remove(at: next)
            names.insert(app.name)
            done.append(app)
        }
        return done
    }

    private static func take(_ custom: CustomModel, into list: inout [ModelSchema], _ byName: inout [String: ModelSchema]) throws {
        let schema: ModelSchema
        if let known = byName[custom.name] {
            schema = known
        } else {
            schema = ModelSchema(
                name: custom.name, title: custom.title, app: "custom", nameField: custom.nameField, hasChatter: custom.hasChatter,
                isCustom: true)
            schema.index = list.count
            list.append(schema)
            byName[custom.name] = schema
        }
        for field in custom.fields { try schema.add(field.field()) }
    }
}
