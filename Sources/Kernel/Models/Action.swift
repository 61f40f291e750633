/// Something that a user may do with records: a button, and a method of the API.
///
/// The server offers an action where the user's groups and its condition allow it, and asks both again when it runs.
public struct Action<M: Model>: Sendable {
    /// The method name, Odoo's where Odoo has one.
    public let name: String
    /// What the button says.
    public let title: String
    /// External ids of the groups that may use it; empty means everybody who may write the record.
    public let groups: [String]
    /// Whether a person must have shown a moment ago that it is them: a browser's session that was left alone does not suffice.
    public let needsProof: Bool
    let isOffered: @Sendable (Record<M>) throws -> Bool
    let body: @Sendable (Recordset<M>, ValueMap) throws -> Value

    /// An action without arguments.
    public init(
        _ name: String, _ title: String, groups: [String] = [], needsProof: Bool = false,
        when isOffered: @escaping @Sendable (Record<M>) throws -> Bool = { _ in true },
        _ body: @escaping @Sendable (Recordset<M>) throws -> Void
    ) {
        self.name = name
        self.title = title
        self.groups = groups
        self.needsProof = needsProof
        self.isOffered = isOffered
        self.body = { records, _ in
            try body(records)
            return .bool(true)
        }
    }

    /// An action with named arguments and an answer.
    public init(
        _ name: String, _ title: String, groups: [String] = [], needsProof: Bool = false,
        when isOffered: @escaping @Sendable (Record<M>) throws -> Bool = { _ in true },
        taking body: @escaping @Sendable (Recordset<M>, ValueMap) throws -> Value
    ) {
        self.name = name
        self.title = title
        self.groups = groups
        self.needsProof = needsProof
        self.isOffered = isOffered
        self.body = body
    }
}

/// A method that programs may call by name.
public struct Method<M: Model>: Sendable {
    /// The method name, Odoo's where Odoo has one.
    public let name: String
    /// Names of the positional arguments, after the ids for record methods.
    public let parameters: [String]
    /// Whether the first argument holds record ids.
    public let takesRecords: Bool
    /// Whether it only reads, so that it may run on a snapshot.
    public let readsOnly: Bool
    let body: @Sendable (Recordset<M>, ValueMap) throws -> Value

    /// A method on records.
    public init(
        _ name: String, _ parameters: [String] = [], readsOnly: Bool = false,
        onRecords body: @escaping @Sendable (Recordset<M>, ValueMap) throws -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.takesRecords = true
        self.readsOnly = readsOnly
        self.body = body
    }

    /// A method of the model.
    public init(
        _ name: String, _ parameters: [String] = [], readsOnly: Bool = false,
        onModel body: @escaping @Sendable (Environment, ValueMap) throws -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.takesRecords = false
        self.readsOnly = readsOnly
        self.body = { records, arguments in try body(records.env, arguments) }
    }
}

/// An action without its model's type, as the registry and the doors use it.
public struct AnyAction: Sendable {
    /// The method name, Odoo's where Odoo has one.
    public let name: String
    /// What the button says.
    public let title: String
    /// External ids of the groups that it is for; empty means everybody.
    public let groups: [String]
    /// Whether a person must have shown a moment ago that it is them.
    public let needsProof: Bool
    /// What a guard says that it leads to, where it does not simply happen.
    public internal(set) var mark: String?
    let isOffered: @Sendable (Records, Int) throws -> Bool
    let body: @Sendable (Records, ValueMap) throws -> Value

    init<M: Model>(_ action: Action<M>) {
        name = action.name
        title = action.title
        groups = action.groups
        needsProof = action.needsProof
        isOffered = { records, id in try action.isOffered(Record<M>(id: id, records: records)) }
        body = { records, arguments in try action.body(Recordset<M>(records), arguments) }
    }
}

/// A method without its model's type.
public struct AnyMethod: Sendable {
    /// The method name, Odoo's where Odoo has one.
    public let name: String
    /// Names of the positional arguments, after the ids for record methods.
    public let parameters: [String]
    /// Whether the first argument holds record ids.
    public let takesRecords: Bool
    /// Whether it only reads.
    public let readsOnly: Bool
    package let body: @Sendable (Records, ValueMap) throws -> Value

    init(
        name: String, parameters: [String], takesRecords: Bool, readsOnly: Bool,
        body: @escaping @Sendable (Records, ValueMap) throws -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.takesRecords = takesRecords
        self.readsOnly = readsOnly
        self.body = body
    }

    init<M: Model>(_ method: Method<M>) {
        name = method.name
        parameters = method.parameters
        takesRecords = method.takesRecords
        readsOnly = method.readsOnly
        body = { records, arguments in try method.body(Recordset<M>(records), arguments) }
    }
}

/// A constraint without its model's type.
struct AnyConstraint: Sendable {
    let fields: Set<String>
    let check: @Sendable (Records) throws -> Void

    init<M: Model>(_ constraint: Constraint<M>) {
        fields = Set(constraint.fields)
        check = { records in for record in Recordset<M>(records) { try constraint.check(record) } }
    }
}

/// A lifecycle without its model's type.
struct AnyLifecycle: Sendable {
    var beforeCreate: (@Sendable (inout ValueMap, Environment) throws -> Void)?
    var afterCreate: (@Sendable (Records) throws -> Void)?
    var beforeWrite: (@Sendable (Records, inout ValueMap) throws -> Void)?
    var afterWrite: (@Sendable (Records, Set<String>) throws -> Void)?
    var beforeDelete: (@Sendable (Records) throws -> Void)?

    init() {}

    init<M: Model>(_ lifecycle: Lifecycle<M>) {
        beforeCreate = lifecycle.beforeCreate
        if let body = lifecycle.afterCreate { afterCreate = { try body(Recordset<M>($0)) } }
        if let body = lifecycle.beforeWrite { beforeWrite = { records, values in try body(Recordset<M>(records), &values) } }
        if let body = lifecycle.afterWrite { afterWrite = { records, names in try body(Recordset<M>(records), names) } }
        if let body = lifecycle.beforeDelete { beforeDelete = { try body(Recordset<M>($0)) } }
    }
}
