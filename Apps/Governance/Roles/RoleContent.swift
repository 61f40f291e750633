import Base
import JSON
import Kernel

/// What a role says: `{group, implies: [group], members: [login], rights: {model: "rwcd"}}`.
struct RoleContent {
    /// The most members that a role names.
    static let memberLimit = 10_000

    /// The group's external id.
    let group: String
    /// External ids of the groups that come with it.
    let implies: [String]
    /// Logins; nil when the role leaves it to the records who is a member.
    let members: [String]?
    /// Models with the letters of what may be done.
    let rights: [(model: String, letters: String)]

    init(_ content: JSON) {
        group = content["group"]?.stringValue ?? ""
        implies = (content["implies"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
        members = content["members"]?.arrayValue.map { $0.map { $0.stringValue ?? "" } }
        rights = (content["rights"]?.objectValue?.members ?? []).map { ($0.key, $0.value.stringValue ?? "") }
    }

    /// The role with its names looked up; names that are not there any more give nothing.
    func resolved(_ env: Environment, sites: Set<Int>? = nil, except: Set<Int> = []) throws -> GovernedRole {
        let implied = try implies.compactMap { try Reference.find($0, env) }
        return GovernedRole(
            rights: Dictionary(rights.map { ($0.model, $0.letters) }) { first, _ in first }, implied: Set(implied),
            members: try members.map { Set(try RoleContent.users($0, env).values) }, sites: sites, except: except)
    }

    /// The active users of logins, by login.
    static func users(_ logins: [String], _ env: Environment) throws -> [String: Int] {
        let found = try env.search(User.self, .where("login", .in, .list(logins.map { .text($0) })), limit: memberLimit + 1)
        return Dictionary(found.map { ($0.login, $0.id) }) { first, _ in first }
    }
}

/// Finds what speaks against a role before it is released, such as rights that nobody may hold together; an app offers one with `App.offer(_:)`.
public protocol RoleDemands: Sendable {
    /// What speaks against a role for a group, were it in force; `place` is the part of the content that a member's problem belongs to.
    func problems(
        _ role: GovernedRole, of group: Int, place: (_ user: Int) -> String, in env: Environment
    ) throws -> [DefinitionProblem]
}
