import JSON
import Kernel

/// Answers a script out of a unit of work: each call is one of the kernel's, with the rights of the environment's user.
///
/// Calls and their arguments: `read {model, field, ids, own}`, `write {model, ids, values}`, `create {model, values: […]}`,
/// `unlink`, `exists` and `copy {model, ids}`, `call {model, ids, name, given}`, `search {model, domain, limit, offset, order}`,
/// `count {model, domain}`, `group {group}`. The answer to `read` is `{kind, values}`, one value for each id (or for the first
/// `own` ones, when others could not be read along), with `kind` `value`, or
/// `one` and `many` for relations together with `model`, or `method` when the name is not of a field but can be called.
public final class UnitHost: ScriptHost {
    /// The most ids that one call may name.
    static let mostIds = 10_000
    /// Names that scripts use for fields to be brought along; more are read when asked for.
    private static let mostColumns = 20

    private let env: Environment
    private let log: (ScriptLogLine) -> Void

    /// A host over an environment.
    public init(_ env: Environment, log: @escaping (ScriptLogLine) -> Void = { _ in }) {
        self.env = env
        self.log = log
    }

    public func note(_ line: ScriptLogLine) { log(line) }

    public func isChange(_ call: String) -> Bool { ["write", "create", "unlink", "copy", "call"].contains(call) }

    public func answer(_ call: String, _ arguments: JSON) throws -> JSON {
        switch call {
        case "read": return try read(arguments)
        case "write": return try write(arguments)
        case "create": return try create(arguments)
        case "unlink":
            try records(arguments).unlink()
            return true
        case "copy": return ids(try records(arguments).copy(try values(arguments["values"], for: try model(arguments))))
        case "call": return try callMethod(arguments)
        case "exists":
            let records = try records(arguments)
            return ids(Records(records.model, try env.existing(records.ids, in: records.model), env))
        case "search": return ids(try search(arguments))
        case "count": return JSON(try env.searchCount(try model(arguments), try domain(arguments)))
        case "group": return .bool(arguments["group"]?.stringValue.map(env.user.isMember) ?? false)
        default: throw Refusal.badScriptCall("'\(call)' cannot be asked of the host.")
        }
    }

    /// What the script sees of who acts, and when.
    var environment: JSONObject {
        [
            "uid": JSON(env.user.id), "now": .string(env.now.description), "today": .string(env.today.description),
            "company": JSON(env.companyId), "context": Value.map(env.context).asJSON,
        ]
    }

    /// The columns of fields that are likely to be asked for; those that cannot be read are left for when they are.
    func columns(_ fields: [Field], of records: Records) -> JSONObject {
        var columns = JSONObject()
        for field in fields.prefix(UnitHost.mostColumns) where env.canSee(field) && records.count <= 1_000 && !records.isEmpty {
            if let column = try? column(field, of: records) { columns[field.name] = column }
        }
        return columns
    }

    private func read(_ arguments: JSON) throws -> JSON {
        let records = try records(arguments)
        let name = arguments["field"]?.stringValue ?? ""
        if let field = records.model.field(name) {
            // Only the first `own` records were asked for; the others are brought along if nothing stands against it.
            let own = max(0, min(arguments["own"]?.intValue ?? records.count, records.count))
            if own < records.count, let whole = try? column(field, of: records) { return whole }
            return try column(field, of: own < records.count ? Records(records.model, Array(records.ids.prefix(own)), env) : records)
        }
        guard !name.hasPrefix("_"), records.model.action(name) != nil || records.model.method(name) != nil else {
            throw Refusal.unknownField(name, in: records.model.name)
        }
        return ["kind": "method", "values": .array(records.ids.map { _ in .null })]
    }

    private func column(_ field: Field, of records: Records) throws -> JSON {
        let values = try records.ids.map { try ScriptValue.json(try records.value($0, field), field) }
        var column: JSONObject = ["kind": .string(ScriptValue.kind(field)), "values": .array(values)]
        if let comodel = field.kind.comodel { column["model"] = .string(comodel) }
        return .object(column)
    }

    private func write(_ arguments: JSON) throws -> JSON {
        let records = try records(arguments)
        try records.write(try values(arguments["values"], for: records.model))
        return true
    }

    private func create(_ arguments: JSON) throws -> JSON {
        let model = try model(arguments)
        guard let list = arguments["values"]?.arrayValue else { throw Refusal.badScriptCall("create() takes an object or a list of them.") }
        return ids(try env.create(model, try list.map { try values($0, for: model) }))
    }

    private func callMethod(_ arguments: JSON) throws -> JSON {
        let records = try records(arguments)
        let name = arguments["name"]?.stringValue ?? ""
        let given = try ScriptValue.map(arguments["given"] ?? [:])
        // Methods stand before actions and private names are closed, as in the door for programs.
        if !name.hasPrefix("_"), let method = records.model.method(name) {
            if method.takesRecords { try env.checkAccess(.read, records.model, records.ids) }
            return try ScriptValue.json(try method.body(records, given))
        }
        return try ScriptValue.json(try records.call(name, given))
    }

    private func search(_ arguments: JSON) throws -> Records {
        func number(_ name: String) -> Int { max(0, arguments[name]?.intValue ?? 0) }
        let order = arguments["order"]?.stringValue ?? ""
        let limit = number("limit") == 0 ? UnitHost.mostIds + 1 : number("limit")
        let found = try env.search(
            try model(arguments), try domain(arguments), order: order.isEmpty ? nil : order, offset: number("offset"), limit: limit)
        guard found.count <= UnitHost.mostIds else {
            throw Refusal.badScriptCall("A search of a script may find at most \(UnitHost.mostIds) records; name a limit.")
        }
        return found
    }
}

extension UnitHost {
    private func model(_ arguments: JSON) throws -> ModelSchema { try env.registry.requireModel(arguments["model"]?.stringValue ?? "") }

    private func domain(_ arguments: JSON) throws -> Domain { try Domain.parse(try ScriptValue.value(arguments["domain"] ?? [])) }

    private func records(_ arguments: JSON) throws -> Records {
        let ids = try (arguments["ids"]?.arrayValue ?? []).map { json in
            guard let id = json.intValue, id > 0 else { throw Refusal.badScriptCall("Ids are whole numbers from 1.") }
            return id
        }
        guard ids.count <= UnitHost.mostIds else { throw Refusal.badScriptCall("One call may name at most \(UnitHost.mostIds) records.") }
        return Records(try model(arguments), ids, env)
    }

    private func values(_ json: JSON?, for model: ModelSchema) throws -> ValueMap {
        try ScriptValue.stored(try ScriptValue.map(json ?? [:]), model, env.registry)
    }

    private func ids(_ records: Records) -> JSON { .array(records.ids.map { JSON($0) }) }
}
