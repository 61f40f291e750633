import Kernel

/// External ids: finding a record by its name, and naming it.
public enum Reference {
    /// The id of the record with an external id; nil when there is none.
    public static func find(_ externalId: String, _ env: Environment) throws -> Int? {
        let id = try env.remembered("base.reference:" + externalId, from: [ExternalId.name]) { machine in
            let (module, name) = split(externalId)
            let domain = Domain.where("module", .equal, .text(module)) & .where("name", .equal, .text(name))
            let model = machine.registry.schema(ExternalId.self)
            let target = try model.requireField("res_id")
            return try machine.search(model, domain, order: nil, offset: 0, limit: 1, fetching: [target]).value("res_id").intValue ?? 0
        }
        return id == 0 ? nil : id
    }

    /// The id of the record with an external id, or a refusal.
    public static func require(_ externalId: String, _ env: Environment) throws -> Int {
        guard let id = try find(externalId, env) else {
            throw Refusal("reference.unknown", .missing, "External ID not found in the system: \(externalId)")
        }
        return id
    }

    /// The external ids of a model's records by their ids; a record with several has the first.
    public static func names(of ids: [Int], in model: String, _ env: Environment) throws -> [Int: String] {
        let machine = env.asSuperuser("an external id is a name, not a secret")
        let own = Domain.where("model", .equal, .text(model)) & .where("res_id", .in, .ids(ids))
        return try machine.search(ExternalId.self, own, order: "id").reduce(into: [:]) { names, name in
            guard let id = try name.records.value("res_id").intValue, names[id] == nil else { return }
            names[id] = name.module + "." + name.displayedName
        }
    }

    /// Makes the record with an external id, or writes it when it is there.
    @discardableResult
    public static func ensure<M: Model>(_ externalId: String, _ type: M.Type, _ values: ValueMap, _ env: Environment) throws -> Record<M> {
        if let id = try find(externalId, env), try !env.existing([id], in: env.registry.schema(type)).isEmpty {
            let record = env.record(type, id)
            try record.write(values)
            return record
        }
        let record = try env.create(type, values)
        try name(record.records, externalId)
        return record
    }

    /// Gives a record an external id.
    public static func name(_ record: Records, _ externalId: String) throws {
        let (module, name) = split(externalId)
        try record.env.asSuperuser("an external id is a name, not a secret").create(
            ExternalId.self,
            [
                "module": .text(module), "name": .text(name), "model": .text(record.model.name), "res_id": .int(record.ids.first ?? 0),
                "noupdate": true,
            ])
    }

    private static func split(_ externalId: String) -> (String, String) {
        guard let dot = externalId.firstIndex(of: ".") else { return ("", externalId) }
        return (String(externalId[..<dot]), String(externalId[externalId.index(after: dot)...]))
    }
}
