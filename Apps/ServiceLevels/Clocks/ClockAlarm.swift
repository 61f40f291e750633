import Base
import Clocks
import Exceptions
import Governance
import Kernel
import Messaging

/// Tells people that a promise is in danger or broken.
struct ClockAlarm {
    /// The most members of a group who are told.
    static let peopleLimit = 20

    private let clock: Record<Clock>
    private let env: Environment

    init(_ clock: Record<Clock>) {
        env = clock.env.asSuperuser("warnings are given by the machine").because(
            ClockAlarm.cause(of: clock), on: clock.records)
        self.clock = env.record(Clock.self, clock.id)
    }

    /// Warns whoever has the record in hand, and those whom the policy names.
    func warn(_ reading: ClockReading) throws {
        try clock.write(["is_warned": true, "warn_at": reading.warnAt.map { .instant($0) } ?? .null])
        try tell("warn", "\(clock.displayedName): \(max(reading.remainingMinutes, 0)) of \(reading.targetMinutes) minutes left")
    }

    /// Says that the promise is broken; an exception gets an owner.
    func breach(_ reading: ClockReading) throws {
        try clock.write(["is_breached": true, "is_warned": true, "breach_at": reading.breachAt.map { .instant($0) } ?? .null])
        try tell("breach", "\(clock.displayedName): the promise of \(reading.targetMinutes) minutes is broken")
        guard let policy = clock.policy, policy.raisesException, let record = try record() else { return }
        try ExceptionCase.raise(
            "sla.breached", "\(policy.displayedName): the promised \(reading.targetMinutes) minutes are over.",
            remedy: "Do what the record waits for, then resolve this with the reason for the delay.", source: "sla:\(policy.key)",
            on: record, in: env)
    }

    /// The version of the service level that the clock keeps to.
    private static func cause(of clock: Record<Clock>) -> String {
        let policy = clock.env.asSuperuser("what a clock keeps to is found by the machine").record(Clock.self, clock.id).policy
        return policy?.released?.cause ?? "sla:\(policy?.key ?? "")@\(policy?.number ?? 0)"
    }

    private func record() throws -> Records? {
        guard let model = env.registry.model(clock.recordModel) else { return nil }
        let ids = try env.existing([clock.record], in: model)
        return ids.isEmpty ? nil : Records(model, Array(ids), env)
    }

    private func tell(_ kind: String, _ summary: String) throws {
        guard let record = try record(), record.model.hasChatter else { return }
        for user in try people(record) {
            try ActivityActions.plan(
                "mail.mail_activity_data_todo", on: record, summary: summary, user: user, deadline: env.today,
                cause: "sla.\(kind):\(clock.id):\(user)")
        }
    }

    /// The user whom the policy names, the group's members at the site, and the one who has the record in hand; else nobody but the exception's owner.
    private func people(_ record: Records) throws -> [Int] {
        var found: [Int] = []
        if let user = clock.policy?.escalationUser { found.append(user.id) }
        if let group = clock.policy?.escalationGroup {
            var members = try Memberships(env).domain(of: [group.id]) & .where("active", .equal, true)
            if let company = clock.company { members = members & .where("company_ids", .in, .ids([company.id])) }
            found += try env.search(User.self, members, order: "id", limit: ClockAlarm.peopleLimit).ids
        }
        if let field = record.model.field("user_id"), field.kind.comodel == "res.users",
            let holder = try record.value(clock.record, field).intValue
        {
            found.append(holder)
        }
        var seen: Set<Int> = []
        return found.filter { seen.insert($0).inserted }
    }
}
