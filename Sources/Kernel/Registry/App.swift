/// One business app, whole: its models, who may do what with them, and the records it starts with.
public struct App: Sendable {
    /// A short technical name: `crm`.
    public let name: String
    /// What people read.
    public let title: String
    /// Names of apps that must be there first.
    public let needs: [String]
    package private(set) var parts: [AppPart] = []
    package private(set) var groups: [GroupDefinition] = []
    package private(set) var rights: [RightDefinition] = []
    package private(set) var rules: [RuleDefinition] = []
    package private(set) var seeds: [Seed] = []
    package private(set) var demos: [Seed] = []
    package private(set) var starts: [Seed] = []
    package private(set) var observers: [any RecordObserver] = []
    package private(set) var actionGuards: [any ActionGuard] = []
    package private(set) var mixins: [@Sendable (ModelMixin) throws -> Void] = []
    package private(set) var offers: [any Sendable] = []
    package private(set) var remembered: [String] = []
    package private(set) var directory: (any Directory)?

    /// Fills a database with records; runs once per database and again when `version` rises.
    public struct Seed: Sendable {
        /// The name, for people and for what was done already.
        public let name: String
        /// Raised when it must run again.
        public let version: Int
        /// What it does.
        public let body: @Sendable (Environment) throws -> Void
    }

    /// An app; its parts are added in the closure.
    public init(_ name: String, _ title: String, needs: [String] = [], _ build: (inout App) -> Void) {
        self.name = name
        self.title = title
        self.needs = needs
        build(&self)
    }

    /// Adds a model.
    public mutating func add<M: Model>(_ model: M.Type) {
        let app = name
        parts.append(.model { try Registry.schema(of: model, app: app) })
    }

    /// Adds fields and actions to another app's model.
    public mutating func extend<E: ModelExtension>(_ type: E.Type) {
        parts.append(.extension(E.Base.name) { try Registry.apply(type, to: $0) })
    }

    /// Adds fields and methods to every model for which the closure chooses to, custom ones included.
    public mutating func mixIn(_ body: @escaping @Sendable (ModelMixin) throws -> Void) { mixins.append(body) }

    /// Declares a group of users.
    public mutating func group(_ externalId: String, _ title: String, implies: [String] = []) {
        groups.append(GroupDefinition(externalId: externalId, title: title, implies: implies))
    }

    /// Lets a group read, write, create or delete (`rwcd`) records of a model.
    public mutating func allow(_ group: String, _ operations: String, on models: String...) {
        for model in models { rights.append(RightDefinition(model: model, group: group, operations: operations)) }
    }

    /// Limits a model's records: with groups, what these groups may reach; without, what nobody may go beyond.
    public mutating func rule(_ name: String, on model: String, _ domain: String, groups: [String] = [], operations: String = "rwcd") {
        rules.append(RuleDefinition(name: name, model: model, domain: domain, groups: groups, operations: operations))
    }

    /// Records that every database has.
    public mutating func seed(_ name: String, version: Int = 1, _ body: @escaping @Sendable (Environment) throws -> Void) {
        seeds.append(Seed(name: name, version: version, body: body))
    }

    /// Records of the demo hospital group.
    public mutating func demo(_ name: String, version: Int = 1, _ body: @escaping @Sendable (Environment) throws -> Void) {
        demos.append(Seed(name: name, version: version, body: body))
    }

    /// Brings records in line with the program at every start, after the seeds; quick when nothing is new.
    public mutating func atStart(_ name: String, _ body: @escaping @Sendable (Environment) throws -> Void) {
        starts.append(Seed(name: name, version: 1, body: body))
    }

    /// Watches records of all models.
    public mutating func observe(_ observer: any RecordObserver) { observers.append(observer) }

    /// Gives other apps something that they look for by its type with `Registry.offered`: a kind of definition, a way to try again.
    public mutating func offer(_ service: any Sendable) { offers.append(service) }

    /// Names models of which something is remembered (`Environment.remembered`): a database whose tables this program makes counts their changes
    /// from the beginning. Others are counted once something is remembered of them, and what is remembered then counts ten minutes later.
    public mutating func remembers(_ models: String...) { remembered += models }

    /// Stands before actions of all models.
    public mutating func guardActions(_ guardian: any ActionGuard) { actionGuards.append(guardian) }

    /// Says who the users are and what they may do; exactly one app does.
    public mutating func provide(_ directory: any Directory) { self.directory = directory }
}

/// A model or an extension, before the registry takes it in.
package enum AppPart: Sendable {
    case model(@Sendable () throws -> ModelSchema)
    case `extension`(String, @Sendable (ModelSchema) throws -> Void)
}

/// A group that an app declares.
public struct GroupDefinition: Sendable {
    /// The external id.
    public let externalId: String
    /// What people read.
    public let title: String
    /// External ids of the groups whose rights come along.
    public let implies: [String]
}

/// A model right that an app declares; operations are letters of `rwcd`.
public struct RightDefinition: Sendable {
    /// The model.
    public let model: String
    /// The group's external id.
    public let group: String
    /// Letters of `rwcd`.
    public let operations: String
}

/// A record rule that an app declares; the domain is text in Odoo's notation.
public struct RuleDefinition: Sendable {
    /// The name, for people and for what was done already.
    public let name: String
    /// The model.
    public let model: String
    /// The condition, in Odoo's notation.
    public let domain: String
    /// External ids of the groups that it is for; empty means everybody.
    public let groups: [String]
    /// Letters of `rwcd`.
    public let operations: String
}

/// A model while mix-ins add to it.
public struct ModelMixin {
    /// The model.
    public let model: ModelSchema

    /// Adds a field.
    public func add(_ field: Field) throws { try model.add(field) }

    /// Adds a method on records of the model.
    public func method(
        _ name: String, _ parameters: [String] = [], readsOnly: Bool = false,
        _ body: @escaping @Sendable (Records, ValueMap) throws -> Value
    ) {
        if model.methodsByName[name] != nil { return }
        model.methodsByName[name] = AnyMethod(name: name, parameters: parameters, takesRecords: true, readsOnly: readsOnly, body: body)
    }
}
