import Kernel

/// What a role in force says of a group: the whole of what its members may do, what it implies, and where the role names them its members.
public struct GovernedRole: Sendable, Hashable {
    /// The letters of `rwcd` by model.
    public let rights: [String: String]
    /// The ids of the groups that it implies.
    public let implied: Set<Int>
    /// The ids of its members; nil where the records say who they are.
    public let members: Set<Int>?

    /// A role.
    public init(rights: [String: String], implied: Set<Int>, members: Set<Int>?) {
        self.rights = rights
        self.implied = implied
        self.members = members
    }

    /// A role that cannot be believed: nobody has the group, and the group may do nothing.
    public static let nothing = GovernedRole(rights: [:], implied: [], members: [])
}

/// Knows of groups that have a role in force, whose rights, members and implied groups come from there and not from the records; an app
/// offers one with `App.offer(_:)`.
public protocol GovernedRights: Sendable {
    /// The roles in force by group.
    func roles(in env: Environment) throws -> [Int: GovernedRole]
}

/// Who is in which groups: by the role where a group has one in force, else by the records.
public struct Memberships {
    /// The most members that one question finds.
    public static let limit = 10_000

    private let env: Environment
    private let roles: [Int: GovernedRole]

    /// The memberships in force.
    ///
    /// - Parameter trial: Roles that are looked at as if they were in force.
    public init(_ env: Environment, with trial: [Int: GovernedRole] = [:]) throws {
        self.env = env.asSuperuser("who is in which group is the same for everybody")
        roles = try Memberships.roles(self.env).merging(trial) { $1 }
    }

    /// The roles in force by group.
    public static func roles(_ env: Environment) throws -> [Int: GovernedRole] {
        var found: [Int: GovernedRole] = [:]
        for source in env.registry.offered(as: (any GovernedRights).self) {
            found.merge(try source.roles(in: env)) { first, _ in first }
        }
        return found
    }

    /// The groups of a user, implied ones included.
    public func groups(of user: Int) -> Set<Int> {
        var own = Set(env.record(User.self, user).groups.ids)
        for (group, role) in roles {
            guard let members = role.members else { continue }
            if members.contains(user) { own.insert(group) } else { own.remove(group) }
        }
        return downward(from: Array(own))
    }

    /// The groups with all that they imply.
    public func downward(from groups: [Int]) -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty {
            var implied = next.compactMap { roles[$0]?.implied }.flatMap { $0 }
            for group in env.records(Group.self, next.filter { roles[$0] == nil }) { implied += group.implied.ids }
            next = implied.filter { all.insert($0).inserted }
        }
        return all
    }

    /// The groups whose members are members of these, too: the groups themselves and all that imply them.
    public func upward(from groups: [Int]) throws -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty {
            let above = try env.search(Group.self, .where("implied_ids", .in, .ids(next))).ids.filter { roles[$0] == nil }
            let governed = roles.filter { !$0.value.implied.isDisjoint(with: next) }.map(\.key)
            next = (above + governed).filter { all.insert($0).inserted }
        }
        return all
    }

    /// The users of groups, by implication too, as a condition of `res.users`.
    public func domain(of groups: [Int]) throws -> Domain {
        let all = try upward(from: groups)
        let named = all.compactMap { roles[$0]?.members }.reduce(into: Set<Int>()) { $0.formUnion($1) }
        let recorded = all.filter { roles[$0]?.members == nil }
        return .where("group_ids", .in, .ids(recorded.sorted())) | .where("id", .in, .ids(named.sorted()))
    }
}
