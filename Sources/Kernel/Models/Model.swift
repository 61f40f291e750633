/// A typed thing with a life: a struct whose stored properties are its fields.
///
/// Everything else is declared in static members, all of which have a default.
public protocol Model: Sendable {
    /// The technical name, Odoo's where Odoo has one: `purchase.order`.
    static var name: String { get }
    /// What people call one of them.
    static var title: String { get }
    /// The order of a search that names none.
    static var order: String { get }
    /// The field that names a record.
    static var nameField: String { get }
    /// Where a record's display name is more than one field.
    static var displayName: (@Sendable (Record<Self>) throws -> String)? { get }
    /// The fields that `name_search` looks in.
    static var searchFields: [String] { get }
    /// The field that makes a tree of the records.
    static var parentField: String { get }
    /// Messages, followers, tracking and activities.
    static var hasChatter: Bool { get }
    /// The dotted path to the patient whose record this belongs to; reads of such models are logged. `id` for the patient itself.
    static var patientPath: String? { get }
    /// The record whose reader may read this one too: a message is read by whoever may read what it is about.
    static var owner: OwnerLink? { get }
    /// What users may do with records, beyond editing them.
    static var actions: [Action<Self>] { get }
    /// What programs may call by name, with arguments.
    static var methods: [Method<Self>] { get }
    /// What must hold for each record.
    static var constraints: [Constraint<Self>] { get }
    /// For currencies: what amounts in one are rounded to, such as 0.01.
    static var roundingStep: (@Sendable (Record<Self>) throws -> Amount)? { get }
    /// Combinations that may occur once.
    static var unique: [Unique] { get }
    /// Indexes over several columns.
    static var indexes: [[String]] { get }
    /// What happens around creating, writing and deleting.
    static var lifecycle: Lifecycle<Self> { get }

    init()
}

extension Model {
    public static var order: String { "id" }
    public static var nameField: String { "name" }
    public static var displayName: (@Sendable (Record<Self>) throws -> String)? { nil }
    public static var searchFields: [String] { [nameField] }
    public static var parentField: String { "parent_id" }
    public static var hasChatter: Bool { false }
    public static var patientPath: String? { nil }
    public static var owner: OwnerLink? { nil }
    public static var roundingStep: (@Sendable (Record<Self>) throws -> Amount)? { nil }
    public static var actions: [Action<Self>] { [] }
    public static var methods: [Method<Self>] { [] }
    public static var constraints: [Constraint<Self>] { [] }
    public static var unique: [Unique] { [] }
    public static var indexes: [[String]] { [] }
    public static var lifecycle: Lifecycle<Self> { Lifecycle() }
}

/// Fields and actions that an app adds to another app's model.
public protocol ModelExtension: Sendable {
    associatedtype Base: Model
    /// What the extension lets users do with records.
    static var actions: [Action<Base>] { get }
    /// What the extension lets programs call.
    static var methods: [Method<Base>] { get }
    /// What must hold for each record.
    static var constraints: [Constraint<Base>] { get }

    init()
}

extension ModelExtension {
    public static var actions: [Action<Base>] { [] }
    public static var methods: [Method<Base>] { [] }
    public static var constraints: [Constraint<Base>] { [] }
}

/// How a record names the one that it belongs to.
public enum OwnerLink: Sendable {
    /// By a field that names the model and one that holds the id.
    case reference(model: String, id: String)
    /// By a many2one, to a model that itself may have an owner.
    case link(String)
}

/// A combination of fields that may occur once.
public struct Unique: Sendable, Hashable {
    /// The fields, by technical name.
    public let fields: [String]
    /// What people are told.
    public let message: String

    /// Refuses a second record with the same values, with this sentence.
    public init(_ fields: String..., message: String) {
        self.fields = fields
        self.message = message
    }
}

/// Something that must hold for a record whenever one of the fields changed.
public struct Constraint<M: Model>: Sendable {
    /// The fields, by technical name.
    public let fields: [String]
    let check: @Sendable (Record<M>) throws -> Void

    /// Checks each record after a change of the fields; throwing a refusal undoes the unit of work.
    public init(_ fields: String..., check: @escaping @Sendable (Record<M>) throws -> Void) {
        self.fields = fields
        self.check = check
    }
}

/// What happens around creating, writing and deleting, in the same unit of work.
public struct Lifecycle<M: Model>: Sendable {
    /// Completes the values of records about to be created.
    public var beforeCreate: (@Sendable (inout ValueMap, Environment) throws -> Void)?
    /// Follows up on new records.
    public var afterCreate: (@Sendable (Recordset<M>) throws -> Void)?
    /// Completes or refuses a write.
    public var beforeWrite: (@Sendable (Recordset<M>, inout ValueMap) throws -> Void)?
    /// Follows up on a write; the names are those that were written.
    public var afterWrite: (@Sendable (Recordset<M>, Set<String>) throws -> Void)?
    /// Refuses a deletion, or prepares it.
    public var beforeDelete: (@Sendable (Recordset<M>) throws -> Void)?

    /// Nothing happens unless said.
    public init(
        beforeCreate: (@Sendable (inout ValueMap, Environment) throws -> Void)? = nil,
        afterCreate: (@Sendable (Recordset<M>) throws -> Void)? = nil,
        beforeWrite: (@Sendable (Recordset<M>, inout ValueMap) throws -> Void)? = nil,
        afterWrite: (@Sendable (Recordset<M>, Set<String>) throws -> Void)? = nil,
        beforeDelete: (@Sendable (Recordset<M>) throws -> Void)? = nil
    ) {
        self.beforeCreate = beforeCreate
        self.afterCreate = afterCreate
        self.beforeWrite = beforeWrite
        self.afterWrite = afterWrite
        self.beforeDelete = beforeDelete
    }
}
