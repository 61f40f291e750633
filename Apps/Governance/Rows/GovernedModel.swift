import JSON
import Kernel

/// A model whose records change how the house behaves, and which Odoo's clients write directly: automation rules, schedules, policies.
///
/// How an app adopts it:
/// 1. `app.govern(GovernedModel("automation", model: "base.automation", title: "Automation rule"))` where it builds its `App`. The model gets
///    the fields `governance_state` and `governance_version_id`.
/// 2. Its engine asks `GovernedRows.inForce` and works from the values there, never from the records: they are what the last writer wants.
///    It makes its effects in `env.because(row.cause)`.
/// 3. Compiled forms are kept with `env.remembered("…", from: Definitions.models)`.
///
/// Making or writing such a record makes or updates a draft, a snapshot of the record, which a second person releases. Where the parameter
/// `governance.direct_changes` names the model (or `*`), and for what the machine itself makes, it is released at once.
public struct GovernedModel: DefinitionKind {
    /// One more model whose records belong to the governed one: the lines of a policy.
    public struct Lines: Sendable {
        /// The one2many field of the governed model.
        public let field: String
        /// The lines' model.
        public let model: String
        /// The lines' field that leads back.
        public let inverse: String
        /// The fields of a line that count; nil for all that are stored.
        public let fields: [String]?

        /// The records that a list field leads to.
        public init(_ field: String, model: String, inverse: String, fields: [String]? = nil) {
            self.field = field
            self.model = model
            self.inverse = inverse
            self.fields = fields
        }
    }

    /// A further check, by the app that owns the model: problems of a record's values.
    public typealias Check = @Sendable (GovernedRow, Environment) throws -> [DefinitionProblem]

    /// Told which version of a record is in force from now on; nil when none is any more.
    public typealias Follow = @Sendable (_ record: Int, GovernedRow?, Environment) throws -> Void

    public let name: String
    public let title: String
    /// The model's technical name.
    public let model: String
    /// The fields that count; nil for all that are stored and not computed.
    public let fields: [String]?
    /// Records that are part of it.
    public let lines: [Lines]
    let further: Check
    let follow: Follow

    /// A governed model; `name` is the kind in causes.
    public init(
        _ name: String, model: String, title: String, fields: [String]? = nil, lines: [Lines] = [],
        check: @escaping Check = { _, _ in [] }, follow: @escaping Follow = { _, _, _ in }
    ) {
        self.name = name
        self.title = title
        self.model = model
        self.fields = fields
        self.lines = lines
        self.follow = follow
        further = check
    }

    public func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        try follow(version.record, GovernedRow(version, of: self, in: env), env)
    }

    public func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        try follow(version.record, next.map { try GovernedRow($0, of: self, in: env) }, env)
    }

    public func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        let schema = try env.registry.requireModel(model)
        guard let values = content["values"]?.objectValue else {
            return [DefinitionProblem("values", "There is no snapshot of a record.", remedy: "Change the record itself.")]
        }
        let unknown = values.keys.filter { schema.field($0) == nil }
        if let name = unknown.first {
            return [DefinitionProblem("values." + name, "\(model) has no field '\(name)'.", remedy: "Leave it out.")]
        }
        return try further(GovernedRow(id: content["id"]?.intValue ?? 0, content: content, of: self, in: env), env)
    }
}

extension App {
    /// Puts a model under governance: see `GovernedModel`.
    public mutating func govern(_ governed: GovernedModel) {
        offer(governed)
        observe(GovernedObserver(governed: governed))
        mixIn { mixin in
            guard mixin.model.name == governed.model else { return }
            for field in GovernedFields.all(governed) { try mixin.add(field) }
        }
    }
}
