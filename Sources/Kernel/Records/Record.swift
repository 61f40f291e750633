/// One record of a Swift model, read and written by key path.
///
/// A read or write that fails (no access, no record, no database) cannot throw here: the unit of work remembers the first failure,
/// the read gives "nothing", and the unit ends with that failure instead of a commit.
@dynamicMemberLookup
public struct Record<M: Model> {
    /// The record id.
    public let id: Int
    let group: RecordGroup

    /// One of some records, read together with the others.
    public init(id: Int, records: Records) {
        self.id = id
        group = records.group
    }

    init(id: Int, group: RecordGroup) {
        self.id = id
        self.group = group
    }

    /// Who, when, and in which unit of work.
    public var env: Environment { group.env }

    /// The record as a recordset of one, by name.
    public var records: Records { Records(group: group, ids: [id]) }

    /// The record as a recordset of one.
    public var asSet: Recordset<M> { Recordset(records) }

    /// The name that people see.
    public var displayName: String {
        group.softValue(id, group.model.fields[ModelSchema.Slot.displayName]).textValue ?? ""
    }

    /// The version that the record has now.
    public var version: Int { group.softValue(id, group.model.fields[ModelSchema.Slot.version]).intValue ?? 0 }

    /// When the record was made.
    public var createdOn: Instant? { Instant.present(group.softValue(id, group.model.fields[ModelSchema.Slot.createdOn])) }

    /// Reads or writes a plain field.
    public subscript<F: ScalarField>(dynamicMember path: KeyPath<M, F>) -> F.Content {
        get { F.Content(fieldValue: group.softValue(id, group.model.field(path))) }
        nonmutating set { group.softWrite(id, group.model.field(path), newValue.fieldValue) }
    }

    /// Reads or writes a link to one record.
    public subscript<Target: Model>(dynamicMember path: KeyPath<M, Many2one<Target>>) -> Record<Target>? {
        get { link(group.model.field(path)) }
        nonmutating set { group.softWrite(id, group.model.field(path), newValue.map { .int($0.id) } ?? .null) }
    }

    /// The records that link here.
    public subscript<Target: Model>(dynamicMember path: KeyPath<M, One2many<Target>>) -> Recordset<Target> {
        linked(group.model.field(path))
    }

    /// Reads or replaces links to several records.
    public subscript<Target: Model>(dynamicMember path: KeyPath<M, Many2many<Target>>) -> Recordset<Target> {
        get { linked(group.model.field(path)) }
        nonmutating set { group.softWrite(id, group.model.field(path), .list([[6, 0, .ids(newValue.ids)]])) }
    }

    /// Reads or writes a field that an extension adds.
    public subscript<E: ModelExtension, F: ScalarField>(path: KeyPath<E, F>) -> F.Content where E.Base == M {
        get { F.Content(fieldValue: group.softValue(id, group.model.field(path))) }
        nonmutating set { group.softWrite(id, group.model.field(path), newValue.fieldValue) }
    }

    /// Reads or writes a link that an extension adds.
    public subscript<E: ModelExtension, Target: Model>(path: KeyPath<E, Many2one<Target>>) -> Record<Target>? where E.Base == M {
        get { link(group.model.field(path)) }
        nonmutating set { group.softWrite(id, group.model.field(path), newValue.map { .int($0.id) } ?? .null) }
    }

    /// The records that link here by a field that an extension adds.
    public subscript<E: ModelExtension, Target: Model>(path: KeyPath<E, One2many<Target>>) -> Recordset<Target> where E.Base == M {
        linked(group.model.field(path))
    }

    /// Reads any field by name.
    public func value(_ name: String) throws -> Value { try group.value(id, try group.model.requireField(name)) }

    /// Writes fields by name.
    public func write(_ values: ValueMap) throws { try records.write(values) }

    private func link<Target: Model>(_ field: Field) -> Record<Target>? {
        guard let target = group.softValue(id, field).intValue else { return nil }
        return Record<Target>(
            id: target, group: RecordGroup(model: env.registry.schema(Target.self), env: env, ids: companions(field, target)))
    }

    /// The same link of the records read together with this one, so that their targets are read together too.
    private func companions(_ field: Field, _ target: Int) -> [Int] {
        guard group.ids.count > 1 else { return [target] }
        let cache = env.unit.cache(group.model)
        var targets = OrderedIds()
        _ = targets.add([target])
        for other in group.ids.prefix(RecordGroup.prefetchLimit) {
            if case .int(let id)? = cache.value(other, field.slot) { _ = targets.add([id]) }
        }
        return targets.list
    }

    private func linked<Target: Model>(_ field: Field) -> Recordset<Target> {
        let ids = group.softValue(id, field).idList ?? []
        return Recordset(Records(env.registry.schema(Target.self), ids, env))
    }
}

extension Record: Equatable {
    public static func == (left: Record<M>, right: Record<M>) -> Bool { left.id == right.id }
}

extension Record: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension ModelSchema {
    /// The field behind a key path of the Swift model.
    @inline(__always)
    func field<M: Model, F: Field>(_ path: KeyPath<M, F>) -> Field {
        guard let definition else { preconditionFailure("\(name) has no Swift model") }
        return unsafeDowncast(definition, to: DefinitionBox<M>.self).definition[keyPath: path]
    }

    /// The field behind a key path of an extension.
    func field<E: ModelExtension, F: Field>(_ path: KeyPath<E, F>) -> Field {
        guard let box = extensions[ObjectIdentifier(E.self)] else {
            preconditionFailure("\(E.self) does not extend \(name) in this registry")
        }
        return unsafeDowncast(box, to: DefinitionBox<E>.self).definition[keyPath: path]
    }
}
