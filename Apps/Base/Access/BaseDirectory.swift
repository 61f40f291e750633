import Kernel

/// Users, groups, rights and rules as the database has them.
public struct BaseDirectory: Directory {
    /// The directory of the Base app.
    public init() {}

    public var watchedModels: Set<String> {
        ["res.users", "res.groups", "ir.model.access", "ir.rule", "ir.model.data", "res.company"]
    }

    public var schemaModels: Set<String> { ["ir.model", "ir.model.fields", "ir.model.fields.selection"] }

    public func user(_ id: Int, in env: Environment) throws -> UserContext? {
        if id == UserContext.system.id { return .system }
        let everybody = try env.with(context: ["active_test": true])
        guard let user = try everybody.search(User.self, .where("id", .equal, .int(id))).first else { return nil }
        let groups = try Memberships(env).groups(of: id)
        return UserContext(
            id: id, login: user.login, name: user.displayedName, partnerId: user.partner?.id, companyId: user.company?.id ?? 1,
            companyIds: user.companies.ids, groups: try externalIds(of: groups, env), groupIds: groups,
            language: user.language.isEmpty ? "en_US" : user.language, timeZone: user.timeZone)
    }

    public func policy(in env: Environment) throws -> AccessPolicy {
        let governed = try Memberships.roles(env)
        var rights = try env.search(ModelAccess.self).compactMap { right -> AccessPolicy.Right? in
            guard let model = right.model else { return nil }
            let roles = right.group.flatMap { governed[$0.id] } ?? []
            // Where a group has a role its records say nothing.
            if roles.contains(where: { $0.sites == nil }) { return nil }
            return AccessPolicy.Right(
                model: model.model, group: right.group?.id, operations: operations(right), except: Set(roles.flatMap { $0.sites ?? [] }))
        }
        for (group, roles) in governed.sorted(by: { $0.key < $1.key }) {
            for role in roles {
                for (model, letters) in role.rights.sorted(by: { $0.key < $1.key }) {
                    rights.append(
                        AccessPolicy.Right(
                            model: model, group: group, operations: operations(letters), sites: role.sites, except: role.except))
                }
            }
        }
        let rules = try env.search(RecordRule.self).compactMap { rule -> AccessPolicy.Rule? in
            guard let model = rule.model else { return nil }
            return AccessPolicy.Rule(
                model: model.model, groups: Set(rule.groups.ids), operations: operations(rule),
                domain: DomainText(rule.domain.isEmpty ? "[]" : rule.domain))
        }
        return AccessPolicy(rights: rights, rules: rules)
    }

    public func customModels(in env: Environment) throws -> [CustomModel] { try CustomDefinitions.load(env) }

    public func defaults(of model: ModelSchema, in env: Environment) throws -> [String: Value] { try UserDefaults.values(for: model, env) }

    public func synchronise(in env: Environment) throws { try Synchronisation(env: env).run() }

    private func operations(_ letters: String) -> AccessOperations {
        operations(letters.contains("r"), letters.contains("w"), letters.contains("c"), letters.contains("d"))
    }

    private func operations(_ right: Record<ModelAccess>) -> AccessOperations {
        operations(right.mayRead, right.mayWrite, right.mayCreate, right.mayUnlink)
    }

    private func operations(_ rule: Record<RecordRule>) -> AccessOperations {
        operations(rule.mayRead, rule.mayWrite, rule.mayCreate, rule.mayUnlink)
    }

    private func operations(_ read: Bool, _ write: Bool, _ create: Bool, _ unlink: Bool) -> AccessOperations {
        var list: [AccessOperation] = []
        if read { list.append(.read) }
        if write { list.append(.write) }
        if create { list.append(.create) }
        if unlink { list.append(.unlink) }
        return AccessOperations(list)
    }

    func externalIds(of groups: Set<Int>, _ env: Environment) throws -> Set<String> {
        let domain = Domain.where("model", .equal, "res.groups") & .where("res_id", .in, .ids(groups.sorted()))
        var names: Set<String> = []
        for id in try env.search(ExternalId.self, domain) { names.insert(id.module + "." + id.displayedName) }
        return names
    }
}
