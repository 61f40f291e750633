import Kernel

/// What a role in force says of a group: the whole of what its members may do, what it implies, and where the role names them its members.
public struct GovernedRole: Sendable, Hashable {
    /// The letters of `rwcd` by model.
    public let rights: [String: String]
    /// The ids of the groups that it implies.
    public let implied: Set<Int>
    /// The ids of its members; nil where the records say who they are.
    public let members: Set<Int>?
    /// The only companies for whose people it holds; nil for all others.
    public let sites: Set<Int>?
    /// The companies for whose people another one holds.
    public let except: Set<Int>

    /// A role.
    public init(rights: [String: String], implied: Set<Int>, members: Set<Int>?, sites: Set<Int>? = nil, except: Set<Int> = []) {
        self.rights = rights
        self.implied = implied
        self.members = members
        self.sites = sites
        self.except = except
    }

    /// A role that cannot be believed: nobody has the group, and the group may do nothing.
    public static let nothing = GovernedRole(rights: [:], implied: [], members: [])

    /// Whether it holds for people who work first in a company.
    func holds(at company: Int) -> Bool { sites?.contains(company) ?? !except.contains(company) }
}

/// Knows of groups that have a role in force, whose rights, members and implied groups come from there and not from the records; an app
/// offers one with `App.offer(_:)`.
public protocol GovernedRights: Sendable {
    /// The roles in force by group: one for everybody, others for some companies.
    func roles(in env: Environment) throws -> [Int: [GovernedRole]]
}

/// Who is in which groups: by the role where a group has one in force for the people of their company, else by the records.
public struct Memberships {
    /// A company that no role names.
    private static let elsewhere = 0

    private let env: Environment
    private let roles: [Int: [GovernedRole]]

    /// The memberships in force.
    ///
    /// - Parameter trial: Roles that are looked at as if they were in force.
    public init(_ env: Environment, with trial: [Int: GovernedRole] = [:]) throws {
        self.env = env.asSuperuser("who is in which group is the same for everybody")
        roles = try Memberships.roles(self.env).merging(trial.mapValues { [$0] }) { known, tried in
            // One for some companies goes before the others; one for everybody takes the place of the one that was.
            tried[0].sites == nil ? known.filter { $0.sites != nil } + tried : tried + known
        }
    }

    /// The roles in force by group.
    public static func roles(_ env: Environment) throws -> [Int: [GovernedRole]] {
        var found: [Int: [GovernedRole]] = [:]
        for source in env.registry.offered(as: (any GovernedRights).self) {
            found.merge(try source.roles(in: env)) { first, _ in first }
        }
        return found
    }

    /// The groups of a user itself, without those that they imply.
    public func direct(of user: Int) -> Set<Int> {
        let record = env.record(User.self, user)
        let company = record.company?.id ?? Memberships.elsewhere
        var own = Set(record.groups.ids)
        for group in roles.keys {
            guard let members = role(of: group, at: company)?.members else { continue }
            if members.contains(user) { own.insert(group) } else { own.remove(group) }
        }
        return own
    }

    /// The groups of a user, implied ones included.
    public func groups(of user: Int) -> Set<Int> {
        let company = env.record(User.self, user).company?.id ?? Memberships.elsewhere
        return walk(from: Array(direct(of: user))) { role(of: $0, at: company)?.implied ?? Set(env.record(Group.self, $0).implied.ids) }
    }

    /// The groups with all that they imply, for the people of any company.
    public func downward(from groups: [Int]) -> Set<Int> {
        walk(from: groups) { group in
            let own = roles[group] ?? []
            let recorded = own.contains { $0.sites == nil } ? [] : env.record(Group.self, group).implied.ids
            return own.reduce(into: Set(recorded)) { $0.formUnion($1.implied) }
        }
    }

    /// The users of groups, by implication too, as a condition of `res.users`.
    public func domain(of groups: [Int]) throws -> Domain {
        let named = roles.values.joined().reduce(into: Set<Int>()) { $0.formUnion($1.sites ?? []) }
        let others = try domain(of: groups, at: Memberships.elsewhere)
        if named.isEmpty { return others }
        return try named.sorted().reduce(others & .where("company_id", .notIn, .ids(named.sorted()))) { all, company in
            all | (try domain(of: groups, at: company) & .where("company_id", .equal, .int(company)))
        }
    }

    private func domain(of groups: [Int], at company: Int) throws -> Domain {
        let all = try upward(from: groups, at: company)
        let members = all.compactMap { role(of: $0, at: company)?.members }.reduce(into: Set<Int>()) { $0.formUnion($1) }
        let recorded = all.filter { role(of: $0, at: company)?.members == nil }
        return .where("group_ids", .in, .ids(recorded.sorted())) | .where("id", .in, .ids(members.sorted()))
    }

    private func role(of group: Int, at company: Int) -> GovernedRole? { roles[group]?.first { $0.holds(at: company) } }

    private func walk(from groups: [Int], _ implied: (Int) -> Set<Int>) -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty { next = next.flatMap { implied($0) }.filter { all.insert($0).inserted } }
        return all
    }

    /// The groups whose members are members of these, too: the groups themselves and all that imply them.
    private func upward(from groups: [Int], at company: Int) throws -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty {
            let above = try env.search(Group.self, .where("implied_ids", .in, .ids(next))).ids.filter { role(of: $0, at: company) == nil }
            let governed = roles.keys.filter { !(role(of: $0, at: company)?.implied.isDisjoint(with: next) ?? true) }
            next = (above + governed).filter { all.insert($0).inserted }
        }
        return all
    }
}
