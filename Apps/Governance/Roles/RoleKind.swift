import Base
import JSON
import Kernel

/// What a group of users may do, what it implies and who is in it, as a definition: see `RoleContent`.
///
/// In force, it is the whole of the group's model rights: rights that it does not name are switched off. Rolled back to nothing, the rights
/// are those that the apps declare, and its members stay. Record rules and field masks stay what they are.
struct RoleKind: DefinitionKind {
    static let kind = "role"
    let name = RoleKind.kind
    let title = "Role"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        try RoleCheck(content, VersionPlace(key: "", company: nil, sites: []), env).problems()
    }

    func check(_ content: JSON, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem] {
        try RoleCheck(content, place, env).problems()
    }

    /// A test says what a role must and must not allow, `{name, model, may: "rw", never: "d"}`, and who must and must not have it,
    /// `{name, members: [login], never_members: [login]}`.
    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        func logins(_ json: JSON?) -> Set<String> { Set((json?.arrayValue ?? []).compactMap(\.stringValue)) }
        return (tests.arrayValue ?? []).map { test in
            let model = test["model"]?.stringValue ?? ""
            let name = test["name"]?.stringValue ?? model
            let asks = ["may", "never", "members", "never_members"].contains { test[$0] != nil }
            guard asks else { return TestOutcome(name, passed: false, "a test says what members 'may' or 'never' do, or who they are") }
            let letters = Set(content["rights"]?[model]?.stringValue ?? "")
            let missing = Set(test["may"]?.stringValue ?? "").subtracting(letters)
            let forbidden = Set(test["never"]?.stringValue ?? "").intersection(letters)
            let members = logins(content["members"])
            let absent = logins(test["members"]).subtracting(members)
            let unwanted = logins(test["never_members"]).intersection(members)
            return TestOutcome(
                name, passed: missing.isEmpty && forbidden.isEmpty && absent.isEmpty && unwanted.isEmpty,
                "missing '\(String(missing.sorted()))', forbidden '\(String(forbidden.sorted()))' on \(model); "
                    + "absent \(absent.sorted()), unwanted \(unwanted.sorted())")
        }
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        let content = RoleContent(version.content)
        let group = try Reference.require(content.group, env)
        if let previous { try release(previous, except: group, env) }
        let role = try content.resolved(env)
        try put(content.rights, of: group, env)
        var values: ValueMap = [
            "implied_ids": .list([[6, 0, .ids(role.implied.sorted())]]), "role_version_id": .int(version.id), "role_is_broken": false,
        ]
        if let members = role.members { values["user_ids"] = .list([[6, 0, .ids(members.sorted())]]) }
        try env.record(Group.self, group).write(values)
        try RoleAlarm.settle(group, env)
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        guard let next else { return try release(version, except: nil, env) }
        try install(next, replacing: version, in: env)
    }

    /// Names of groups and people are told apart by what they are, not by where they stand.
    func differences(from old: JSON, to new: JSON) -> [JSONChange] {
        func bare(_ json: JSON) -> JSON {
            guard var object = json.objectValue else { return json }
            for name in ["implies", "members"] { object[name] = nil }
            return .object(object)
        }
        var changes = JSONChange.between(bare(old), bare(new))
        for name in ["implies", "members"] {
            let before = (old[name]?.arrayValue ?? []).compactMap(\.stringValue)
            let after = (new[name]?.arrayValue ?? []).compactMap(\.stringValue)
            changes += Set(before).subtracting(after).sorted().map { JSONChange("\(name)[\($0)]", old: .string($0), new: nil) }
            changes += Set(after).subtracting(before).sorted().map { JSONChange("\(name)[\($0)]", old: nil, new: .string($0)) }
            if (old[name]?.arrayValue == nil) != (new[name]?.arrayValue == nil), before.isEmpty, after.isEmpty {
                changes.append(JSONChange(name, old: old[name], new: new[name]))
            }
        }
        return changes
    }

    /// Lets the groups go that a version governs, but for one: their rights are those that the apps declare, their members stay.
    private func release(_ version: ReleasedVersion, except group: Int?, _ env: Environment) throws {
        let governed = try env.search(Group.self, .where("role_version_id", .equal, .int(version.id))).ids.filter { $0 != group }
        let names = try Reference.names(of: governed, in: Group.name, env)
        let members = version.isSound ? try RoleContent(version.content).resolved(env).members : nil
        for id in governed {
            let name = names[id] ?? ""
            try put(env.registry.apps.flatMap(\.rights).filter { $0.group == name }.map { ($0.model, $0.operations) }, of: id, env)
            let implied = try (env.registry.apps.flatMap(\.groups).first { $0.externalId == name }?.implies ?? []).map {
                try Reference.require($0, env)
            }
            var values: ValueMap = [
                "implied_ids": .list([[6, 0, .ids(implied)]]), "role_version_id": .null, "role_is_broken": false,
            ]
            // What somebody only wished for must not hold because the role ends.
            if let members { values["user_ids"] = .list([[6, 0, .ids(members.sorted())]]) }
            try env.record(Group.self, id).write(values)
            try RoleAlarm.settle(id, env)
        }
    }

    /// Makes these the model rights of a group, and switches off its others.
    private func put(_ rights: [(String, String)], of group: Int, _ env: Environment) throws {
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
