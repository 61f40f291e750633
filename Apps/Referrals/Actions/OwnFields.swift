import Kernel

/// Fields that actions set, so that each change is checked, explained and by a named person.
struct OwnFields {
    private let names: Set<String>

    init(_ names: String...) { self.names = Set(names) }

    /// A new record starts without them, whatever the caller sends.
    func leaveOut(of values: inout ValueMap, _ env: Environment) {
        if env.isSuperuser { return }
        for name in names { values[name] = nil }
    }

    /// Refuses a write that touches one of them.
    func refuse<M: Model>(_ records: Recordset<M>, _ values: ValueMap) throws {
        if records.env.isSuperuser { return }
        guard let name = values.names.first(where: names.contains) else { return }
        throw Refusal(
            "record.by_action_only", .validation, "'\(name)' of \(M.name) is changed by actions, not by writing it.",
            instruction: "Ask for the record's actions and call one.")
    }

    /// Both rules as a model's lifecycle.
    func lifecycle<M: Model>(
        afterCreate: (@Sendable (Recordset<M>) throws -> Void)? = nil,
        afterWrite: (@Sendable (Recordset<M>, Set<String>) throws -> Void)? = nil
    ) -> Lifecycle<M> {
        Lifecycle(
            beforeCreate: { values, env in leaveOut(of: &values, env) }, afterCreate: afterCreate,
            beforeWrite: { records, values in try refuse(records, values) }, afterWrite: afterWrite)
    }
}
