import Kernel

/// What a user, or a member of a group, may do after all: per model by which groups, which rules narrow it, and which fields stay hidden.
///
/// It asks the same policy that the doors ask. Shape: `groups: [{id, name, through: [name]}]` and `models: [{model, title, app, read, write,
/// create, unlink: [group's name], rules: [{name, domain, operations, groups: [name]}], hidden: [{field, title, groups: [external id]}]}]`;
/// a model of which nothing is allowed is left out.
public struct EffectiveAccess {
    private let env: Environment
    private let user: UserContext
    private let names: [Int: String]

    private init(_ env: Environment, _ user: UserContext) throws {
        self.env = env
        self.user = user
        names = Dictionary(try env.search(Group.self).map { ($0.id, $0.displayedName) }, uniquingKeysWith: { first, _ in first })
    }

    /// What one user may do.
    ///
    /// - Throws: `access.denied` for whoever does not look after access; `access.rule`.
    static func of(user records: Records) throws -> Value {
        let (env, id) = try one(of: records)
        let own = Set(try Memberships(env).direct(of: id))
        guard let context = try BaseDirectory().user(id, in: env) else {
            return ["active": false, "groups": .list([]), "models": .list([])]
        }
        return try EffectiveAccess(env, context).described(own)
    }

    /// What the members of one group may do by it and by what it implies.
    static func of(group records: Records) throws -> Value {
        let (env, id) = try one(of: records)
        let all = try Memberships(env).downward(from: [id])
        let external = try BaseDirectory().externalIds(of: all, env)
        let company = records.env.companyId
        let member = UserContext(id: 0, login: "", name: "", companyId: company, companyIds: [company], groups: external, groupIds: all)
        return try EffectiveAccess(env, member).described([id])
    }

    private static func one(of records: Records) throws -> (Environment, Int) {
        let env = records.env
        guard env.isSuperuser || env.user.isMember(of: Invitations.group) else {
            throw Refusal(
                "access.denied", .accessDenied, "You may not see what others may do.",
                instruction: "Ask an administrator for one of: \(Invitations.group).")
        }
        guard records.ids.count == 1 else { throw Refusal("rpc.bad_argument", .invalid, "Name one record.") }
        try env.checkAccess(.read, records.model, records.ids)
        return (env.asSuperuser("what access is made of is shown to those who look after it"), records.ids[0])
    }

    private func described(_ own: Set<Int>) throws -> Value {
        let memberships = try Memberships(env)
        let groups: [Value] = user.groupIds.sorted { name($0) < name($1) }.map { group in
            let through = own.filter { $0 != group && memberships.downward(from: [$0]).contains(group) }.map(name).sorted()
            return [
                "id": .int(group), "name": .text(name(group)), "own": .bool(own.contains(group)),
                "through": .list(through.map { .text($0) }),
            ]
        }
        let rules = Dictionary(grouping: try env.search(RecordRule.self)) { $0.model?.model ?? "" }
        let models = env.registry.models.compactMap { model($0, rules[$0.name] ?? []) }
        return ["active": true, "groups": .list(groups), "models": .list(models)]
    }

    private func model(_ model: ModelSchema, _ rules: [Record<RecordRule>]) -> Value? {
        var answer: ValueMap = ["model": .text(model.name), "title": .text(model.title), "app": .text(model.app)]
        var isOpen = false
        for operation in AccessOperation.allCases {
            let holders = env.unit.policy.holders(operation, on: model.name, for: user)
            isOpen = isOpen || !holders.isEmpty
            answer[operation.rawValue] = .list(Set(holders.map { $0.map(name) ?? "Everybody" }).sorted().map { .text($0) })
        }
        guard isOpen else { return nil }
        let narrowing = rules.filter { $0.groups.ids.isEmpty || !user.groupIds.isDisjoint(with: $0.groups.ids) }
        answer["rules"] = .list(
            narrowing.map { rule in
                [
                    "name": .text(rule.displayedName), "domain": .text(rule.domain), "operations": .text(letters(rule)),
                    "groups": .list(rule.groups.ids.map(name).sorted().map { .text($0) }),
                ]
            })
        let hidden = model.fields.filter { !$0.groups.isEmpty && !$0.groups.contains(where: user.isMember) }
        answer["hidden"] = .list(
            hidden.map { field in
                ["field": .text(field.name), "title": .text(field.traits.title), "groups": .list(field.groups.map { .text($0) })]
            })
        return .map(answer)
    }

    private func name(_ group: Int) -> String { names[group] ?? "#\(group)" }

    private func letters(_ rule: Record<RecordRule>) -> String {
        (rule.mayRead ? "r" : "") + (rule.mayWrite ? "w" : "") + (rule.mayCreate ? "c" : "") + (rule.mayUnlink ? "d" : "")
    }
}
