import Kernel

/// Models and fields made at run time, kept as records of `ir.model` and `ir.model.fields`.
enum CustomDefinitions {
    /// The longest name of a custom model or field.
    static let nameLimit = 60

    static func checkModelName(_ name: String) throws {
        guard name.hasPrefix("x_"), isPlain(name), name.count <= nameLimit else {
            throw Refusal(
                "custom.model_name", .validation,
                "The model name must start with 'x_' and contain only lower-case letters, digits, dots and underscores.",
                instruction: "Choose another name.")
        }
    }

    /// Completes the values of a field to be made, and refuses names that do not begin with `x_`.
    static func completeField(_ values: inout ValueMap, _ env: Environment) throws {
        if let id = values["model_id"]?.intValue {
            values["model"] = .text(env.asSuperuser("the model's name is no secret").record(ModelRecord.self, id).model)
        }
        if env.isSuperuser { return }
        let name = values["name"]?.textValue ?? ""
        guard name.hasPrefix("x_"), isPlain(name), name.count <= nameLimit else {
            throw Refusal(
                "custom.field_name", .validation, "Custom fields must have a name that starts with 'x_'!",
                instruction: "Choose another name.")
        }
        values["state"] = "manual"
        if case .text(let text)? = values["selection"], let items = try choices(text) {
            values["selection_ids"] = .list(
                items.enumerated().map { index, item in
                    [0, 0, ["value": .text(item.0), "name": .text(item.1), "sequence": .int(index)]]
                })
        }
    }

    /// A custom model gets its name field and rights for administrators; a registry with it is tried before the commit.
    static func prepare(_ models: Recordset<ModelRecord>) throws {
        let env = models.env
        if env.isSuperuser { return }
        let superuser = env.asSuperuser("a custom model's own parts are made by the machine")
        for model in models {
            try model.write(["state": "manual"])
            if !model.fields.contains(where: { $0.displayedName == "x_name" }) {
                try superuser.create(
                    FieldRecord.self,
                    ["name": "x_name", "model_id": .int(model.id), "field_description": "Name", "ttype": "char", "state": "manual"])
            }
            for group in ["base.group_system"] {
                try superuser.create(
                    ModelAccess.self,
                    [
                        "name": .text(model.model + " " + group), "model_id": .int(model.id),
                        "group_id": .int(try Reference.require(group, env)),
                        "perm_read": true, "perm_write": true, "perm_create": true, "perm_unlink": true,
                    ])
            }
        }
        try validate(env)
    }

    static func prepare(_ fields: Recordset<FieldRecord>) throws { if !fields.env.isSuperuser { try validate(fields.env) } }

    static func refuseRename(_ records: Records, _ values: ValueMap, fixed: [String]) throws {
        if records.env.isSuperuser { return }
        for name in fixed where values[name] != nil {
            throw Refusal(
                "custom.fixed", .validation, "'\(name)' of a model or field cannot be changed.",
                instruction: "Make a new one and move the values.")
        }
        try refuseBase(records)
    }

    static func refuseBase(_ records: Records) throws {
        if records.env.isSuperuser { return }
        for id in records.ids where try records.value(id, "state").textValue == Origin.base.rawValue {
            throw Refusal(
                "custom.base", .validation, "This belongs to an app and cannot be changed here.",
                instruction: "Change custom models and fields only.")
        }
    }

    private static let goesWithField = "choices_go_with_field"

    /// Choices go with their field; its values stay in their column, as those of all fields that are no more.
    static func dropChoices(of fields: Recordset<FieldRecord>) throws {
        let superuser = try fields.env.asSuperuser("choices go with their field").with(context: [goesWithField: true])
        try superuser.search(FieldChoice.self, .where("field_id", .in, .ids(fields.ids))).unlink()
    }

    /// Records that have a choice which goes lose it; a field that must be set keeps its choice.
    static func release(_ choices: Recordset<FieldChoice>) throws {
        if choices.env.context[goesWithField] == .bool(true) { return }
        let superuser = choices.env.asSuperuser("a choice goes from the records of everybody")
        let everything = try superuser.with(context: ["active_test": false])
        for choice in choices {
            guard let field = choice.field, field.state == .manual, let model = superuser.registry.model(field.modelName),
                model.field(field.displayedName)?.hasColumn ?? false
            else { continue }
            try everything.search(model, .where(field.displayedName, .equal, .text(choice.stored))).write([field.displayedName: .null])
        }
    }

    /// Tries the registry that the definitions would lead to.
    static func validate(_ env: Environment) throws {
        let superuser = env.asSuperuser("definitions are checked as a whole")
        _ = try env.registry.with(custom: try load(superuser))
    }

    /// The custom models and fields of the database.
    static func load(_ env: Environment) throws -> [CustomModel] {
        let everything = try env.with(context: ["active_test": false])
        var result: [CustomModel] = []
        for model in try everything.search(ModelRecord.self, .where("state", .equal, "manual"), order: "id") {
            result.append(CustomModel(name: model.model, title: model.displayedName, hasChatter: model.isThread, fields: []))
        }
        for field in try everything.search(FieldRecord.self, .where("state", .equal, "manual"), order: "id") {
            let custom = try customField(field)
            if let place = result.firstIndex(where: { $0.name == field.modelName }) {
                result[place].fields.append(custom)
            } else {
                result.append(CustomModel(name: field.modelName, title: field.modelName, fields: [custom]))
            }
        }
        return result
    }

    private static func customField(_ field: Record<FieldRecord>) throws -> CustomField {
        var custom = CustomField(
            name: field.displayedName, kind: try kind(field), title: field.label.isEmpty ? field.displayedName : field.label)
        custom.help = field.help
        custom.required = field.required
        custom.readonly = field.readonly
        custom.indexed = field.indexed
        custom.tracked = field.tracked > 0
        custom.copied = field.copied
        custom.size = field.size
        custom.isByCompany = field.isByCompany
        custom.groups = try groups(of: field)
        custom.related = field.related.isEmpty ? nil : field.related
        return custom
    }

    /// The external ids of the groups that a field is for; a group without one still hides the field, from everybody.
    private static func groups(of field: Record<FieldRecord>) throws -> [String] {
        let ids = field.groups.ids
        if ids.isEmpty { return [] }
        let domain = Domain.where("model", .equal, .text(Group.name)) & .where("res_id", .in, .ids(ids))
        let names = try field.env.search(ExternalId.self, domain, order: "id")
        let found = try names.map { (try $0.value("module").textValue ?? "") + "." + (try $0.value("name").textValue ?? "") }
        return found.isEmpty ? ["base.group_nobody"] : found
    }

    private static func kind(_ field: Record<FieldRecord>) throws -> FieldKind {
        switch field.type {
        case "boolean": .boolean
        case "integer": .integer
        case "float": .float
        case "monetary": .monetary(currency: field.currency.isEmpty ? "currency_id" : field.currency)
        case "char": .char
        case "text": .text
        case "html": .html
        case "date": .date
        case "datetime": .datetime
        case "binary": .binary
        case "json": .json
        case "reference": .reference
        case "many2one_reference" where !field.relationField.isEmpty: .many2oneReference(modelField: field.relationField)
        case "selection": .selection(field.choices.map { SelectionItem($0.stored, $0.displayedName) })
        case "many2one": .many2one(field.relation, onDelete: DeleteRule(rawValue: field.onDelete) ?? .setNull)
        case "one2many": .one2many(field.relation, inverse: field.relationField)
        case "many2many":
            .many2many(
                field.relation,
                relation: LinkTable(
                    table: field.relationTable.isEmpty ? "x_rel_\(field.id)" : field.relationTable, own: "own_id", other: "other_id"))
        default:
            throw Refusal(
                "custom.type", .validation, "There is no field type '\(field.type)'.", instruction: "Choose one of Odoo's field types.")
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
    }

    /// Reads `[('a', 'A'), …]`.
    private static func choices(_ text: String) throws -> [(String, String)]? {
        guard !text.isEmpty else { return nil }
        var words: [String] = []
        var current: String?
        for character in text {
            if let open = current {
                if character == "'" || character == "\"" {
                    words.append(open)
                    current = nil
                } else {
                    current = open + String(character)
                }
            } else if character == "'" || character == "\"" {
                current = ""
            }
        }
        guard words.count % 2 == 0 else {
            throw Refusal(
                "custom.selection", .validation, "The choices are not a list of pairs.", instruction: "Write [('value', 'Label'), …].")
        }
        return stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) }
    }
}
