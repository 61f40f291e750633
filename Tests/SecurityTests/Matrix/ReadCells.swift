import Kernel

/// The cells of one role that only read, in one unit of work.
struct ReadCells {
    let env: Environment
    let role: String
    var expectation: Expectation
    var tally = Tally()
    /// The same unit of work, to know what there is to be hidden.
    let superuser: Environment

    init(_ env: Environment, _ role: String, _ expectation: Expectation) throws {
        self.env = try env.with(context: ["active_test": false])
        self.role = role
        self.expectation = expectation
        superuser = self.env.asSuperuser("the matrix knows what it must not see")
    }

    mutating func run(_ model: ModelSchema) throws {
        let all = expectation.facts.ids(model.name)
        let visible = try all.filter { try expectation.may("r", model.name, $0) }
        try searches(model, visible, all)
        try names(model, Set(visible))
        try masks(model)
        let hidden = Set(all).subtracting(visible).sorted()
        for id in Sample.of(visible) + hidden.suffix(1) { try fields(model, id) }
        if expectation.right("r", model.name) { try links(model, visible) }
        try env.unit.checkFailure()
    }

    private mutating func searches(_ model: ModelSchema, _ visible: [Int], _ all: [Int]) throws {
        let what = "\(role): \(model.name)"
        let found = Outcome { try env.search(model, .all).ids }
        guard expectation.right("r", model.name) else {
            tally.expect(false, found, what + " search")
            tally.expect(false, Outcome { try env.searchCount(model, .all) }, what + " count")
            tally.expect(false, Outcome { try env.predicate(model, .all) }, what + " group")
            return
        }
        tally.expectEqual(Set(found.answer ?? []), Set(visible), what + " search")
        let count = Outcome { try env.searchCount(model, .all) }
        tally.expect(count.answer == visible.count, count, what + " count \(count.answer ?? -1) of \(visible.count)")
        let groups = Outcome {
            let key = try GroupClause.key("create_uid", model: model)
            let count = try GroupClause.aggregate("__count", model: model)?.aggregate
            let request = GroupRequest(
                model: model, predicate: try env.predicate(model, .all), keys: [key], aggregates: [count].compactMap { $0 })
            return try env.unit.transaction.group(request).reduce(0) { $0 + ($1[1].intValue ?? 0) }
        }
        tally.expect(groups.answer == visible.count, groups, what + " group \(groups.answer ?? -1) of \(visible.count)")
    }

    private mutating func names(_ model: ModelSchema, _ visible: Set<Int>) throws {
        let found = Outcome { try env.nameSearch(model, "e", limit: 50).ids }
        tally.cells += 1
        let more = Set(found.answer ?? []).subtracting(visible)
        if !more.isEmpty { tally.leaks.append("\(role): \(model.name) name_search shows \(more.prefix(3))") }
    }

    /// Fields that the role must not see are of no use in conditions and orders either.
    private mutating func masks(_ model: ModelSchema) throws {
        for field in model.fields where !expectation.sees(field) {
            let what = "\(role): \(model.name).\(field.name)"
            tally.expect(false, Outcome { try env.search(model, .where(field.name, .notEqual, "x")) }, what + " condition")
            tally.expect(false, Outcome { try env.search(model, .where(field.name, .ilike, "x")) }, what + " pattern")
            if field.hasColumn { tally.expect(false, Outcome { try env.search(model, .all, order: field.name) }, what + " order") }
        }
    }

    private mutating func fields(_ model: ModelSchema, _ id: Int) throws {
        let mayRead = try expectation.may("r", model.name, id)
        for field in model.fields {
            let isExpected = mayRead && expectation.sees(field)
            // Whoever reads first must not decide what the other one sees.
            if id % 2 == 0 { _ = try superuser.value(model, id, field) }
            let found = Outcome { try env.value(model, id, field) }
            tally.expect(isExpected, found, "\(role): \(model.name)(\(id)).\(field.name) read")
            // The way of the doors that write whole lists, now that the value is known to the unit of work.
            let row = Outcome { try RecordCells(Records(model, [id], env), [field]).values[0] }
            tally.expect(isExpected, row, "\(role): \(model.name)(\(id)).\(field.name) row")
            if isExpected, row.answer != found.answer { tally.leaks.append("\(role): \(model.name)(\(id)).\(field.name) differs in a row") }
            guard isExpected, field.kind.isToMany, let comodel = field.kind.comodel, let shown = found.answer?.idList else { continue }
            let listed = try superuser.value(model, id, field).idList ?? []
            let expected = try listed.filter { try expectation.may("r", comodel, $0) }
            tally.expectEqual(Set(shown), Set(expected), "\(role): \(model.name)(\(id)).\(field.name) lists")
        }
    }

    /// Nothing of a linked record out of reach shows in conditions and orders on a way that leads to it.
    private mutating func links(_ model: ModelSchema, _ visible: [Int]) throws {
        for field in model.fields where field.hasColumn && expectation.sees(field) {
            guard case .many2one(let target, _) = field.kind, let comodel = env.registry.model(target) else { continue }
            guard let text = comodel.fields.first(where: { $0.kind == .char && $0.hasColumn && $0.groups.isEmpty }) else { continue }
            var leading: [Int] = []
            for id in visible.prefix(40) {
                guard let other = try superuser.value(model, id, field).intValue, other != 0 else { continue }
                if try !expectation.may("r", target, other) { leading.append(id) }
            }
            guard let id = leading.first, let other = try superuser.value(model, id, field).intValue else { continue }
            let secret = try superuser.value(comodel, other, text)
            // Nothing of a record out of reach counts as not set.
            if secret.isFalsy { continue }
            let own = Domain.where("id", .equal, .int(id))
            let what = "\(role): \(model.name)(\(id)).\(field.name).\(text.name)"
            let ways = [
                Domain.where(field.name + "." + text.name, .equal, secret),
                .related(field.name, .where(text.name, .equal, secret), negated: false),
                .where(field.name, .ilike, secret),
            ]
            for way in ways {
                tally.cells += 1
                let found = Outcome { try env.search(model, own & way).ids }
                if found.answer?.isEmpty == false { tally.leaks.append(what + " condition") }
            }
            tally.cells += 1
            let ordered = Outcome { try env.search(model, .where("id", .in, .ids(leading)), order: field.name + "." + text.name).ids }
            if let ids = ordered.answer, ids != leading.sorted() { tally.leaks.append(what + " order") }
        }
    }
}

/// A few of many ids: the first and the last.
enum Sample {
    static func of(_ ids: [Int]) -> [Int] { ids.count < 3 ? ids : [ids[0], ids[ids.count - 1]] }
}
