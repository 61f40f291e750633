import Base
import JSON
import Kernel

/// Notes at groups which versions of a role govern them, and brings the records in line with the one that is for everybody.
enum RoleShelf {
    /// The versions that govern a group, those for some sites first.
    static func marks(of group: Record<Group>) -> [Int] { group[\RoleOfGroup.versions].split(separator: ",").compactMap { Int($0) } }

    /// All groups that have a role.
    static func groups(_ env: Environment) throws -> Recordset<Group> {
        try env.search(Group.self, .where("role_versions", .notEqual, false), order: "id")
    }

    /// Brings the groups of a definition in line with its versions in force.
    ///
    /// - Parameters:
    ///   - version: One that takes effect just now.
    ///   - isAdopting: The records are left as they are: the roles were in force before they were noted.
    static func refresh(_ definition: Int, adding version: Int?, isAdopting: Bool = false, _ env: Environment) throws {
        let ready = Domain.where("is_installed", .equal, true) | .where("id", .equal, .int(version ?? 0))
        let released = Domain.where("definition_id", .equal, .int(definition)) & .where("state", .equal, "released") & ready
        let versions = try env.search(DefinitionVersion.self, released, limit: Definitions.releasedLimit).map { ReleasedVersion($0) }
        let present = try groups(of: definition, env)
        var wanted: [Int: [VersionScope]] = [:]
        for scope in scopes(versions.sorted(by: ReleasedVersion.goesFirst), env) {
            let known = present.first { marks(of: $0).contains(scope.version.id) }?.id
            // What was tampered with does not say which group it is about.
            let isTrusted = scope.version.isSound || isAdopting && known == nil
            let group = isTrusted ? try Reference.find(RoleContent(scope.version.content).group, env) : known
            if let group { wanted[group, default: []].append(scope) }
        }
        for group in Set(present.map(\.id)).union(wanted.keys).sorted() {
            try put(wanted[group] ?? [], at: env.record(Group.self, group), isAdopting)
        }
    }

    /// Where versions are in force, those that go first in front.
    static func scopes(_ versions: [ReleasedVersion], _ env: Environment) -> [VersionScope] {
        VersionScope.scopes(versions, at: env.now) { version in
            let own = version.company.map { [$0] as Set }
            return version.sites.isEmpty ? own : own?.intersection(version.sites) ?? version.sites
        }
    }

    /// The groups that a definition governed so far.
    private static func groups(of definition: Int, _ env: Environment) throws -> [Record<Group>] {
        let all = try groups(env)
        let ids = Set(all.flatMap { marks(of: $0) })
        let own = Domain.where("id", .in, .ids(ids.sorted())) & .where("definition_id", .equal, .int(definition))
        let mine = Set(try env.search(DefinitionVersion.self, own).ids)
        return all.filter { !mine.isDisjoint(with: marks(of: $0)) }
    }

    private static func put(_ scopes: [VersionScope], at group: Record<Group>, _ isAdopting: Bool) throws {
        let env = group.env
        let before = try base(of: marks(of: group), env)
        let after = scopes.first { $0.sites == nil }?.version
        let noted = scopes.map { String($0.version.id) }.joined(separator: ",")
        var values: ValueMap = ["role_versions": noted.isEmpty ? .null : .text(noted), "role_is_broken": false]
        if !isAdopting, before?.id != after?.id {
            let own = try after.map { try records($0, env) } ?? (try declared(group, like: before))
            try put(own.rights, of: group.id, env)
            values["implied_ids"] = .list([[6, 0, .ids(own.implied)]])
            if let members = own.members { values["user_ids"] = .list([[6, 0, .ids(members)]]) }
        }
        try group.write(values)
        try RoleAlarm.settle(group.id, env)
    }

    /// The version for everybody among some.
    private static func base(of ids: [Int], _ env: Environment) throws -> ReleasedVersion? {
        try env.search(DefinitionVersion.self, .where("id", .in, .ids(ids))).map { ReleasedVersion($0) }.first { $0.applies(to: nil) }
    }

    private typealias Own = (rights: [(String, String)], implied: [Int], members: [Int]?)

    /// What the records are to say under a version.
    private static func records(_ version: ReleasedVersion, _ env: Environment) throws -> Own {
        let content = RoleContent(version.content)
        let role = try content.resolved(env)
        return (content.rights.map { ($0.model, $0.letters) }, role.implied.sorted(), role.members?.sorted())
    }

    /// What the apps declare for a group without a role; its members stay as the role had them, since what somebody only wished for must not
    /// hold because the role ends.
    private static func declared(_ group: Record<Group>, like before: ReleasedVersion?) throws -> Own {
        let env = group.env
        let name = try Reference.names(of: [group.id], in: Group.name, env)[group.id] ?? ""
        let implied = try (env.registry.apps.flatMap(\.groups).first { $0.externalId == name }?.implies ?? []).map {
            try Reference.require($0, env)
        }
        let members = try before.flatMap { $0.isSound ? try RoleContent($0.content).resolved(env).members : nil }
        let rights = env.registry.apps.flatMap(\.rights).filter { $0.group == name }.map { ($0.model, $0.operations) }
        return (rights, implied, members?.sorted())
    }

    /// Makes these the model rights of a group, and switches off its others.
    private static func put(_ rights: [(String, String)], of group: Int, _ env: Environment) throws {
        let everything = try env.with(context: ["active_test": false])
        var known: [String: Record<ModelAccess>] = [:]
        for right in try everything.search(ModelAccess.self, .where("group_id", .equal, .int(group))) {
            let model = right.model?.model ?? ""
            if known[model] == nil, rights.contains(where: { $0.0 == model }) {
                known[model] = right
            } else if right.active {
                try right.write(["active": false])
            }
        }
        for (model, letters) in rights {
            var values: ValueMap = ["active": true]
            for (letter, field) in [("r", "perm_read"), ("w", "perm_write"), ("c", "perm_create"), ("d", "perm_unlink")] {
                values[field] = .bool(letters.contains(letter))
            }
            if let right = known[model] {
                try right.write(values)
                continue
            }
            guard let record = try env.search(ModelRecord.self, .where("model", .equal, .text(model)), limit: 1).first else { continue }
            try env.create(
                ModelAccess.self,
                values.merging(["name": .text(model + " by definition"), "model_id": .int(record.id), "group_id": .int(group)]))
        }
    }
}
