import Kernel

/// `fields_get`.
enum DescribingMethods {
    static let all: [RPCMethod] = [
        .onModel("fields_get", ["allfields", "attributes"]) { target, arguments in
            .value(
                .map(
                    describe(
                        target.model, names: try arguments.texts("allfields"), attributes: try arguments.texts("attributes"), target.env)))
        }
    ]

    /// The fields that the user may see, by name; fields that do not exist are left out.
    static func describe(_ model: ModelSchema, names: [String]?, attributes: [String]?, _ env: Environment) -> ValueMap {
        let wanted = names.flatMap { $0.isEmpty ? nil : Set($0) }
        let mayWrite = env.allows(.write, on: model) || env.allows(.create, on: model)
        var map = ValueMap()
        for field in model.fields where env.canSee(field) && wanted?.contains(field.name) ?? true {
            var description = FieldDescription.map(field, model, wanted: attributes)
            if !mayWrite, description["readonly"] != nil { description["readonly"] = true }
            map.entries.append(ValueMap.Entry(field.name, .map(description)))
        }
        return map
    }
}
