import JSON
import Kernel

/// A value that a field begins with for everybody, for a company or for one user; it goes before what the model declares.
public struct UserDefault: Model {
    public static let name = "ir.default"
    public static let title = "Default value"
    public static let order = "field_id, user_id, company_id, id"
    public static let nameField = "field_id"
    public static let unique = [
        Unique("field_id", "user_id", "company_id", "condition", message: "There is such a default already. Change that one.")
    ]

    public let field = Many2one<FieldRecord>("field_id", onDelete: .cascade, "Field", .required, .indexed)
    public let user = Many2one<User>("user_id", onDelete: .cascade, "User", .indexed)
    public let company = Many2one<Company>("company_id", onDelete: .cascade, "Company", .indexed)
    /// What a form says of another field, `name=value`; kept for clients that ask, never applied by itself.
    public let condition = Char("condition", "Condition")
    public let content = Char("json_value", "Value (JSON)", .required)

    public static let methods = [
        Method<UserDefault>(
            "set", ["model_name", "field_name", "value", "user_id", "company_id", "condition"],
            onModel: { env, arguments in
                try UserDefaults.set(arguments, env)
                return .bool(true)
            }),
        Method<UserDefault>(
            "get", ["model_name", "field_name", "user_id", "company_id", "condition"], readsOnly: true,
            onModel: { env, arguments in try UserDefaults.get(arguments, env) }),
    ]

    public static let constraints = [
        Constraint<UserDefault>("field_id", "json_value") { entry in
            guard let field = entry.field else { return }
            _ = try UserDefaults.value(entry.content, of: field.displayedName, in: entry.env.registry.requireModel(field.modelName))
        }
    ]

    public init() {}
}

/// Keeping and finding default values.
package enum UserDefaults {
    /// A default as it is remembered.
    struct Entry: Sendable {
        let field: String
        let user: Int?
        let company: Int?
        let value: Value
    }

    /// What fields of a model begin with for this user in this company, by field; of several the user's own counts first, then the company's.
    static func values(for model: ModelSchema, _ env: Environment) throws -> [String: Value] {
        let all = try env.remembered("base.defaults", from: [UserDefault.name, FieldRecord.name]) { machine in
            try machine.search(UserDefault.self, .where("condition", .equal, .bool(false))).reduce(into: [String: [Entry]]()) {
                all, entry in
                guard let field = entry.field, let model = machine.registry.model(field.modelName) else { return }
                // A value that its field no longer takes is passed over: nobody could make records otherwise.
                guard let value = try? UserDefaults.value(entry.content, of: field.displayedName, in: model) else { return }
                all[model.name, default: []].append(
                    Entry(field: field.displayedName, user: entry.user?.id, company: entry.company?.id, value: value))
            }
        }
        guard let entries = all[model.name] else { return [:] }
        var chosen: [String: (rank: Int, value: Value)] = [:]
        for entry in entries where (entry.user ?? env.user.id) == env.user.id && (entry.company ?? env.companyId) == env.companyId {
            let rank = (entry.user == nil ? 0 : 2) + (entry.company == nil ? 0 : 1)
            if rank > chosen[entry.field]?.rank ?? -1 { chosen[entry.field] = (rank, entry.value) }
        }
        return try chosen.compactMapValues { $0.value }.filter { try isThere($0.value, model.requireField($0.key), env) }
    }

    /// The value in JSON, as its field takes it.
    static func value(_ text: String, of name: String, in model: ModelSchema) throws -> Value {
        let field = try model.requireField(name)
        guard let json = try? JSON.parse(Array(text.utf8)) else {
            throw Refusal(
                "default.invalid", .invalid, "'\(text.prefix(80))' is not JSON.",
                instruction: "Write text in quotes, numbers and true or false as they are.")
        }
        if field.kind.isToMany || field.kind == .binary || !field.traits.stored {
            throw Refusal(
                "default.field", .invalid, "'\(name)' of \(model.name) is a field that no default can be kept for.",
                instruction: "Choose a stored field that holds one value.")
        }
        return try field.normalised(Value(plain: json), in: model)
    }

    /// `set`: makes a default or changes the one that is there for the same users; for others than oneself it takes an administrator.
    package static func set(_ arguments: ValueMap, _ env: Environment) throws {
        let (model, field) = try target(arguments, env)
        if !env.canSee(field) { throw Refusal.unknownField(field.name, in: model.name) }
        let text = String(decoding: plain(arguments["value"] ?? .null).asJSON.serialized(), as: UTF8.self)
        _ = try value(text, of: field.name, in: model)
        let known = try env.search(UserDefault.self, try scope(arguments, model, field, env), limit: 1)
        if let entry = known.first { return try entry.write(["json_value": .text(text)]) }
        let record = try fieldRecord(model, field, env)
        try env.create(
            UserDefault.self,
            [
                "field_id": .int(record), "user_id": whose(arguments["user_id"], own: env.user.id),
                "company_id": whose(arguments["company_id"], own: env.companyId),
                "condition": condition(arguments), "json_value": .text(text),
            ])
    }

    /// `get`: the value kept for exactly these users, or nothing.
    static func get(_ arguments: ValueMap, _ env: Environment) throws -> Value {
        let (model, field) = try target(arguments, env)
        guard let entry = try env.search(UserDefault.self, try scope(arguments, model, field, env), limit: 1).first else { return .null }
        return try value(entry.content, of: field.name, in: model)
    }

    private static func target(_ arguments: ValueMap, _ env: Environment) throws -> (ModelSchema, Field) {
        let model = try env.registry.requireModel(arguments["model_name"]?.textValue ?? "")
        return (model, try model.requireField(arguments["field_name"]?.textValue ?? ""))
    }

    private static func scope(_ arguments: ValueMap, _ model: ModelSchema, _ field: Field, _ env: Environment) throws -> Domain {
        .where("field_id.model", .equal, .text(model.name)) & .where("field_id.name", .equal, .text(field.name))
            & .where("user_id", .equal, plain(whose(arguments["user_id"], own: env.user.id)))
            & .where("company_id", .equal, plain(whose(arguments["company_id"], own: env.companyId)))
            & .where("condition", .equal, plain(condition(arguments)))
    }

    /// `true` is whoever asks, as Odoo's clients say it; `false` everybody.
    private static func whose(_ value: Value?, own: Int) -> Value {
        switch value {
        case .bool(true): .int(own)
        case .int(let id) where id > 0: .int(id)
        default: .null
        }
    }

    /// As domains and Odoo's clients say that something is not set.
    private static func plain(_ value: Value) -> Value { value.isNull ? .bool(false) : value }

    private static func condition(_ arguments: ValueMap) -> Value {
        guard let text = arguments["condition"]?.textValue, !text.isEmpty else { return .null }
        return .text(text)
    }

    private static func fieldRecord(_ model: ModelSchema, _ field: Field, _ env: Environment) throws -> Int {
        let machine = env.asSuperuser("the record that describes a field is looked up")
        let domain = Domain.where("model", .equal, .text(model.name)) & .where("name", .equal, .text(field.name))
        guard let found = try machine.search(FieldRecord.self, domain, limit: 1).first else {
            throw Refusal.unknownField(field.name, in: model.name)
        }
        return found.id
    }

    /// Whether the record that a link leads to is still there.
    private static func isThere(_ value: Value, _ field: Field, _ env: Environment) throws -> Bool {
        guard case .many2one(let name, _) = field.kind, case .int(let id) = value, let target = env.registry.model(name) else {
            return true
        }
        let machine = env.asSuperuser("a default that leads to a record which is gone is passed over")
        return try machine.with(context: ["active_test": false]).searchCount(target, .where("id", .equal, .int(id))) > 0
    }
}
