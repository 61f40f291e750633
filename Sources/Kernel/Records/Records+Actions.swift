/// What a user may do with records, and doing it.
extension Records {
    /// The actions that this user may take on this version of a record, computed here so that clients need not guess.
    public func availableActions(_ id: Int) throws -> [AnyAction] {
        guard env.allows(.write, on: model), try !env.visible([id], in: model, for: .write).isEmpty else { return [] }
        return try model.actions.compactMap { action in
            guard try isPermitted(action) && action.isOffered(self, id) else { return nil }
            return try offered(action, id)
        }
    }

    /// The action as the guards let people see it.
    private func offered(_ action: AnyAction, _ id: Int) throws -> AnyAction? {
        var action = action
        for guardian in env.registry.actionGuards {
            switch try guardian.offer(action, on: self, id: id) {
            case .plain: continue
            case .marked(let mark): action.mark = mark
            case .hidden: return nil
            }
        }
        return action
    }

    /// Runs an action: groups, reach and condition are asked again for each record.
    public func call(_ name: String, _ arguments: ValueMap = [:]) throws -> Value {
        guard let action = model.action(name) else {
            throw Refusal(
                "action.unknown", .missing, "The action '\(name)' does not exist on the model '\(model.name)'.",
                instruction: "Ask the record for its actions.")
        }
        guard isPermitted(action) else { throw Refusal.noAction(action, on: model) }
        try env.checkAccess(.write, model, ids)
        try refuseStale()
        for id in ids {
            guard try action.isOffered(self, id) else { throw Refusal.notOffered(action, on: self, id, instead: try availableActions(id)) }
        }
        for guardian in env.registry.actionGuards {
            let scope = with(env.withoutExpectedVersion())
            if case .replaced(let answer) = try guardian.judge(action, on: scope, arguments: arguments) {
                try env.unit.checkFailure()
                return answer
            }
        }
        if !model.isTrail { env.note(.action, model, ids, ["action": .text(name), "arguments": .map(arguments.withoutBytes)]) }
        let result = try action.body(with(env.withoutExpectedVersion()), arguments)
        try env.unit.checkFailure()
        return result
    }

    private func isPermitted(_ action: AnyAction) -> Bool {
        env.isSuperuser || action.groups.isEmpty || action.groups.contains(where: env.user.isMember)
    }

    private func refuseStale() throws {
        guard let expected = env.context["expected_version"]?.intValue else { return }
        for id in ids {
            let found = try value(id, model.fields[ModelSchema.Slot.version]).intValue ?? 0
            if found != expected { throw try stale(id, expected: expected, found: found) }
        }
    }
}

extension ValueMap {
    /// The members without bytes, for the trail.
    var withoutBytes: ValueMap {
        var map = self
        map.entries.removeAll { if case .bytes = $0.value { true } else { false } }
        return map
    }
}

extension Refusal {
    /// The record's state does not allow the action; the answer lists what it does allow.
    static func notOffered(_ action: AnyAction, on records: Records, _ id: Int, instead: [AnyAction]) -> Refusal {
        let names = instead.map(\.name)
        let hint = names.isEmpty ? "Nothing can be done with it now." : "Possible now: " + names.joined(separator: ", ") + "."
        return Refusal(
            "action.not_possible", .conflict, "'\(action.title)' is not possible for \(records.model.name)(\(id)) in its present state.",
            instruction: hint, details: ["action": .text(action.name), "actions": .list(names.map { .text($0) })])
    }
}

extension Environment {
    /// Checks constraints of records; without names, all of them.
    func check(_ records: Records, changed: Set<String>?) throws {
        for constraint in records.model.constraints {
            if let changed, constraint.fields.isDisjoint(with: changed) { continue }
            let superuser = asSuperuser("a constraint holds whoever writes")
            try constraint.check(records.with(superuser))
        }
        try unit.checkFailure()
    }
}
