/// Records of one model, by name: what doors, rules and imports work with.
///
/// Shape: ids in order, without repetition where they come from a search. Reading one record's field reads it for all of them.
public struct Records {
    let group: RecordGroup
    /// The record ids, in order.
    public let ids: [Int]

    /// Records by id; nothing is read yet.
    public init(_ model: ModelSchema, _ ids: [Int], _ env: Environment) {
        group = RecordGroup(model: model, env: env, ids: ids)
        self.ids = ids
    }

    init(group: RecordGroup, ids: [Int]) {
        self.group = group
        self.ids = ids
    }

    /// The model.
    public var model: ModelSchema { group.model }
    /// Who, when, and in which unit of work.
    public var env: Environment { group.env }
    /// Whether there are none.
    public var isEmpty: Bool { ids.isEmpty }
    /// How many there are.
    public var count: Int { ids.count }

    /// The same records in another environment of the same unit of work.
    public func with(_ env: Environment) -> Records { Records(model, ids, env) }

    /// One of the records, read together with the others.
    public func only(_ id: Int) -> Records { Records(group: group, ids: [id]) }

    /// The value of a field of one of the records.
    public func value(_ id: Int, _ field: Field) throws -> Value { try group.value(id, field) }

    /// The value of a field, by name, of one of the records.
    public func value(_ id: Int, _ name: String) throws -> Value { try group.value(id, try model.requireField(name)) }

    /// The value of a field of the first record; nothing when there is none.
    public func value(_ name: String) throws -> Value {
        guard let id = ids.first else { return .null }
        return try value(id, name)
    }

    /// The records that a relation leads to from any of these, without repetition.
    public func related(_ name: String) throws -> Records {
        let field = try model.requireField(name)
        guard let comodel = field.kind.comodel else { throw Refusal.badValue(name, in: model.name, expected: "a relation") }
        var seen = OrderedIds()
        for id in ids { _ = seen.add(try value(id, field).idList ?? []) }
        return Records(try env.registry.requireModel(comodel), seen.list, env)
    }
}

/// Records that are read together, in one environment.
final class RecordGroup {
    /// The most records that one read brings along.
    static let prefetchLimit = 1_000

    let model: ModelSchema
    let env: Environment
    let ids: [Int]

    init(model: ModelSchema, env: Environment, ids: [Int]) {
        self.model = model
        self.env = env
        self.ids = ids
    }

    /// The value of a field of a record; masked fields are refused, and lists keep to what the user may read.
    func value(_ id: Int, _ field: Field) throws -> Value {
        if !field.isGuarded { return try plainValue(id, field) }
        if env.isSuperuser { return try guardedValue(id, field) }
        guard env.canSee(field) else { throw Refusal.hiddenFields([field.name], on: model, .read) }
        let value = try guardedValue(id, field)
        guard let comodel = field.kind.comodel, let ids = value.idList, !ids.isEmpty else { return value }
        return .ids(try env.reachable(ids, in: try env.registry.requireModel(comodel), listedBy: field, in: self))
    }

    private func guardedValue(_ id: Int, _ field: Field) throws -> Value {
        field.isByCompany ? try env.companyValue(id, field, in: self) : try plainValue(id, field)
    }

    /// The value of a field of a record as the whole unit of work knows it, from the cache where it is known and allowed.
    private func plainValue(_ id: Int, _ field: Field) throws -> Value {
        let cache = env.unit.cache(model)
        if let row = cache.row(id), env.isSuperuser || cache.isVisible(row, to: env.user.id), let value = cache[row, field.slot] {
            if model.patientPath != nil { env.notePatientRead(model, id) }
            return value
        }
        return try env.load(field, of: id, in: self)
    }

    /// The same, for access by key path: a failure is remembered by the unit of work and reads as "not set".
    func softValue(_ id: Int, _ field: Field) -> Value {
        do { return try value(id, field) } catch {
            env.unit.fail(error)
            return field.empty
        }
    }

    /// The ids to read together with one, those first whose value is missing.
    func companions(of id: Int, missing slot: Int) -> [Int] {
        guard ids.count > 1 else { return [id] }
        let cache = env.unit.cache(model)
        var chosen = [id]
        for other in ids where other != id && chosen.count < RecordGroup.prefetchLimit && cache.value(other, slot) == nil {
            chosen.append(other)
        }
        return chosen
    }
}
