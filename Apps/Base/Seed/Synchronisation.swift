import Crypto
import Kernel

/// Brings groups, rights, rules and the records that describe models in line with the registry.
struct Synchronisation {
    private static let parameter = "baton.registry"

    let env: Environment

    func run() throws {
        let print = fingerprint()
        let known = try env.search(Parameter.self, .where("key", .equal, .text(Self.parameter)), limit: 1).first
        if known?.content == print { return }
        try Essentials.records(env)
        try groups()
        let models = try describeModels()
        try rights(models)
        try rules(models)
        if let known {
            known.content = print
        } else {
            try env.create(Parameter.self, ["key": .text(Self.parameter), "value": .text(print)])
        }
    }

    /// A digest of everything that this brings into the database.
    private func fingerprint() -> String {
        var hash = SHA256()
        for model in env.registry.models {
            hash.update(model.name + model.title)
            for field in model.fields { hash.update("\(field.name) \(field.kind) \(field.traits.title) \(field.traits.required)") }
        }
        for app in env.registry.apps {
            hash.update("\(app.name) \(app.groups) \(app.rights) \(app.rules)")
        }
        return hash.finish().hex
    }

    private func groups() throws {
        let declared = env.registry.apps.flatMap(\.groups)
        for group in declared {
            try Reference.ensure(group.externalId, Group.self, ["name": .text(group.title)], env)
        }
        for group in declared where !group.implies.isEmpty {
            let own = try Reference.require(group.externalId, env)
            let links = try group.implies.map { Value.list([4, .int(try Reference.require($0, env))]) }
            try env.record(Group.self, own).write(["implied_ids": .list(links)])
        }
        let admin = env.record(User.self, 2)
        let managers = try declared.filter { $0.externalId.hasSuffix("_manager") || $0.externalId == "base.group_system" }
            .map { Value.list([4, .int(try Reference.require($0.externalId, env))]) }
        try admin.write(["group_ids": .list(managers)])
    }

    /// One `ir.model` record per model and one `ir.model.fields` record per field; gives the ids by model name.
    private func describeModels() throws -> [String: Int] {
        var ids: [String: Int] = [:]
        for record in try env.search(ModelRecord.self) { ids[record.model] = record.id }
        for model in env.registry.models where ids[model.name] == nil {
            ids[model.name] =
                try env.create(
                    ModelRecord.self,
                    [
                        "name": .text(model.title), "model": .text(model.name), "state": .text(model.isCustom ? "manual" : "base"),
                        "is_mail_thread": .bool(model.hasChatter), "order": .text(model.order), "modules": .text(model.app),
                    ]
                ).id
        }
        for model in env.registry.models { try describeFields(of: model, id: ids[model.name] ?? 0) }
        return ids
    }

    private func describeFields(of model: ModelSchema, id: Int) throws {
        let known = Set(try env.search(FieldRecord.self, .where("model_id", .equal, .int(id))).map(\.displayedName))
        let missing = model.fields.filter { !known.contains($0.name) }
        if missing.isEmpty { return }
        let made = try env.create(FieldRecord.self, missing.map { description(of: $0, model, id) })
        for (record, field) in zip(made, missing) {
            guard case .selection(let items) = field.kind else { continue }
            try env.create(
                FieldChoice.self,
                items.enumerated().map { index, item in
                    ["field_id": .int(record.id), "value": .text(item.value), "name": .text(item.title), "sequence": .int(index)]
                })
        }
    }

    private func description(of field: Field, _ model: ModelSchema, _ id: Int) -> ValueMap {
        var values: ValueMap = [
            "name": .text(field.name), "model": .text(model.name), "model_id": .int(id), "field_description": .text(field.traits.title),
            "ttype": .text(field.type), "required": .bool(field.traits.required), "readonly": .bool(field.traits.readonly),
            "index": .bool(field.traits.indexed), "store": .bool(field.traits.stored), "copied": .bool(field.traits.copied),
            "company_dependent": .bool(field.traits.isByCompany),
            "help": .text(field.traits.help), "state": .text(field.traits.isCustom ? "manual" : "base"), "modules": .text(model.app),
        ]
        if let comodel = field.kind.comodel { values["relation"] = .text(comodel) }
        if case .one2many(_, let inverse) = field.kind { values["relation_field"] = .text(inverse) }
        if case .many2many(_, let relation) = field.kind { values["relation_table"] = .text(relation.table) }
        if let path = field.traits.related { values["related"] = .text(path) }
        return values
    }

    private func rights(_ models: [String: Int]) throws {
        for app in env.registry.apps {
            for right in app.rights {
                let externalId = "\(app.name).access_\(plain(right.model))_\(plain(right.group))"
                if try Reference.find(externalId, env) != nil { continue }
                guard let model = models[right.model] else { throw Refusal.unknownModel(right.model) }
                let operations = AccessOperations(letters: right.operations)
                let group: Value = right.group.isEmpty ? .null : .int(try Reference.require(right.group, env))
                try Reference.ensure(
                    externalId, ModelAccess.self,
                    [
                        "name": .text(right.model + " " + right.group), "model_id": .int(model), "group_id": group,
                        "perm_read": .bool(operations.contains(.read)), "perm_write": .bool(operations.contains(.write)),
                        "perm_create": .bool(operations.contains(.create)), "perm_unlink": .bool(operations.contains(.unlink)),
                    ], env)
            }
        }
    }

    private func rules(_ models: [String: Int]) throws {
        for app in env.registry.apps {
            for rule in app.rules {
                let externalId = "\(app.name).rule_\(plain(rule.name))"
                if try Reference.find(externalId, env) != nil { continue }
                guard let model = models[rule.model] else { throw Refusal.unknownModel(rule.model) }
                let operations = AccessOperations(letters: rule.operations)
                let groups = try rule.groups.map { try Reference.require($0, env) }
                try Reference.ensure(
                    externalId, RecordRule.self,
                    [
                        "name": .text(rule.name), "model_id": .int(model), "domain_force": .text(rule.domain),
                        "groups": .list([[6, 0, .ids(groups)]]),
                        "perm_read": .bool(operations.contains(.read)), "perm_write": .bool(operations.contains(.write)),
                        "perm_create": .bool(operations.contains(.create)), "perm_unlink": .bool(operations.contains(.unlink)),
                    ], env)
            }
        }
    }

    private func plain(_ name: String) -> String {
        String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
