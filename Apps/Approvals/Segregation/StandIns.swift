import Base
import Governance
import Kernel

/// Who decides for whom at present.
enum Delegations {
    /// How often a delegation may be handed on.
    static let chainLimit = 5
    /// The most open delegations of one user.
    static let openLimit = 50

    /// Those for whom somebody may decide about a request, by a chain of delegations in which nobody is barred.
    static func principals(of actor: Int, for request: Record<Request>, barred: Barred) throws -> [Int] {
        try walk(from: actor, request.env) { delegation in
            guard let user = delegation.user, try barred.reason(for: user.id) == nil else { return false }
            return covers(delegation, request)
        }
    }

    /// Everybody for whom somebody stands in, whatever it is about.
    static func principals(of actor: Int, _ env: Environment) throws -> [Int] { try walk(from: actor, env) { _ in true } }

    /// Everybody who stands in for somebody now or later, whatever it is about.
    static func standIns(for user: Int, _ env: Environment) throws -> [Int] { try walk(from: user, env, toDelegates: true) { _ in true } }

    /// Everybody who acts for somebody at present in everything, handed on or not; delegations for some requests only do not count.
    static func deputies(of user: Int, _ env: Environment) throws -> [Int] {
        try walk(from: user, env, toDelegates: true) { delegation in
            guard let start = delegation.start, start <= env.now else { return false }
            return delegation.categories.isEmpty && delegation.policies.isEmpty
        }
    }

    private static func walk(
        from start: Int, _ env: Environment, toDelegates: Bool = false, _ isTaken: (Record<Delegation>) throws -> Bool
    ) throws -> [Int] {
        let machine = env.asSuperuser("delegations hold whatever the caller may see")
        let here = toDelegates ? "user_id" : "delegate_id"
        var found: [Int] = []
        var seen: Set<Int> = [start]
        var next = [start]
        for _ in 0..<chainLimit where !next.isEmpty {
            let time =
                toDelegates ? Domain.where("active", .equal, true) & .where("date_to", .greater, .instant(env.now)) : inForce(env.now)
            let open = try machine.search(Delegation.self, time & .where(here, .in, .ids(next)), order: "id")
            next = []
            for delegation in open {
                guard let other = toDelegates ? delegation.delegate?.id : delegation.user?.id, try isTaken(delegation) else { continue }
                if seen.insert(other).inserted {
                    found.append(other)
                    next.append(other)
                }
            }
        }
        return found
    }

    static func inForce(_ now: Instant) -> Domain {
        .where("active", .equal, true) & .where("date_from", .lessOrEqual, .instant(now)) & .where("date_to", .greater, .instant(now))
    }

    private static func covers(_ delegation: Record<Delegation>, _ request: Record<Request>) -> Bool {
        if delegation.categories.isEmpty && delegation.policies.isEmpty { return true }
        if let category = request.category { return delegation.categories.contains(category) }
        return request.policy.map { delegation.policies.contains($0) } ?? false
    }
}

/// Tells governance who stands in for whom: nobody releases what somebody wrote for whom they act.
struct DelegatesAsStandIns: StandIns {
    func users(standingInFor users: Set<Int>, in env: Environment) throws -> Set<Int> {
        try users.reduce(into: []) { found, user in found.formUnion(try Delegations.deputies(of: user, env)) }
    }
}

/// What must hold for delegations.
enum DelegationRules {
    static func checkAuthor(_ values: ValueMap, _ env: Environment) throws {
        let user = values["user_id"]?.intValue ?? env.user.id
        guard env.isSuperuser || user == env.user.id || env.user.isMember(of: "approvals.group_manager") else {
            throw Refusal(
                "approval.delegation_author", .accessDenied, "Nobody delegates what is somebody else's.",
                instruction: "Ask them, or an administrator of approvals.")
        }
    }

    static func check(_ delegation: Record<Delegation>) throws {
        guard delegation.active, let user = delegation.user, let delegate = delegation.delegate else { return }
        guard user != delegate, user.id != UserContext.system.id, delegate.id != UserContext.system.id else {
            throw Refusal.delegationCycle()
        }
        guard let start = delegation.start, let end = delegation.end, end > start else {
            throw Refusal(
                "approval.delegation_time", .validation, "A delegation ends after it begins.", instruction: "Choose another end.")
        }
        let env = delegation.env
        let overlapping =
            Domain.where("active", .equal, true) & .where("date_from", .less, .instant(end)) & .where("date_to", .greater, .instant(start))
        guard try env.count(Delegation.self, overlapping & .where("user_id", .equal, .int(user.id))) <= Delegations.openLimit else {
            throw Refusal(
                "approval.too_many_delegations", .limit, "A user has at most \(Delegations.openLimit) delegations at a time.",
                instruction: "End one of them.")
        }
        var next = [delegate.id]
        var seen: Set<Int> = []
        while !next.isEmpty {
            if next.contains(user.id) { throw Refusal.delegationCycle() }
            seen.formUnion(next)
            let onward = try env.search(Delegation.self, overlapping & .where("user_id", .in, .ids(next)))
            next = onward.compactMap { $0.delegate?.id }.filter { !seen.contains($0) }
        }
        try GrantChecks.check(delegate: delegate.id, for: user.id, env)
    }

    /// Lets the delegates see what already waits for those whom they stand in for.
    static func open(_ delegations: Recordset<Delegation>) throws {
        let env = delegations.env.asSuperuser("whoever stands in sees what waits")
        for delegation in delegations {
            guard let user = delegation.user, let delegate = delegation.delegate else { continue }
            let people = try [user.id] + Delegations.principals(of: user.id, env)
            let waiting = Domain.where("user_id", .in, .ids(people)) & .where("status", .in, ["pending", "waiting"])
            for seat in try env.search(Approver.self, waiting) {
                guard let request = seat.request else { continue }
                try env.records(Request.self, [request.id]).write(["reader_ids": .list([[4, .int(delegate.id)]])])
            }
        }
    }
}
