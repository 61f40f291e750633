import Base
import Kernel

/// Which role governs a group; written by the machine as roles take effect, so that a role that is missing is missed.
struct RoleOfGroup: ModelExtension {
    typealias Base = Group

    /// The ids of the versions in force, with commas between, those for some sites first.
    let versions = Char("role_versions", .groups("base.group_nobody"), .notCopied)
    /// Whether one of them was found to be another one than was released.
    let isBroken = Flag("role_is_broken", .groups("base.group_nobody"), .notCopied, .initial(false))

    init() {}
}

/// The roles in force by group, and those that cannot be believed.
///
/// A group that a role governs never falls back to its records: when its version is gone, was taken out of force by no release, or is not the one
/// whose hash was released, then nobody is in the group and the group may do nothing.
struct RoleBook: Sendable {
    private(set) var roles: [Int: [GovernedRole]] = [:]
    /// The versions that are for everybody; none for a broken role.
    private(set) var versions: [Int: ReleasedVersion] = [:]
    /// The logins of all members that roles name, with the version that does.
    private(set) var logins: [String: String] = [:]
    /// Why a group's role cannot be believed.
    private(set) var broken: [Int: String] = [:]

    /// The roles in force, remembered until a version, a group or a user changes.
    static func current(_ env: Environment) throws -> RoleBook {
        try env.remembered("governance.roles", from: Definitions.models + [Group.name, User.name, ExternalId.name]) { try RoleBook($0) }
    }

    /// The roles as the tables have them now.
    init(_ env: Environment) throws {
        let machine = env.asSuperuser("what a role says is the same for everybody")
        for group in try RoleShelf.groups(machine) {
            do {
                let found = try RoleShelf.marks(of: group).map { try RoleBook.version($0, of: group) }
                let scopes = RoleShelf.scopes(found, machine)
                roles[group.id] = try scopes.map { scope in
                    try RoleContent(scope.version.content).resolved(machine, sites: scope.sites, except: scope.except)
                }
                versions[group.id] = scopes.first { $0.sites == nil }?.version
                for scope in scopes {
                    for login in RoleContent(scope.version.content).members ?? [] { logins[login] = scope.version.cause }
                }
            } catch let doubt as Doubt {
                roles[group.id] = [.nothing]
                broken[group.id] = doubt.reason
            }
        }
    }

    private struct Doubt: Error { let reason: String }

    /// A version that governs a group, when it is the one that was released.
    private static func version(_ id: Int, of group: Record<Group>) throws -> ReleasedVersion {
        let env = group.env
        guard let record = try env.search(DefinitionVersion.self, .where("id", .equal, .int(id)), limit: 1).first else {
            throw Doubt(reason: "its version is gone")
        }
        guard record.kind == RoleKind.kind, record.state == .released else {
            throw Doubt(reason: "\(record.cause) is not in force any more, though nobody took it out of force")
        }
        let version = ReleasedVersion(record)
        guard version.isSound else { throw Doubt(reason: "\(record.cause) is not the content that was released") }
        guard try Reference.find(RoleContent(version.content).group, env) == group.id else {
            throw Doubt(reason: "\(record.cause) is about another group")
        }
        return version
    }
}

/// Rights, members and implied groups of groups that have a role in force come from the role; the records show what their last writer wants.
struct RoleRights: GovernedRights {
    func roles(in env: Environment) throws -> [Int: [GovernedRole]] { try RoleBook.current(env).roles }
}
