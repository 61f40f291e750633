import Base
import JSON
import Kernel

/// A governed record as another database understands it: what it links to is named, and not numbered.
///
/// Shape: a link is a text, `crm.lead` for a model, `crm.lead/phone` for a field, `crm.lead/type/lead` for a choice, a login for a user,
/// `rule:urgent-first-3` for another governed record, else the external id. What has no name keeps its number, which means the same in its
/// own database only.
struct PortableRow {
    private let governed: GovernedModel
    private let env: Environment

    init(_ governed: GovernedModel, _ env: Environment) {
        self.governed = governed
        self.env = env.asSuperuser("names of records are found by the machine")
    }

    // MARK: out

    /// A version's content with names.
    func exported(_ content: JSON) throws -> JSON {
        guard let values = content["values"]?.objectValue, let model = env.registry.model(governed.model) else { return content }
        return ["model": .string(governed.model), "values": .object(try named(values, of: model))]
    }

    private func named(_ values: JSONObject, of model: ModelSchema) throws -> JSONObject {
        var result = JSONObject()
        for member in values.members where member.key != "id" {
            if let lines = lines(member.key, model), let lineModel = env.registry.model(lines.model) {
                let own = member.value.arrayValue ?? []
                result[member.key] = .array(try own.map { .object(try named($0.objectValue ?? JSONObject(), of: lineModel)) })
            } else if let comodel = model.field(member.key)?.kind.comodel {
                result[member.key] = try named(member.value, comodel)
            } else {
                result[member.key] = member.value
            }
        }
        return result
    }

    private func named(_ value: JSON, _ comodel: String) throws -> JSON {
        if let ids = value.arrayValue { return .array(try ids.map { try named($0, comodel) }) }
        guard let id = value.intValue, let name = try name(of: id, comodel) else { return value }
        return .string(name)
    }

    private func name(of id: Int, _ comodel: String) throws -> String? {
        switch comodel {
        case ModelRecord.name: return try one(ModelRecord.self, id)?.model
        case FieldRecord.name: return try one(FieldRecord.self, id).map { name(of: $0) }
        case FieldChoice.name:
            guard let choice = try one(FieldChoice.self, id), let field = choice.field else { return nil }
            return name(of: field) + "/" + choice.stored
        case User.name: return try one(User.self, id)?.login
        default: break
        }
        let own = Domain.where("res_model", .equal, .text(comodel)) & .where("res_id", .equal, .int(id))
        if let definition = try env.search(Definition.self, own, limit: 1).first { return "\(definition.kind):\(definition.key)" }
        return try Reference.names(of: [id], in: comodel, env)[id]
    }

    private func name(of field: Record<FieldRecord>) -> String { field.modelName + "/" + field.displayedName }

    private func one<M: Model>(_ type: M.Type, _ id: Int) throws -> Record<M>? {
        try env.with(context: ["active_test": false]).search(type, .where("id", .equal, .int(id)), limit: 1).first
    }

    // MARK: in

    /// Writes the record that a content is about, or makes it, as the caller's client would; gives its id.
    ///
    /// - Parameter known: The record, where it is there.
    func write(_ content: JSON, to known: Int?, by caller: Environment) throws -> Int {
        let model = try env.registry.requireModel(governed.model)
        let values = try values(content["values"]?.objectValue ?? JSONObject(), of: model, "values", replacing: known != nil)
        guard let known else { return try caller.create(model, [values]).ids[0] }
        try caller.records(governed.model, [known]).write(values)
        return known
    }

    private func values(_ object: JSONObject, of model: ModelSchema, _ place: String, replacing: Bool) throws -> ValueMap {
        var values = ValueMap()
        for member in object.members where member.key != "id" {
            let here = place + "." + member.key
            guard let field = model.field(member.key) else { throw Refusal.unknownName(here, member.key, model.name) }
            if let lines = lines(member.key, model), let lineModel = env.registry.model(lines.model) {
                let fresh = try (member.value.arrayValue ?? []).enumerated().map { place, line in
                    let own = try self.values(line.objectValue ?? JSONObject(), of: lineModel, "\(here)[\(place)]", replacing: false)
                    return Value.list([0, 0, .map(own)])
                }
                values[member.key] = .list((replacing ? [[5, 0, 0]] : []) + fresh)
            } else if let comodel = field.kind.comodel {
                values[member.key] = try link(member.value, field, comodel, here)
            } else {
                values[member.key] = GovernedRow.value(member.value, field)
            }
        }
        return values
    }

    private func link(_ json: JSON, _ field: Field, _ comodel: String, _ place: String) throws -> Value {
        if field.kind.isToMany { return .list([[6, 0, .ids(try (json.arrayValue ?? []).map { try id(of: $0, comodel, place) })]]) }
        return json.isNull ? .null : .int(try id(of: json, comodel, place))
    }

    private func id(of json: JSON, _ comodel: String, _ place: String) throws -> Int {
        if let id = json.intValue { return id }
        guard let name = json.stringValue, let id = try find(name, comodel) else {
            throw Refusal.unknownName(place, json.stringValue ?? json.text(), comodel)
        }
        return id
    }

    private func find(_ name: String, _ comodel: String) throws -> Int? {
        let parts = name.split(separator: "/").map(String.init)
        switch comodel {
        case ModelRecord.name: return try env.search(ModelRecord.self, .where("model", .equal, .text(name)), limit: 1).ids.first
        case FieldRecord.name: return parts.count == 2 ? try field(parts[0], parts[1]) : nil
        case FieldChoice.name:
            guard parts.count == 3, let field = try field(parts[0], parts[1]) else { return nil }
            let own = Domain.where("field_id", .equal, .int(field)) & .where("value", .equal, .text(parts[2]))
            return try env.search(FieldChoice.self, own, limit: 1).ids.first
        case User.name: return try env.search(User.self, .where("login", .equal, .text(name)), limit: 1).ids.first
        default: break
        }
        guard let colon = name.firstIndex(of: ":") else { return try Reference.find(name, env) }
        let (kind, key) = (String(name[..<colon]), String(name[name.index(after: colon)...]))
        let own =
            Domain.where("kind", .equal, .text(kind)) & .where("key", .equal, .text(key)) & .where("res_model", .equal, .text(comodel))
        return try env.search(Definition.self, own, limit: 1).first.map(\.record)
    }

    private func field(_ model: String, _ name: String) throws -> Int? {
        let own = Domain.where("model", .equal, .text(model)) & .where("name", .equal, .text(name))
        return try env.search(FieldRecord.self, own, limit: 1).ids.first
    }

    private func lines(_ field: String, _ model: ModelSchema) -> GovernedModel.Lines? {
        model.name == governed.model ? governed.lines.first { $0.field == field } : nil
    }
}

extension DefinitionFile {
    /// A draft of a governed record: the record is written, or made, by whoever imports, and its draft keeps what the file says about it.
    func makeRow(_ governed: GovernedModel, in env: Environment) throws -> Record<DefinitionVersion> {
        let machine = env.asSuperuser("a governed record's definition is kept by the machine")
        try env.checkRight(.create, on: env.registry.schema(DefinitionVersion.self))
        let same = Domain.where("kind", .equal, .text(kind)) & .where("key", .equal, .text(key))
        let known = try machine.search(Definition.self, same, limit: 1).first
        let present = try known.flatMap { try GovernedRows.isAlive($0) ? $0.record : nil }
        let id = try PortableRow(governed, env).write(content, to: present, by: env)
        guard let definition = try GovernedRows.find(id, governed, machine),
            let version = try machine.search(
                DefinitionVersion.self, .where("definition_id", .equal, .int(definition.id)), order: "number desc", limit: 1
            ).first
        else { throw Refusal.missingRecords([id], in: governed.model) }
        // The same name in both databases, so that what refers to it finds it.
        if known == nil, Definition.isKey(key) { try definition.write(["key": .text(key)]) }
        if version.state == .draft {
            try version.write(["tests": .json(tests), "note": .text(note), "origin": "record"])
        }
        return env.record(DefinitionVersion.self, version.id)
    }
}

extension Refusal {
    static func unknownName(_ place: String, _ name: String, _ model: String) -> Refusal {
        Refusal(
            "governance.unknown_name", .validation, "\(place): '\(name)' is not there in '\(model)'.",
            instruction: "Import what it names first, or name something of this database.", details: ["place": .text(place)])
    }
}
