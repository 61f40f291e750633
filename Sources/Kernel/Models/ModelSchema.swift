/// One model as the registry knows it: its fields by name and by slot, and what may be done with its records.
///
/// Immutable once its registry is built. Custom models made at run time have no Swift type behind them; to everything that works by name
/// they are the same.
public final class ModelSchema: @unchecked Sendable {
    /// Slots of the fields that every model has.
    public enum Slot {
        /// The slot of the field that its name says.
        public static let id = 0, displayName = 1, createdBy = 2, createdOn = 3, writtenBy = 4, writtenOn = 5, version = 6
    }

    /// The most fields that a model may have, custom ones included.
    public static let fieldLimit = 250

    /// The technical name.
    public let name: String
    /// What people call one of its records.
    public let title: String
    /// The SQL table: the name with underscores.
    public let table: String
    /// The app that declared it.
    public let app: String
    /// How records are ordered when nothing else is asked for.
    public let order: String
    /// The field that names a record.
    public let nameField: String
    /// The fields that a search by name looks in.
    public let searchFields: [String]
    /// The field that makes a tree of the records.
    public let parentField: String
    /// Whether it has messages, followers and activities.
    public let hasChatter: Bool
    /// The dotted path to the patient, for models whose reads are logged.
    public let patientPath: String?
    /// Whether it was made at run time.
    public let isCustom: Bool
    /// The record whose readers may read this one.
    public internal(set) var owner: OwnerLink?
    /// Combinations that may occur once.
    public internal(set) var unique: [Unique]
    /// Indexes over several columns.
    public internal(set) var indexes: [[String]]
    /// The place of the model in its registry.
    public internal(set) var index = -1
    /// Every field, by slot.
    public internal(set) var fields: [Field] = []
    var fieldsByName: [String: Field] = [:]
    /// What users may do with records.
    public internal(set) var actions: [AnyAction] = []
    var methodsByName: [String: AnyMethod] = [:]
    var constraints: [AnyConstraint] = []
    var lifecycle = AnyLifecycle()
    var observers = ModelObservers()
    var displayName: (@Sendable (Records) throws -> [Value])?
    var definition: AnyObject?
    var extensions: [ObjectIdentifier: AnyObject] = [:]
    /// What must be found again when a field changes, by the field's slot.
    var triggers: [[Trigger]] = []
    /// The lists in linked models that a many2one puts records into, as slots of those models, by the link's slot.
    var lists: [[Int]] = []
    /// Fields that stand in columns of the table, `id` first.
    public internal(set) var columns: [Field] = []
    /// Fields of which a new record has a value at once: all but the automatic names and what is found or differs by company.
    var plainFields: [Field] = []
    /// Whether a field has a value for each company.
    var hasCompanyValues = false
    /// Links to records whose fields are this model's too.
    var delegates: [Field] = []
    /// The links to the currencies by which amounts are rounded, by the amount's slot.
    var currencies: [Int: Field] = [:]
    /// What amounts in one of the records, a currency, are rounded to.
    var roundingStep: (@Sendable (Records, Int) throws -> Amount)?
    /// Links that must stay within the record's company.
    var companyChecked: [Field] = []
    /// Fields that have a default.
    var defaulted: [Field] = []
    /// Fields that a record must have set; numbers and booleans always are.
    var requiredFields: [Field] = []
    /// Fields that hold an id, each with the field that names its model.
    var references: [(id: Field, model: Field)] = []
    /// Orders that were read before, by their text.
    let orders = Locked<[String: [OrderTerm]]>([:])
    /// The columns of the model's own order, without the id that ends it.
    public let orderNames: [String]
    /// Whether the model itself records what happened, so that its own records need no line in the audit trail.
    var isTrail: Bool { name == "mail.message" || name == "mail.tracking.value" || name == "mail.followers" || name == "mail.notification" }

    init(
        name: String, title: String, app: String, order: String = "id", nameField: String = "name", searchFields: [String]? = nil,
        parentField: String = "parent_id", hasChatter: Bool = false, patientPath: String? = nil, isCustom: Bool = false,
        unique: [Unique] = [],
        indexes: [[String]] = []
    ) {
        self.name = name
        self.title = title
        self.app = app
        self.table = name.map { $0 == "." ? "_" : $0 }.reduce(into: "") { $0.append($1) }
        self.order = order
        self.nameField = nameField
        self.searchFields = searchFields ?? [nameField]
        self.parentField = parentField
        self.hasChatter = hasChatter
        self.patientPath = patientPath
        self.isCustom = isCustom
        self.unique = unique
        self.indexes = indexes
        orderNames = order.split(separator: ",").compactMap { $0.split(separator: " ").first.map(String.init) }
        addAutomaticFields()
    }

    /// The field of that name.
    public func field(_ name: String) -> Field? { fieldsByName[name] }

    /// The field of that name, or a refusal.
    public func requireField(_ name: String) throws -> Field {
        guard let field = fieldsByName[name] else { throw Refusal.unknownField(name, in: self.name) }
        return field
    }

    /// The method of that name.
    public func method(_ name: String) -> AnyMethod? { methodsByName[name] }

    /// The action of that name.
    public func action(_ name: String) -> AnyAction? { actions.first { $0.name == name } }

    /// The names of all methods that apps added, for documentation and tests.
    public var methodNames: [String] { methodsByName.keys.sorted() }

    func add(_ field: Field) throws {
        guard fieldsByName[field.name] == nil else {
            throw Refusal("registry.duplicate_field", .internalFault, "The field '\(field.name)' is declared twice in '\(name)'.")
        }
        guard fields.count < ModelSchema.fieldLimit else {
            throw Refusal(
                "registry.too_many_fields", .limit, "'\(name)' has \(ModelSchema.fieldLimit) fields already.",
                instruction: "Use a related model for more.")
        }
        field.slot = fields.count
        fields.append(field)
        fieldsByName[field.name] = field
    }

    private func addAutomaticFields() {
        let automatic: [Field] = [
            Field("id", .integer, title: "ID", [.readonly, .notCopied, .aggregator(nil)]),
            Field("display_name", .char, title: "Display name", [.readonly, .notCopied, .traits { $0.stored = false }]),
            Field("create_uid", .many2one("res.users", onDelete: .setNull), title: "Created by", [.readonly, .notCopied]),
            Field("create_date", .datetime, title: "Created on", [.readonly, .notCopied]),
            Field("write_uid", .many2one("res.users", onDelete: .setNull), title: "Last updated by", [.readonly, .notCopied]),
            Field("write_date", .datetime, title: "Last updated on", [.readonly, .notCopied]),
            Field("record_version", .integer, title: "Version", [.readonly, .notCopied, .initial(1), .aggregator(nil)]),
        ]
        for field in automatic {
            field.slot = fields.count
            fields.append(field)
            fieldsByName[field.name] = field
        }
    }
}

extension ModelSchema: CustomStringConvertible {
    public var description: String { name }
}

/// The instance of a model or extension whose key paths lead to its fields.
final class DefinitionBox<Definition: Sendable>: Sendable {
    let definition: Definition
    init(_ definition: Definition) { self.definition = definition }
}

/// A computed field that must be found again when some field changes, and the way back to its records.
struct Trigger {
    let model: ModelSchema
    let field: Field
    /// Relations from the computed field's model to the changed one, in reading order.
    let path: [TriggerStep]
}

/// One relation on the way from a computed field to what it depends on.
struct TriggerStep {
    let model: ModelSchema
    let field: Field
}
