import Base
import Kernel
import Messaging

/// What a person has to do for a referral.
struct Work {
    let cause: String
    let summary: String
    /// Whether it is for a manager rather than for the coordinator.
    var isForManager = false

    static let causes = [
        "referral.missing", "referral.match", "referral.eligibility", "referral.authorization", "referral.triage", "referral.assign",
        "referral.book", "referral.notify", "referral.network", "referral.loop",
    ]

    static func next(for referral: Record<Referral>) throws -> Work? {
        switch referral.stage {
        case .review:
            if referral.matches.contains(where: { $0.state == .open && $0.score >= Matching.certain }) {
                return Work(cause: "referral.match", summary: "Decide whether it is a duplicate")
            }
            let names = referral.requirements.filter { $0.state == .missing }.map(\.displayedName).prefix(3).joined(separator: ", ")
            return Work(cause: "referral.missing", summary: "Ask the sender for: \(names.isEmpty ? "patient and specialty" : names)")
        case .eligibility: return Work(cause: "referral.eligibility", summary: "Verify eligibility with the payer")
        case .authorization: return Work(cause: "referral.authorization", summary: "Get the payer's authorization")
        case .triage: return Work(cause: "referral.triage", summary: "Triage")
        case .assignment:
            if try Networks.needsApproval(referral) {
                return Work(cause: "referral.network", summary: "Approve out of network, or redirect", isForManager: true)
            }
            return referral.service == nil
                ? Work(cause: "referral.assign", summary: "Choose a service")
                : Work(cause: "referral.book", summary: "Book an appointment")
        case .scheduled: return Work(cause: "referral.notify", summary: "Tell the patient")
        case .notified: return Work(cause: "referral.loop", summary: "Get the consult note and have it acknowledged")
        default: return nil
        }
    }

    /// Plans the work once; when it is planned already, its words and an earlier deadline are brought up to date.
    static func plan(_ work: Work, for referral: Record<Referral>) throws {
        let deadline = try deadline(of: work, referral)
        let activity = try ActivityActions.plan(
            "mail.mail_activity_data_todo", on: referral.records, summary: work.summary,
            user: work.isForManager ? person("manager", referral) : referral.user?.id ?? person("coordinator", referral),
            deadline: deadline,
            cause: work.cause)
        guard let activity else { return }
        if activity.summary != work.summary { activity.summary = work.summary }
        if let planned = activity.deadline, deadline < planned { activity.deadline = deadline }
    }

    private static func deadline(of work: Work, _ referral: Record<Referral>) throws -> Day {
        let days = try days(work.cause, referral.urgency ?? .routine, referral)
        guard work.cause == "referral.loop" else { return referral.env.today + days }
        let last = referral.appointments.compactMap { $0.state == .cancelled || $0.state == .noshow ? nil : $0.start?.day }.max()
        return (last ?? referral.env.today) + days
    }

    /// Within how many days something should be done; the longest is a year.
    static func days(_ work: String, _ urgency: Urgency, _ referral: Record<Referral>) throws -> Int {
        let decision = try ReferralTable.timers.decide(["work": .text(work), "urgency": .text(urgency.rawValue)], for: referral)
        return max(0, min(decision["days"].intValue ?? 1, 366))
    }

    /// Closes what was planned for a referral, but for one cause.
    static func finish(_ referral: Record<Referral>, except cause: String?) throws {
        let env = referral.env.asSuperuser("activities planned by the machine are closed by it")
        let planned =
            Domain.where("res_model", .equal, .text(Referral.name)) & .where("res_id", .equal, .int(referral.id))
            & .where("cause", .in, .list(causes.filter { $0 != cause }.map { .text($0) }))
        try ActivityActions.finish(try env.search(Activity.self, planned), feedback: "")
    }

    /// Who coordinates or manages a site's referrals: the setting `referrals.coordinator.<site>`, then `referrals.coordinator`, else the
    /// administrator; for managers likewise.
    private static func person(_ role: String, _ referral: Record<Referral>) -> Int {
        let keys = ["referrals.\(role).\(referral.company?.id ?? 0)", "referrals.\(role)"]
        for key in keys {
            let setting = try? referral.env.search(Parameter.self, .where("key", .equal, .text(key)), limit: 1).first
            if let id = setting.flatMap({ Int($0.content) }) { return id }
        }
        return 2
    }
}
