import Base
import Kernel

/// Something that changes how the house behaves, in all its versions: a rule, a table, a policy.
public struct Definition: Model {
    public static let name = "governance.definition"
    public static let title = "Definition"
    public static let order = "kind, key, id"
    public static let nameField = "title"
    public static let searchFields = ["title", "key"]
    public static let unique = [
        Unique("kind", "key", "company_id", message: "There is a definition of this kind and key already.")
    ]
    public static let indexes = [["res_model", "res_id"]]

    public let kind = Char("kind", "Kind", .required, .indexed)
    public let key = Char("key", "Key", .required, .indexed, .help("A name that never changes; part of what the audit trail says."))
    public let label = Char("title", "Title", .required)
    public let company = Many2one<Company>("company_id", "Company", .indexed, .help("Where it applies; empty means everywhere."))
    public let recordModel = Char("res_model", "Record's model", .readonly)
    public let record = Many2oneReference("res_id", modelField: "res_model", "Record", .readonly)
    public let shippedBy = Char("shipped_by", "Shipped by", .readonly, .help("The app that brings a version along."))
    public let versions = One2many<DefinitionVersion>("version_ids", inverse: \.definition, "Versions")

    /// The longest key.
    static let keyLimit = 100
    /// What a definition keeps for its life.
    private static let fixed = ["kind", "key", "company_id", "res_model", "res_id", "shipped_by"]

    public static let constraints = [
        Constraint<Definition>("kind", "key", "company_id") { definition in
            let env = definition.env
            _ = try Definitions.kind(definition.kind, in: env)
            guard isKey(definition.key) else { throw Refusal.badKey(definition.key) }
            let same =
                Domain.where("kind", .equal, .text(definition.kind)) & .where("key", .equal, .text(definition.key))
                & .where("company_id", .equal, definition.company.map { .int($0.id) } ?? .null)
                & .where("id", .notEqual, .int(definition.id))
            if try env.count(Definition.self, same) > 0 { throw Refusal.keyTaken(definition.kind + ":" + definition.key) }
        }
    ]

    public static let lifecycle = Lifecycle<Definition>(
        beforeCreate: { values, env in
            if env.isSuperuser { return }
            for name in ["res_model", "res_id", "shipped_by"] { values[name] = nil }
        },
        beforeWrite: { definitions, values in
            if definitions.env.isSuperuser { return }
            let changed = try FixedFields.changed(values, of: definitions.records, among: fixed)
            if !changed.isEmpty { throw Refusal.protected(changed) }
        },
        beforeDelete: { definitions in
            // Without its definition a draft would look like a record of before governance, which the next start releases.
            for definition in definitions where try GovernedRows.isAlive(definition) { throw Refusal.hasRecord(definition.label) }
            for version in definitions.flatMap({ Array($0.versions) }) where version.state != .draft { throw Refusal.inUse(version.cause) }
        })

    public static let methods = [
        Method<Definition>(
            "in_force", ["kind", "key", "company_id"], readsOnly: true,
            onModel: { env, arguments in
                try env.checkRight(.read, on: env.registry.schema(Definition.self))
                let kind = arguments["kind"]?.textValue ?? ""
                let company = arguments["company_id"]?.intValue ?? env.companyId
                guard env.isSuperuser || env.user.companyIds.contains(company) else { return .bool(false) }
                let found = try Definitions.inForce(kind, arguments["key"]?.textValue ?? "", company: company, in: env)
                return found.map { .int($0.id) } ?? .bool(false)
            }),
        Method<Definition>(
            "import_yaml", ["text"],
            onModel: { env, arguments in
                .int(try DefinitionFile.parse(Array((arguments["text"]?.textValue ?? "").utf8)).makeDraft(in: env).id)
            }),
    ]

    public init() {}

    static func isKey(_ key: String) -> Bool {
        (1...keyLimit).contains(key.utf8.count)
            && key.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}

/// Fields that a caller may name but not change.
enum FixedFields {
    /// Those of the names whose value would change.
    static func changed(_ values: ValueMap, of records: Records, among names: [String]) throws -> [String] {
        try values.entries.filter { entry in
            guard names.contains(entry.name) else { return false }
            return try !records.ids.allSatisfy { isSame(try records.value($0, entry.name), entry.value) }
        }.map(\.name)
    }

    static func isSame(_ old: Value, _ new: Value) -> Bool {
        if old == new || old.isFalsy && new.isFalsy { return true }
        if case .instant(let moment) = old, let text = new.textValue { return Instant(text) == moment }
        return old.idList != nil && old.idList == new.idList
    }
}
