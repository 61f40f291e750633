import Kernel

/// What waits for somebody's decision.
public enum WaitingApprovals {
    /// The requests that wait for the user, for themselves or for those for whom they stand in.
    public static func domain(for env: Environment) throws -> Domain {
        let people = try [env.user.id] + Delegations.principals(of: env.user.id, env)
        let machine = env.asSuperuser("the seats of whom one stands in for are looked up by the machine")
        let seats = try machine.search(
            Approver.self, .where("user_id", .in, .ids(people)) & .where("status", .equal, "pending"), limit: limit)
        let requests = Set(seats.compactMap { $0.request?.id }).sorted()
        return .where("id", .in, .ids(requests)) & .where("request_status", .equal, "pending")
            & .where("request_owner_id", .notEqual, .int(env.user.id))
    }

    /// The most seats that are looked at for one person.
    public static let limit = 1_000
}
