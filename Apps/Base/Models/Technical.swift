import Kernel

/// A model right: what a group may do with a model.
public struct ModelAccess: Model {
    public static let name = "ir.model.access"
    public static let title = "Model right"
    public static let order = "model_id, group_id, id"

    public let displayedName = Char("name", "Name", .required, .indexed)
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, .required, .indexed)
    public let group = Many2one<Group>("group_id", onDelete: .restrict, .indexed)
    public let mayRead = Flag("perm_read", "Read")
    public let mayWrite = Flag("perm_write", "Write")
    public let mayCreate = Flag("perm_create", "Create")
    public let mayUnlink = Flag("perm_unlink", "Delete")
    public let active = Flag("active", .initial(true))

    public init() {}
}

/// A record rule: which records of a model are in reach.
public struct RecordRule: Model {
    public static let name = "ir.rule"
    public static let title = "Record rule"
    public static let order = "model_id, id"

    public let displayedName = Char("name", "Name")
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, .required, .indexed)
    public let groups = Many2many<Group>("groups", table: "rule_group_rel", own: "rule_group_id", other: "group_id", "Groups")
    public let domain = Text("domain_force", "Domain")
    public let mayRead = Flag("perm_read", "Read", .initial(true))
    public let mayWrite = Flag("perm_write", "Write", .initial(true))
    public let mayCreate = Flag("perm_create", "Create", .initial(true))
    public let mayUnlink = Flag("perm_unlink", "Delete", .initial(true))
    public let active = Flag("active", .initial(true))

    public static let constraints = [
        Constraint<RecordRule>("domain_force") { rule in
            if !rule.domain.isEmpty { _ = try DomainText(rule.domain).domain(DomainNames(rule.env)) }
        }
    ]

    public init() {}
}

/// An external id: a name for a record that is the same in every database.
public struct ExternalId: Model {
    public static let name = "ir.model.data"
    public static let title = "External id"
    public static let order = "module, model, name"
    public static let unique = [
        Unique("module", "name", message: "You cannot have two records with the same external ID in the same module!")
    ]
    public static let indexes = [["model", "res_id"]]

    public let module = Char("module", .required)
    public let displayedName = Char("name", "External identifier", .required)
    public let model = Char("model", "Model name", .required)
    public let target = Many2oneReference("res_id", modelField: "model", "Record")
    public let isFixed = Flag("noupdate", "Not updatable", .initial(false))
    public let completeName = Char(
        "complete_name", "Complete ID", .computed(on: "module", "name") { (id: Record<ExternalId>) in id.module + "." + id.displayedName })

    public static let methods = [
        Method<ExternalId>(
            "check_object_reference", ["module", "xml_id", "raise_on_access_error"], readsOnly: true,
            onModel: { env, arguments in try ExternalId.lookUp(arguments, env) })
    ]

    public init() {}

    /// `[model, id]` of a record by its external id; `false` for the id when the caller may not read it and did not ask for a refusal.
    private static func lookUp(_ arguments: ValueMap, _ env: Environment) throws -> Value {
        let (module, name) = (arguments["module"]?.textValue ?? "", arguments["xml_id"]?.textValue ?? "")
        let domain = Domain.where("module", .equal, .text(module)) & .where("name", .equal, .text(name))
        guard let found = try env.search(ExternalId.self, domain, limit: 1).first else {
            throw Refusal(
                "reference.unknown", .missing, "External ID not found in the system: \(module).\(name)",
                instruction: "Check the module and the name.")
        }
        do { try env.checkAccess(.read, try env.registry.requireModel(found.model), [found.target]) } catch {
            if arguments["raise_on_access_error"] == true { throw error }
            return .list([.text(found.model), .bool(false)])
        }
        return .list([.text(found.model), .int(found.target)])
    }
}

/// A setting of the database.
public struct Parameter: Model {
    public static let name = "ir.config_parameter"
    public static let title = "System parameter"
    public static let order = "key"
    public static let nameField = "key"
    public static let unique = [Unique("key", message: "Key must be unique.")]

    public let key = Char("key", .required)
    public let content = Text("value", "Value")

    public static let methods = [
        Method<Parameter>(
            "get_param", ["key", "default"], readsOnly: true,
            onModel: { env, arguments in
                try env.checkRight(.read, on: env.registry.schema(Parameter.self))
                let found = try env.search(Parameter.self, .where("key", .equal, arguments["key"] ?? .null), limit: 1).first
                return found.map { .text($0.content) } ?? arguments["default"] ?? .bool(false)
            }),
        Method<Parameter>(
            "set_param", ["key", "value"],
            onModel: { env, arguments in
                let key = arguments["key"] ?? .null
                let found = try env.search(Parameter.self, .where("key", .equal, key), limit: 1)
                if let known = found.first {
                    try known.write(["value": arguments["value"] ?? .null])
                } else {
                    try env.create(Parameter.self, ["key": key, "value": arguments["value"] ?? .null])
                }
                return .bool(true)
            }),
    ]

    public init() {}
}

/// A file that belongs to a record; its bytes are kept once by content.
public struct Attachment: Model {
    public static let name = "ir.attachment"
    public static let title = "Attachment"
    public static let order = "id desc"
    public static let indexes = [["res_model", "res_id"]]
    public static let owner: OwnerLink? = .reference(model: "res_model", id: "res_id")

    /// Where the content is.
    public enum Kind: String, SelectionValue { case url, binary }

    public let displayedName = Char("name", "Name", .required)
    public let kind = Selection<Kind>("type", initial: .binary, .required)
    public let bytes = Binary("datas", "File content")
    public let url = Char("url")
    public let mimeType = Char("mimetype", "MIME type")
    public let ownerModel = Char("res_model", "Record's model", .indexed)
    public let ownerField = Char("res_field", "Record's field")
    public let ownerId = Many2oneReference("res_id", modelField: "res_model", "Record")
    public let checksum = Char("checksum", "Checksum", .readonly, .indexed)
    public let size = Integer("file_size", "Size in bytes", .readonly)
    public let text = Text("description", "Description")
    public let company = Many2one<Company>("company_id", .initially { .int($0.companyId) })
    public let isPublic = Flag("public", "Is public", .initial(false))

    public static let lifecycle = Lifecycle<Attachment>(
        beforeCreate: { values, env in try AttachmentRules.complete(&values, env) },
        beforeWrite: { records, values in
            try AttachmentRules.checkOwners(records, .write)
            try AttachmentRules.complete(&values, records.env)
        },
        beforeDelete: { records in try AttachmentRules.checkOwners(records, .write) })

    public init() {}
}

/// A sequence of numbers for documents.
public struct Sequence: Model {
    public static let name = "ir.sequence"
    public static let title = "Sequence"
    public static let order = "name, id"

    /// Whether numbers may be missing.
    public enum Implementation: String, SelectionValue {
        case standard, noGap = "no_gap"
    }

    public let displayedName = Char("name", "Name", .required)
    public let code = Char("code", "Code", .indexed)
    public let implementation = Selection<Implementation>("implementation", initial: .standard, .required)
    public let prefix = Char("prefix")
    public let suffix = Char("suffix")
    public let padding = Integer("padding", "Size", .initial(0))
    public let next = Integer("number_next", "Next number", .initial(1), .aggregator(nil))
    public let step = Integer("number_increment", "Step", .initial(1), .aggregator(nil))
    public let company = Many2one<Company>("company_id")
    public let active = Flag("active", .initial(true))

    public static let methods = [
        Method<Sequence>(
            "next_by_code", ["sequence_code"],
            onModel: { env, arguments in
                try env.checkRight(.read, on: env.registry.schema(Sequence.self))
                return try Sequences.next(arguments["sequence_code"]?.textValue ?? "", env).map { .text($0) } ?? .bool(false)
            }),
        Method<Sequence>(
            "next_by_id",
            onRecords: { sequences, _ in
                guard let sequence = sequences.first else { return .bool(false) }
                try sequences.env.checkAccess(.read, sequences.records.model, sequences.ids)
                return .text(try Sequences.next(of: sequence))
            }),
    ]

    public init() {}
}
