import Base
import JSON
import Kernel

/// The rights of groups that have a role in force come from the role; `ir.model.access` shows what its last writer wants.
struct RoleRights: GovernedRights {
    func rights(in env: Environment) throws -> [Int: [String: String]] {
        var found: [Int: [String: String]] = [:]
        // A version that was tampered with must not lock everybody out: then the records count, as roles have left them.
        guard let versions = try? Definitions.inForce(RoleKind.kind, in: env) else { return [:] }
        for version in versions {
            guard let group = try Reference.find(version.content["group"]?.stringValue ?? "", env) else { continue }
            found[group] = RoleKind.rights(of: version.content)
        }
        return found
    }
}

/// Follows direct writes of model rights: for a group whose role is in force they become a draft of the role, or a release of it where the
/// parameter `governance.direct_changes` names `ir.model.access`.
struct RoleRightsObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents { model.name == ModelAccess.name ? [.created, .written, .deleting] : [] }

    func watched(in model: ModelSchema) -> [Field] {
        ["model_id", "group_id", "perm_read", "perm_write", "perm_create", "perm_unlink", "active"].compactMap { model.field($0) }
    }

    func created(_ records: Records, values: [ValueMap]) throws { try note(records) }

    func written(_ records: Records, changes: [RecordChange]) throws {
        let left = changes.filter { $0.field.name == "group_id" }.compactMap { $0.old.idList?.first }
        try note(records, others: left)
    }

    func deleting(_ records: Records) throws { try note(records, without: Set(records.ids)) }

    private func note(_ records: Records, others: [Int] = [], without gone: Set<Int> = []) throws {
        let env = records.env
        // What a role writes when it takes effect is no change of it.
        if env.user.id == UserContext.system.id || env.cause?.name.hasPrefix(RoleKind.kind + ":") ?? false { return }
        let machine = env.asSuperuser("what a role says is kept by the machine")
        let rights = machine.records(ModelAccess.self, records.ids)
        let groups = Set(rights.compactMap { $0.group?.id }).union(others)
        for version in try Definitions.inForce(RoleKind.kind, in: machine) {
            guard let group = try Reference.find(version.content["group"]?.stringValue ?? "", machine), groups.contains(group) else {
                continue
            }
            try GovernedRows.propose(try content(version, group, without: gone, machine), of: version, model: ModelAccess.name, env)
        }
    }

    /// The role in force with the rights that the records give now.
    private func content(_ version: ReleasedVersion, _ group: Int, without gone: Set<Int>, _ env: Environment) throws -> JSON {
        var letters: [String: Set<Character>] = [:]
        for right in try env.search(ModelAccess.self, .where("group_id", .equal, .int(group))) where !gone.contains(right.id) {
            guard let model = right.model?.model else { continue }
            for (letter, isGiven) in zip("rwcd", [right.mayRead, right.mayWrite, right.mayCreate, right.mayUnlink]) where isGiven {
                letters[model, default: []].insert(letter)
            }
        }
        var content = version.content.objectValue ?? JSONObject()
        content["rights"] = .object(
            JSONObject(
                letters.sorted { $0.key < $1.key }.map { model, found in
                    JSONObject.Member(key: model, value: .string(String("rwcd".filter(found.contains))))
                }))
        return .object(content)
    }
}
