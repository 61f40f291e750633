/// Telling what changed since the version that a caller knows.
extension Records {
    /// The most writes that a refusal tells of.
    public static let staleWriteLimit = 20

    /// The refusal of a change that was made from an older version of a record: what changed since, by whom and when.
    ///
    /// It names fields that the caller may see, and no values. What was computed anew is not told of, nor what left no line in the trail.
    public func stale(_ id: Int, expected: Int, found: Int) throws -> Refusal {
        let writes = try env.unit.transaction.writes(of: id, in: model, since: expected, limit: Records.staleWriteLimit)
        let users = try env.registry.model("res.users").map { model in
            try Dictionary(
                uniqueKeysWithValues: Set(writes.map(\.userId)).map { ($0, try env.linkNameIfAny(model, $0)) })
        }
        var fields = OrderedNames()
        var changes: [ValueMap] = []
        for write in writes {
            let seen = write.fields.filter { name in
                guard let field = model.field(name) else { return false }
                return !field.isSecret && env.canSee(field)
            }
            if seen.isEmpty { continue }
            for name in seen { fields.add(name) }
            changes.append([
                "fields": .list(seen.map { .text($0) }), "user": [.int(write.userId), .text(users?[write.userId] ?? "")],
                "at": .instant(write.at),
            ])
        }
        return .stale(model.name, id, expected: expected, found: found, fields: fields.list, changes: changes)
    }
}

/// Names without repetition, in the order in which they came.
private struct OrderedNames {
    private(set) var list: [String] = []
    private var known: Set<String> = []

    mutating func add(_ name: String) { if known.insert(name).inserted { list.append(name) } }
}

extension Environment {
    /// The name of a record, or nothing when it is gone.
    fileprivate func linkNameIfAny(_ model: ModelSchema, _ id: Int) throws -> String {
        let superuser = asSuperuser("who changed a record is shown to whoever may change it")
        return try superuser.existing([id], in: model).isEmpty ? "" : superuser.linkName(model, id)
    }
}
