import Base
import Kernel
import Messaging

/// The way of a referral: what happens by itself, and what waits for a person.
///
/// Complete and in network goes straight on; a missing authorization goes to review; urgent is accelerated; out of network needs a manager
/// before the patient is told.
public enum Pathway {
    /// The most stages that a referral passes in one go.
    private static let stepLimit = 10

    /// Takes up a new referral.
    static func begin(_ referral: Record<Referral>) throws {
        let own = superuser(referral)
        try Completeness.refresh(own)
        try Matching.findDuplicates(of: own)
        try move(own, to: .review)
        try advance(own)
    }

    /// Looks again after facts have changed.
    static func refresh(_ referral: Record<Referral>) throws {
        let own = superuser(referral)
        try Completeness.refresh(own)
        try advance(own)
    }

    /// Looks again at every open referral of a coverage.
    static func advanceAll(of coverage: Record<Coverage>) throws {
        let env = coverage.env.asSuperuser("a confirmed coverage moves its referrals on")
        let open = Domain.where("coverage_id", .equal, .int(coverage.id)) & .where("stage", .notIn, ["completed", "closed"])
        for referral in try env.search(Referral.self, open) { try advance(referral) }
    }

    /// Moves a referral on as far as nothing stands in its way.
    public static func advance(_ referral: Record<Referral>) throws {
        let own = superuser(referral)
        for _ in 0..<stepLimit {
            guard let next = try nextStage(own) else { break }
            try move(own, to: next)
        }
        try planWork(own)
    }

    /// The stage that follows by itself, if one does.
    private static func nextStage(_ referral: Record<Referral>) throws -> Stage? {
        switch referral.stage {
        case .review: return try mayLeaveReview(referral) ? .eligibility : nil
        case .eligibility:
            guard let coverage = referral.coverage, coverage.state == .active else { return nil }
            return try Authorizations.isNeeded(for: referral) ? .authorization : .triage
        case .authorization: return Authorizations.isGranted(for: referral) ? .triage : nil
        default: return nil
        }
    }

    private static func mayLeaveReview(_ referral: Record<Referral>) throws -> Bool {
        guard referral.patient != nil, referral.specialty != nil, referral.missing == 0 else { return false }
        return !referral.matches.contains { $0.state == .open && $0.score >= Matching.certain }
    }

    /// Moves a referral to a stage that may follow its present one.
    public static func move(_ referral: Record<Referral>, to stage: Stage) throws {
        guard let present = referral.stage, present.next.contains(stage) else { throw Refusal.illegalMove(referral, to: stage) }
        let own = superuser(referral)
        try own.write(["stage": .text(stage.rawValue), "stage_since": .instant(own.env.now), "awaiting_sender": false])
        try own.env.unit.transaction.emit(
            OutboxEvent(
                "care.referral.stage_changed", model: Referral.name, recordId: own.id,
                data: [
                    "number": .text(own.number), "from": .text(present.rawValue), "to": .text(stage.rawValue),
                    "urgency": .text(own.urgency?.rawValue ?? ""),
                ]))
        for cause in Work.causes { try ActivityActions.close(cause: cause, on: own.records) }
    }

    /// Plans what a person has to do in the present stage.
    private static func planWork(_ referral: Record<Referral>) throws {
        guard let work = try Work.next(for: referral) else { return }
        let urgency = referral.urgency ?? .routine
        let days = urgency == .routine ? work.days : 0
        try ActivityActions.plan(
            "mail.mail_activity_data_todo", on: referral.records, summary: work.summary,
            user: referral.user?.id ?? Work.coordinator(of: referral),
            deadline: referral.env.today + days, cause: work.cause)
    }

    private static func superuser(_ referral: Record<Referral>) -> Record<Referral> {
        referral.env.asSuperuser("stages are moved by the machine under the rules of the pathway").record(Referral.self, referral.id)
    }
}

/// What a person has to do for a referral.
struct Work {
    let cause: String
    let summary: String
    /// Days until it should be done, when the referral is routine.
    let days: Int

    static let causes = [
        "referral.missing", "referral.match", "referral.eligibility", "referral.authorization", "referral.triage", "referral.assign",
        "referral.book", "referral.notify", "referral.network",
    ]

    static func next(for referral: Record<Referral>) throws -> Work? {
        switch referral.stage {
        case .review:
            if referral.matches.contains(where: { $0.state == .open && $0.score >= Matching.certain }) {
                return Work(cause: "referral.match", summary: "Decide whether it is a duplicate", days: 0)
            }
            let names = referral.requirements.filter { $0.state == .missing }.map(\.displayedName).prefix(3).joined(separator: ", ")
            return Work(
                cause: "referral.missing", summary: "Ask the sender for: \(names.isEmpty ? "patient and specialty" : names)", days: 1)
        case .eligibility: return Work(cause: "referral.eligibility", summary: "Verify eligibility with the payer", days: 1)
        case .authorization: return Work(cause: "referral.authorization", summary: "Get the payer's authorization", days: 1)
        case .triage: return Work(cause: "referral.triage", summary: "Triage", days: 2)
        case .assignment:
            if Networks.needsApproval(referral) {
                return Work(cause: "referral.network", summary: "Approve out of network, or redirect", days: 1)
            }
            return referral.service == nil
                ? Work(cause: "referral.assign", summary: "Choose a service", days: 1)
                : Work(cause: "referral.book", summary: "Book an appointment", days: 2)
        case .scheduled: return Work(cause: "referral.notify", summary: "Tell the patient", days: 1)
        default: return nil
        }
    }

    /// Who coordinates a site's referrals: the setting `referrals.coordinator`, else the administrator.
    static func coordinator(of referral: Record<Referral>) -> Int {
        let setting = try? referral.env.search(Parameter.self, .where("key", .equal, "referrals.coordinator"), limit: 1).first
        return setting.flatMap { Int($0.content) } ?? 2
    }
}

extension Refusal {
    /// The stage may not follow; the answer names those that may.
    static func illegalMove(_ referral: Record<Referral>, to stage: Stage) -> Refusal {
        let possible = (referral.stage?.next ?? []).map(\.rawValue).sorted()
        return Refusal(
            "referral.illegal_move", .conflict,
            "Referral \(referral.number) cannot go from '\(referral.stage?.rawValue ?? "")' to '\(stage.rawValue)'.",
            instruction: possible.isEmpty ? "It is closed." : "Possible: " + possible.joined(separator: ", ") + ".",
            details: ["stages": .list(possible.map { .text($0) })])
    }
}
