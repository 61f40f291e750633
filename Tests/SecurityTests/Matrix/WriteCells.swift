import Kernel

/// The cells of one role that would change something, in a unit of work that is undone.
struct WriteCells {
    let env: Environment
    let role: String
    var expectation: Expectation
    var tally = Tally()
    let superuser: Environment

    init(_ env: Environment, _ role: String, _ expectation: Expectation) throws {
        self.env = try env.with(context: ["active_test": false])
        self.role = role
        self.expectation = expectation
        superuser = self.env.asSuperuser("the matrix knows what it must not change")
    }

    /// What must be refused; nothing changes when it is.
    mutating func refusals(_ model: ModelSchema) throws {
        let all = expectation.facts.ids(model.name)
        let visible = try all.filter { try expectation.may("r", model.name, $0) }
        let hidden = Set(all).subtracting(visible).sorted()
        for id in Set([visible.first, hidden.first, hidden.last].compactMap { $0 }).sorted() {
            try writes(model, id)
            try actions(model, id)
            if try !expectation.may("d", model.name, id) {
                tally.expect(false, Outcome { try Records(model, [id], env).unlink() }, "\(role): \(model.name)(\(id)) unlink")
            }
        }
        for id in Sample.of(hidden) {
            tally.expect(false, Outcome { try Records(model, [id], env).copy() }, "\(role): \(model.name)(\(id)) copy")
        }
        if !expectation.right("c", model.name) {
            tally.expect(false, Outcome { try env.create(model, [ValueMap()]) }, "\(role): \(model.name) create")
        }
        for field in model.fields where !expectation.sees(field) && field.slot > ModelSchema.Slot.version {
            let what = "\(role): \(model.name).\(field.name) create"
            tally.expect(false, Outcome { try env.create(model, [[field.name: .null]]) }, what)
        }
        try env.unit.checkFailure()
    }

    private mutating func writes(_ model: ModelSchema, _ id: Int) throws {
        let mayWrite = try expectation.may("w", model.name, id)
        for field in model.fields where field.slot > ModelSchema.Slot.version && !(mayWrite && expectation.sees(field)) {
            let value = field.kind.isToMany ? Value.list([]) : .null
            tally.expect(
                false, Outcome { try Records(model, [id], env).write([field.name: value]) },
                "\(role): \(model.name)(\(id)).\(field.name) write")
        }
    }

    private mutating func actions(_ model: ModelSchema, _ id: Int) throws {
        let mayWrite = try expectation.may("w", model.name, id)
        for action in model.actions {
            let isMember = action.groups.isEmpty || !expectation.groups.isDisjoint(with: action.groups)
            if mayWrite && isMember { continue }
            let what = "\(role): \(model.name)(\(id)).\(action.name)"
            tally.expect(false, Outcome { try Records(model, [id], env).call(action.name) }, what)
            tally.cells += 1
            let offered = Outcome { try Records(model, [id], env).availableActions(id).map(\.name) }
            if offered.answer?.contains(action.name) ?? false { tally.leaks.append(what + " offered") }
        }
    }

    /// Methods on a record out of reach are refused by themselves, not only by the door.
    mutating func call(_ name: String, _ model: ModelSchema) throws {
        let id = try expectation.facts.ids(model.name).last { try !expectation.may("r", model.name, $0) }
        guard let id, let method = model.method(name), method.takesRecords else { return }
        let arguments: ValueMap = [
            "body": "x", "partner_ids": [3], "act_type_xmlid": "mail.mail_activity_data_todo", "summary": "x",
            "group_ext_id": "base.group_user",
            "feedback": "x",
        ]
        let found = Outcome {
            let answer = try method.body(Records(model, [id], env), arguments)
            try env.unit.checkFailure()
            return answer
        }
        tally.cells += 1
        // What only says yes and changed nothing is no leak.
        guard let answer = found.answer, !env.unit.touchedModels.isEmpty || !(answer.isFalsy || answer == .bool(true)) else { return }
        tally.leaks.append("\(role): \(model.name)(\(id)).\(name)() on a record out of reach")
    }

    /// What must go through: each field written with the value that it has.
    mutating func permissions(_ model: ModelSchema) throws {
        let all = expectation.facts.ids(model.name)
        guard let id = try all.first(where: { try expectation.may("w", model.name, $0) && expectation.may("r", model.name, $0) }) else {
            return
        }
        for field in model.fields where field.slot > ModelSchema.Slot.version && expectation.sees(field) && !field.kind.isToMany {
            // A company is compared with those of the moment, whatever the record has.
            if field.isComputed || field.kind == .binary || field.name == "company_id" { continue }
            let value = try superuser.value(model, id, field)
            let outcome = Outcome { try Records(model, [id], env).write([field.name: value]) }
            tally.cells += 1
            if outcome.isRefused { tally.closed.append("\(role): \(model.name)(\(id)).\(field.name) write") }
            if Outcome({ try env.unit.checkFailure() }).answer == nil { return }
        }
    }
}
