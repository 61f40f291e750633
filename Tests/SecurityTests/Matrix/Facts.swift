import Kernel

/// What decides about access, read once through the superuser: every record with the few values that rules and owners look at.
struct Facts: Sendable {
    /// Values by model, record and field.
    private(set) var values: [String: [Int: [String: Value]]] = [:]
    private var sorted: [String: [Int]] = [:]
    private(set) var owners: [String: OwnerLink] = [:]
    /// The models that owner links lead to.
    private(set) var ownerModels: [String: String] = [:]
    private(set) var rights: [RightDefinition] = []
    private(set) var rules: [RuleDefinition] = []
    private var implied: [String: [String]] = [:]

    init(_ env: Environment) throws {
        for app in env.registry.apps {
            rights += app.rights
            rules += app.rules
            for group in app.groups { implied[group.externalId] = group.implies }
        }
        let everything = try env.with(context: ["active_test": false])
        for model in env.registry.models {
            owners[model.name] = model.owner
            var names: Set<String> = ["create_uid"]
            switch model.owner {
            case .link(let name):
                names.insert(name)
                ownerModels[model.name] = model.field(name)?.kind.comodel
            case .reference(let modelName, let idName): names.formUnion([modelName, idName])
            case nil: break
            }
            for rule in rules where rule.model == model.name { names.formUnion(try Facts.fields(rule, everything)) }
            let records = try everything.search(model, .all)
            var rows: [Int: [String: Value]] = [:]
            for id in records.ids {
                var row: [String: Value] = [:]
                for name in names { row[name] = try records.value(id, name) }
                rows[id] = row
            }
            values[model.name] = rows
            sorted[model.name] = rows.keys.sorted()
        }
    }

    /// Ids of all records of a model.
    func ids(_ model: String) -> [Int] { sorted[model] ?? [] }

    /// The groups with all that they imply.
    func closure(_ groups: [String]) -> Set<String> {
        var all: Set<String> = []
        var waiting = groups
        while let next = waiting.popLast() { if all.insert(next).inserted { waiting += implied[next] ?? [] } }
        return all
    }

    private static func fields(_ rule: RuleDefinition, _ env: Environment) throws -> Set<String> {
        var names: Set<String> = []
        func walk(_ domain: Domain) {
            switch domain {
            case .all, .none: break
            case .and(let parts), .or(let parts): parts.forEach(walk)
            case .not(let inside): walk(inside)
            case .condition(let path, _, _), .related(let path, _, _): names.insert(path)
            }
        }
        walk(try DomainText(rule.domain).domain(DomainNames(env)))
        return names
    }
}

/// What one user should be able to do: the declared rights, rules, owner links and masks once more, as plainly as they can be written.
struct Expectation {
    let facts: Facts
    let user: UserContext
    let groups: Set<String>
    private var known: [String: [Int: Bool]] = [:]
    private var terms: [String: Terms] = [:]

    init(_ facts: Facts, _ user: UserContext, groups: [String]) {
        self.facts = facts
        self.user = user
        self.groups = facts.closure(groups)
    }

    /// What the declarations say for this user about one operation on a model, read once: there are thousands of records.
    private struct Terms {
        let hasRight: Bool
        let global: [Domain]
        let own: [Domain]
        /// No rule keeps any record from this user.
        let isOpen: Bool
    }

    func right(_ letter: Character, _ model: String) -> Bool {
        facts.rights.contains { $0.model == model && groups.contains($0.group) && $0.operations.contains(letter) }
    }

    private mutating func declared(_ letter: Character, _ model: String) throws -> Terms {
        let key = String(letter) + model
        if let known = terms[key] { return known }
        let names = DomainNames(user: user, now: Instant(seconds: 0))
        let (global, own) = rules(letter, model)
        let found = Terms(
            hasRight: right(letter, model), global: try global.map { try DomainText($0.domain).domain(names) },
            own: try own.map { try DomainText($0.domain).domain(names) },
            // Without rules all of the model's records are open, also what belongs to none of them.
            isOpen: global.isEmpty && own.allSatisfy { $0.domain == "[(1, '=', 1)]" })
        terms[key] = found
        return found
    }

    func sees(_ field: Field) -> Bool { field.groups.isEmpty || !groups.isDisjoint(with: field.groups) }

    mutating func may(_ letter: Character, _ model: String, _ id: Int) throws -> Bool {
        let key = String(letter) + model
        if let answer = known[key]?[id] { return answer }
        let terms = try declared(letter, model)
        let answer = try terms.hasRight && meetsRules(terms, model, id) && meetsOwner(model, id)
        known[key, default: [:]][id] = answer
        return answer
    }

    private func rules(_ letter: Character, _ model: String) -> (global: [RuleDefinition], own: [RuleDefinition]) {
        let all = facts.rules.filter { $0.model == model && $0.operations.contains(letter) }
        return (all.filter(\.groups.isEmpty), all.filter { !groups.isDisjoint(with: $0.groups) })
    }

    private func meetsRules(_ terms: Terms, _ model: String, _ id: Int) throws -> Bool {
        if terms.global.isEmpty, terms.own.isEmpty { return true }
        guard let row = facts.values[model]?[id] else { return false }
        return try terms.global.allSatisfy { try holds($0, row, id) }
            && (terms.own.isEmpty || terms.own.contains { try holds($0, row, id) })
    }

    private func holds(_ domain: Domain, _ row: [String: Value], _ id: Int) throws -> Bool {
        switch domain {
        case .all: return true
        case .none: return false
        case .and(let parts): return try parts.allSatisfy { try holds($0, row, id) }
        case .or(let parts): return try parts.contains { try holds($0, row, id) }
        case .not(let inside): return try !holds(inside, row, id)
        case .related: throw NotWritten()
        case .condition(let path, let comparison, let wanted):
            let value = path == "id" ? Value.int(id) : row[path] ?? .null
            let present: [Value] = value.idList?.map { .int($0) } ?? [value]
            let asked = comparison == .in ? wanted.listValue ?? [] : [wanted]
            guard comparison == .in || comparison == .equal else { throw NotWritten() }
            if present.isEmpty || value.isNull { return asked.contains { $0.isNull || $0 == .bool(false) } }
            return present.contains { one in asked.contains(one) }
        }
    }

    /// The rules of the apps have become richer than this evaluation: extend it.
    struct NotWritten: Error {}

    private mutating func meetsOwner(_ model: String, _ id: Int) throws -> Bool {
        guard let owner = facts.owners[model], let row = facts.values[model]?[id] else { return facts.owners[model] == nil }
        switch owner {
        case .link(let name):
            guard let target = row[name]?.intValue, let comodel = facts.ownerModels[model] else { return false }
            return try may("r", comodel, target)
        case .reference(let modelName, let idName):
            guard let target = row[modelName]?.textValue, !target.isEmpty else { return row["create_uid"]?.intValue == user.id }
            guard facts.values[target] != nil, target != model, facts.owners[target] == nil else { return false }
            let terms = try declared("r", target)
            guard terms.hasRight else { return false }
            if terms.isOpen { return true }
            guard let id = row[idName]?.intValue, facts.values[target]?[id] != nil else { return false }
            return try may("r", target, id)
        }
    }
}
