import Base
import Kernel

/// Who must not decide about something, and why: its maker, whoever entered, received or would be paid by it, and toxic pairs.
final class Barred {
    private let env: Environment
    private let target: Records
    private var reasons: [Int: String] = [:]
    private var known: [Int: String?] = [:]

    /// Whoever must not decide about a request, or about the record that it is to be made for.
    init(owner: Int, target: Records, policy: PolicyRow?, request: Record<Request>? = nil) throws {
        let env = target.env.asSuperuser("who must not decide is found by the machine")
        self.env = env
        self.target = target.with(env)
        if let request {
            reasons[try request.value("create_uid").intValue ?? 0] = "they made the request"
            if let partner = request.partner {
                let record = env.records(Partner.self, [partner.id]).records
                bar(try Seating.named(by: "", on: record), "they would be paid by it")
            }
        }
        reasons[owner] = "they ask for it"
        guard let policy else { return }
        bar(try Doers.users(["write"], self.target, env), "they entered what is to be approved")
        for id in self.target.ids {
            if let maker = try self.target.value(id, "create_uid").intValue { reasons[maker] = "they made the record" }
        }
        for path in policy.excluded { bar(try Seating.named(by: path, on: self.target), "they are named in '\(path)'") }
        if !policy.excludedActions.isEmpty {
            bar(try Doers.users(policy.excludedActions, self.target, env), "they took part in what is to be approved")
        }
        bar(try Doers.users([policy.action], self.target, env), "they took this action before")
    }

    /// Why somebody must not decide; nil when they may.
    func reason(for user: Int) throws -> String? {
        if let reason = reasons[user] { return reason }
        if let reason = known[user] { return reason }
        let request = Records(env.registry.schema(Request.self), [], env)
        var pair = try ToxicPairs.reason("action_approve", on: request, user, env)
        if pair == nil, target.model.name != Request.name { pair = try ToxicPairs.reason("approve", on: target, user, env) }
        let reason = pair.map { "of the toxic pair '\($0)'" }
        known[user] = .some(reason)
        return reason
    }

    private func bar(_ users: some Swift.Sequence<Int>, _ reason: String) {
        for user in users where reasons[user] == nil { reasons[user] = reason }
    }
}
