import Kernel

/// A model, as a record: what clients ask to learn about the database, and what makes custom models.
public struct ModelRecord: Model {
    public static let name = "ir.model"
    public static let title = "Model"
    public static let order = "model"
    public static let searchFields = ["name", "model"]
    public static let unique = [Unique("model", message: "Each model must have a unique name.")]

    public let displayedName = Char("name", "Description", .required)
    public let model = Char("model", "Model", .required, .indexed)
    public let info = Text("info")
    public let state = Selection<Origin>("state", initial: .manual, "Type", .readonly)
    public let isThread = Flag("is_mail_thread", "Has chatter", .initial(false))
    public let fields = One2many<FieldRecord>("field_id", inverse: \.model, "Fields")
    public let order = Char("order", .initial("id"))
    public let modules = Char("modules", "In apps", .readonly)

    public static let lifecycle = Lifecycle<ModelRecord>(
        beforeCreate: { values, env in if !env.isSuperuser { try CustomDefinitions.checkModelName(values["model"]?.textValue ?? "") } },
        afterCreate: { models in try CustomDefinitions.prepare(models) },
        beforeWrite: { models, values in try CustomDefinitions.refuseRename(models.records, values, fixed: ["model"]) },
        beforeDelete: { models in try CustomDefinitions.refuseBase(models.records) })

    public init() {}
}

extension ModelRecord {
    /// The record that describes a model, remembered until models are made or taken away.
    public static func id(of model: String, _ env: Environment) throws -> Int? {
        try env.remembered("base.models", from: [name]) { machine in
            let all = try machine.search(ModelRecord.self).map { ($0.model, $0.id) }
            return Dictionary(all) { first, _ in first }
        }[model]
    }
}

/// Whether something was declared by an app or made at run time.
public enum Origin: String, SelectionValue { case manual, base }

/// A field, as a record.
public struct FieldRecord: Model {
    public static let name = "ir.model.fields"
    public static let title = "Field"
    public static let order = "name, id"
    public static let searchFields = ["name", "field_description"]
    public static let unique = [Unique("model", "name", message: "Field names must be unique per model.")]

    public let displayedName = Char("name", "Field name", .required, .indexed)
    public let modelName = Char("model", "Model name", .indexed)
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, .required, .indexed)
    public let label = Char("field_description", "Field label", .required, .initial(""))
    public let type = Char("ttype", "Field type", .required)
    public let relation = Char("relation", "Related model")
    public let relationField = Char("relation_field")
    public let relationTable = Char("relation_table")
    public let help = Text("help", "Field help")
    public let required = Flag("required")
    public let readonly = Flag("readonly")
    public let indexed = Flag("index")
    public let stored = Flag("store", .initial(true))
    public let copied = Flag("copied", .initial(true))
    public let tracked = Integer("tracking", .aggregator(nil))
    public let size = Integer("size", .aggregator(nil))
    public let related = Char("related", "Related field")
    public let isByCompany = Flag("company_dependent", "Company dependent")
    /// The link to the currency of a monetary field; empty means `currency_id`.
    public let currency = Char("currency_field", "Currency field")
    public let onDelete = Char("on_delete", .initial("set null"))
    public let groups = Many2many<Group>("groups", table: "ir_model_fields_group_rel", own: "field_id", other: "group_id", "Groups")
    public let choices = One2many<FieldChoice>("selection_ids", inverse: \.field, "Choices")
    /// The choices as text in Odoo's notation, accepted on creation: `[('a', 'A'), …]`.
    public let selection = Char("selection", "Choices (text)")
    public let state = Selection<Origin>("state", initial: .manual, "Type", .readonly)
    public let modules = Char("modules", "In apps", .readonly)

    public static let lifecycle = Lifecycle<FieldRecord>(
        beforeCreate: { values, env in try CustomDefinitions.completeField(&values, env) },
        afterCreate: { fields in try CustomDefinitions.prepare(fields) },
        beforeWrite: { fields, values in
            try CustomDefinitions.refuseRename(
                fields.records, values, fixed: ["name", "model_id", "model", "ttype", "relation", "store", "company_dependent"])
        },
        afterWrite: { fields, _ in try CustomDefinitions.validate(fields.env) },
        beforeDelete: { fields in
            try CustomDefinitions.refuseBase(fields.records)
            try CustomDefinitions.dropChoices(of: fields)
        })

    public init() {}
}

/// One choice of a selection field, as a record.
public struct FieldChoice: Model {
    public static let name = "ir.model.fields.selection"
    public static let title = "Choice"
    public static let order = "sequence, id"

    public let field = Many2one<FieldRecord>("field_id", onDelete: .cascade, .required, .indexed)
    public let stored = Char("value", "Value", .required)
    public let displayedName = Char("name", .required)
    public let sequence = Integer("sequence", .initial(1000))

    public static let lifecycle = Lifecycle<FieldChoice>(beforeDelete: { choices in try CustomDefinitions.release(choices) })

    public init() {}
}
