import Base
import JSON
import Kernel

/// What is wrong with a role, with the places.
struct RoleCheck {
    private let content: JSON
    private let role: RoleContent
    private let place: VersionPlace
    private let env: Environment

    init(_ content: JSON, _ place: VersionPlace, _ env: Environment) {
        self.content = content
        self.place = place
        self.env = env
        role = RoleContent(content)
    }

    func problems() throws -> [DefinitionProblem] {
        let found = try groups() + members() + rights()
        guard found.isEmpty, let group = try Reference.find(role.group, env) else { return found }
        let own = place.company.map { [$0] as Set }
        let resolved = try role.resolved(env, sites: place.sites.isEmpty ? own : place.sites)
        let places = try places()
        return try env.registry.offered(as: (any RoleDemands).self).flatMap { demands in
            try demands.problems(resolved, of: group, place: { places[$0] ?? "implies" }, in: env)
        }
    }

    private func groups() throws -> [DefinitionProblem] {
        var problems: [DefinitionProblem] = []
        func require(_ group: String, _ place: String) throws {
            guard try group.isEmpty || Reference.find(group, env) == nil else { return }
            problems.append(DefinitionProblem(place, "There is no group '\(group)'.", remedy: "Name a group by its external id."))
        }
        try require(role.group, "group")
        for (index, group) in role.implies.enumerated() { try require(group, "implies[\(index)]") }
        guard let group = try Reference.find(role.group, env) else { return problems }
        let marks = RoleShelf.marks(of: env.record(Group.self, group))
        let other = try env.search(DefinitionVersion.self, .where("id", .in, .ids(marks)), limit: 1).first
        if let other, other.kind == RoleKind.kind, !place.key.isEmpty, other.key != place.key {
            problems.append(
                DefinitionProblem(
                    "group", "'\(role.group)' has the role \(other.cause) already.",
                    remedy: "Make a version of that role, or have it retired first."))
        }
        return problems
    }

    private func members() throws -> [DefinitionProblem] {
        guard let json = content["members"], !json.isNull else { return [] }
        guard let members = role.members else {
            return [DefinitionProblem("members", "The members are no list.", remedy: "List logins, or leave the members out.")]
        }
        guard members.count <= RoleContent.memberLimit else {
            return [
                DefinitionProblem(
                    "members", "A role names at most \(RoleContent.memberLimit) members.", remedy: "Let another group imply this one.")
            ]
        }
        let known = try RoleContent.users(members, env)
        return members.enumerated().compactMap { index, login in
            if known[login] == nil {
                return DefinitionProblem("members[\(index)]", "There is no active user '\(login)'.", remedy: "Name a user by the login.")
            }
            return members.firstIndex(of: login) == index
                ? nil : DefinitionProblem("members[\(index)]", "'\(login)' is named twice.", remedy: "Name everybody once.")
        }
    }

    private func rights() -> [DefinitionProblem] {
        guard content["rights"]?.objectValue != nil else {
            return [DefinitionProblem("rights", "No rights are given.", remedy: "Name models with letters of rwcd.")]
        }
        return role.rights.flatMap { model, letters -> [DefinitionProblem] in
            var problems: [DefinitionProblem] = []
            if env.registry.model(model) == nil {
                problems.append(
                    DefinitionProblem("rights." + model, "There is no model '\(model)'.", remedy: "Name models that are installed."))
            }
            if letters.isEmpty || !letters.allSatisfy("rwcd".contains) {
                problems.append(DefinitionProblem("rights." + model, "'\(letters)' says no rights.", remedy: "Use letters of rwcd."))
            }
            return problems
        }
    }

    /// Where each member stands, by the user's id.
    private func places() throws -> [Int: String] {
        let members = role.members ?? []
        let users = try RoleContent.users(members, env)
        var places: [Int: String] = [:]
        for (index, login) in members.enumerated() {
            if let user = users[login] { places[user] = "members[\(index)]" }
        }
        return places
    }
}
