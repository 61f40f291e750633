import Base
import JSON
import Kernel

/// What direct writes of rights, members and implied groups make of the role of a group that has one in force: a draft, or a release where the
/// parameter `governance.direct_changes` names `ir.model.access` for rights, `res.groups` for the others.
enum RoleProposal {
    /// The part of a role that somebody changed.
    enum Part { case rights, implies, members }

    /// Whether a change is the machine's own: what it makes, and what a role writes when it takes effect, is no change of a role.
    static func isMachine(_ env: Environment) -> Bool {
        env.user.id == UserContext.system.id || env.cause?.name.hasPrefix(RoleKind.kind + ":") ?? false
    }

    /// Follows a change of some groups.
    static func note(_ part: Part, of groups: Set<Int>, without gone: Set<Int> = [], _ env: Environment) throws {
        if groups.isEmpty || isMachine(env) { return }
        let machine = env.asSuperuser("what a role says is kept by the machine")
        let book = try RoleBook.current(machine)
        for group in groups.sorted() where book.roles[group] != nil {
            if book.broken[group] != nil { throw Refusal.tampered("The role of the group \(group)") }
            // A role for some sites only leaves the records to the others.
            guard let version = book.versions[group] else { continue }
            if part == .members, RoleContent(version.content).members == nil { continue }
            let model = part == .rights ? ModelAccess.name : Group.name
            try GovernedRows.propose(of: version, model: model, env) { content in
                var object = content.objectValue ?? JSONObject()
                switch part {
                case .rights: object["rights"] = try rights(of: group, without: gone, machine, as: content)
                case .implies: object["implies"] = try implied(by: group, machine, as: content)
                case .members: object["members"] = ordered(try members(of: group, machine), as: content["members"])
                }
                return .object(object)
            }
        }
    }

    private static func rights(of group: Int, without gone: Set<Int>, _ env: Environment, as content: JSON) throws -> JSON {
        var letters: [String: Set<Character>] = [:]
        for right in try env.search(ModelAccess.self, .where("group_id", .equal, .int(group))) where !gone.contains(right.id) {
            guard let model = right.model?.model else { continue }
            for (letter, isGiven) in zip("rwcd", [right.mayRead, right.mayWrite, right.mayCreate, right.mayUnlink]) where isGiven {
                letters[model, default: []].insert(letter)
            }
        }
        let old = RoleContent(content).rights
        let known = old.map(\.model).filter { letters[$0] != nil }
        let order = known + letters.keys.filter { !known.contains($0) }.sorted()
        return .object(
            JSONObject(
                order.map { model in
                    let found = letters[model] ?? []
                    let before = old.first { $0.model == model }?.letters ?? ""
                    // Letters that say the same stay as they were written.
                    let text = Set(before) == found ? before : String("rwcd".filter(found.contains))
                    return JSONObject.Member(key: model, value: .string(text))
                }))
    }

    private static func implied(by group: Int, _ env: Environment, as content: JSON) throws -> JSON {
        let ids = env.record(Group.self, group).implied.ids
        let names = try Reference.names(of: ids, in: Group.name, env)
        // A group may have several names: the one that the role uses stays.
        let used = try RoleContent(content).implies.reduce(into: [Int: String]()) { used, name in
            if let id = try Reference.find(name, env) { used[id] = name }
        }
        let found = try ids.map { id in
            guard let name = used[id] ?? names[id] else { throw Refusal.unnamedGroup(env.record(Group.self, id).displayedName) }
            return name
        }
        return ordered(found, as: content["implies"])
    }

    private static func members(of group: Int, _ env: Environment) throws -> [String] {
        try env.search(User.self, .where("group_ids", .in, .ids([group])), limit: RoleContent.memberLimit + 1).map(\.login)
    }

    /// A list of names in the order in which they were, new ones behind.
    private static func ordered(_ names: [String], as old: JSON?) -> JSON {
        let before = (old?.arrayValue ?? []).compactMap(\.stringValue)
        let left = before.filter(names.contains)
        return .array((left + names.filter { !left.contains($0) }.sorted()).map { .string($0) })
    }
}

/// Follows direct writes of model rights.
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
        let machine = records.env.asSuperuser("what a role says is kept by the machine")
        let groups = Set(machine.records(ModelAccess.self, records.ids).compactMap { $0.group?.id }).union(others)
        try RoleProposal.note(.rights, of: groups, without: gone, records.env)
    }
}

/// Follows direct writes of who is in a group and what it implies, from either side.
struct RoleMembersObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents {
        [Group.name, User.name].contains(model.name) ? [.created, .written] : []
    }

    func watched(in model: ModelSchema) -> [Field] {
        (model.name == Group.name ? ["implied_ids", "user_ids"] : ["group_ids", "login"]).compactMap { model.field($0) }
    }

    func created(_ records: Records, values: [ValueMap]) throws {
        guard records.model.name == User.name else { return }
        let machine = records.env.asSuperuser("what a role says is kept by the machine")
        let users = machine.records(User.self, records.ids)
        try refuse(users.map(\.login), records.env)
        try RoleProposal.note(.members, of: Set(users.flatMap { $0.groups.ids }), records.env)
    }

    func written(_ records: Records, changes: [RecordChange]) throws {
        for name in ["implied_ids", "user_ids"] {
            let groups = Set(changes.filter { $0.field.name == name }.map(\.id))
            try RoleProposal.note(name == "user_ids" ? .members : .implies, of: groups, records.env)
        }
        let moved = changes.filter { $0.field.name == "group_ids" }.flatMap { change in
            Set(change.old.idList ?? []).symmetricDifference(change.new.idList ?? [])
        }
        try RoleProposal.note(.members, of: Set(moved), records.env)
        let logins = changes.filter { $0.field.name == "login" }.flatMap { [$0.old.textValue, $0.new.textValue].compactMap { $0 } }
        try refuse(logins, records.env)
    }

    /// Refuses that somebody gets, or loses, a login by which a role in force knows its members.
    private func refuse(_ logins: [String], _ env: Environment) throws {
        if logins.isEmpty { return }
        let known = try RoleBook.current(env.asSuperuser("what a role says is kept by the machine")).logins
        for login in logins { if let cause = known[login] { throw Refusal.loginOfRole(login, cause) } }
    }
}

extension Refusal {
    static func unnamedGroup(_ name: String) -> Refusal {
        Refusal(
            "governance.unnamed_group", .validation, "The group '\(name)' has no external id, so that a role cannot name it.",
            instruction: "Give it one in ir.model.data first.")
    }

    static func loginOfRole(_ login: String, _ cause: String) -> Refusal {
        Refusal(
            "governance.login_of_role", .conflict, "\(cause) knows a member by the login '\(login)'.",
            instruction: "Have a version of the role released that does not name it, then change the login.")
    }
}
