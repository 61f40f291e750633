import Base
import JSON
import Kernel

/// What a group of users may do, as a definition: `{group, implies: [group], rights: {model: "rwcd"}}`.
///
/// In force, it is the whole of the group's model rights: rights that it does not name are switched off. Rolled back to nothing, the rights
/// are those that the apps declare. Record rules and field masks stay what they are.
struct RoleKind: DefinitionKind {
    static let kind = "role"
    let name = RoleKind.kind
    let title = "Role"

    /// The letters that a content gives, by model.
    static func rights(of content: JSON) -> [String: String] {
        Dictionary((content["rights"]?.objectValue?.members ?? []).map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first }
    }

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        var problems: [DefinitionProblem] = []
        func requireGroup(_ json: JSON?, _ place: String) throws {
            let group = json?.stringValue ?? ""
            guard try group.isEmpty || Reference.find(group, env) == nil else { return }
            problems.append(DefinitionProblem(place, "There is no group '\(group)'.", remedy: "Name a group by its external id."))
        }
        try requireGroup(content["group"], "group")
        for (index, group) in (content["implies"]?.arrayValue ?? []).enumerated() { try requireGroup(group, "implies[\(index)]") }
        guard let rights = content["rights"]?.objectValue else {
            return problems + [DefinitionProblem("rights", "No rights are given.", remedy: "Name models with letters of rwcd.")]
        }
        for right in rights.members {
            if env.registry.model(right.key) == nil {
                problems.append(
                    DefinitionProblem("rights." + right.key, "There is no model '\(right.key)'.", remedy: "Name models that are installed.")
                )
            }
            let letters = right.value.stringValue ?? ""
            if letters.isEmpty || !letters.allSatisfy("rwcd".contains) {
                problems.append(DefinitionProblem("rights." + right.key, "'\(letters)' says no rights.", remedy: "Use letters of rwcd."))
            }
        }
        return problems
    }

    /// A test says what a role must and must not allow: `{name, model, may: "rw", never: "d"}`.
    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        (tests.arrayValue ?? []).map { test in
            let model = test["model"]?.stringValue ?? ""
            let letters = Set(content["rights"]?[model]?.stringValue ?? "")
            let missing = Set(test["may"]?.stringValue ?? "").subtracting(letters)
            let forbidden = Set(test["never"]?.stringValue ?? "").intersection(letters)
            return TestOutcome(
                test["name"]?.stringValue ?? model, passed: missing.isEmpty && forbidden.isEmpty,
                "missing '\(String(missing.sorted()))', forbidden '\(String(forbidden.sorted()))' on \(model)")
        }
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        let group = try Reference.require(version.content["group"]?.stringValue ?? "", env)
        let rights = (version.content["rights"]?.objectValue?.members ?? []).map { ($0.key, $0.value.stringValue ?? "") }
        try put(rights, of: group, env)
        let implied = try (version.content["implies"]?.arrayValue ?? []).map { try Reference.require($0.stringValue ?? "", env) }
        try env.record(Group.self, group).write(["implied_ids": .list([[6, 0, .ids(implied)]])])
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        if let next { return try install(next, replacing: nil, in: env) }
        let name = version.content["group"]?.stringValue ?? ""
        let group = try Reference.require(name, env)
        try put(env.registry.apps.flatMap(\.rights).filter { $0.group == name }.map { ($0.model, $0.operations) }, of: group, env)
        let implied = try (env.registry.apps.flatMap(\.groups).first { $0.externalId == name }?.implies ?? []).map {
            try Reference.require($0, env)
        }
        try env.record(Group.self, group).write(["implied_ids": .list([[6, 0, .ids(implied)]])])
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
