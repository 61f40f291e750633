import Base
import Kernel
import Messaging

/// The way of a referral: what happens by itself, and what waits for a person.
///
/// Complete and in network goes straight to scheduling; a missing authorization goes to review; urgent is accelerated; out of network needs
/// a manager before the patient is told. The tables in force say so; see `ReferralTable`.
public enum Pathway {
    /// The most stages that a referral passes in one go.
    private static let stepLimit = 10

    /// Takes up a new referral.
    static func begin(_ referral: Record<Referral>) throws {
        let own = superuser(referral)
        try Completeness.refresh(own)
        try Matching.findDuplicates(of: own)
        try advance(own)
    }

    /// Looks again at the open referrals of a patient after the patient's record changed.
    static func refreshAll(of patients: Recordset<Patient>) throws {
        let env = patients.env.asSuperuser("a patient's record may complete referrals")
        let open = Domain.where("patient_id", .in, .ids(patients.ids)) & .where("stage", .in, ["review", "eligibility", "authorization"])
        for referral in try env.search(Referral.self, open) { try refresh(referral) }
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
        for referral in try env.search(Referral.self, open) { try refresh(referral) }
    }

    /// Moves a referral on as far as nothing stands in its way.
    public static func advance(_ referral: Record<Referral>) throws {
        let own = superuser(referral)
        for _ in 0..<stepLimit {
            guard let (next, cause) = try nextStage(own) else { break }
            let present = own.stage
            try move(own.env.because(cause).record(Referral.self, own.id), to: next)
            // Whoever accepts at triage lets a service be chosen; so does a table that accepts by itself.
            if present == .triage, next == .assignment { try Routing.propose(for: own) }
        }
        try planWork(own)
    }

    /// The stage that follows by itself, if one does, and what the version that says so is called.
    private static func nextStage(_ referral: Record<Referral>) throws -> (Stage, cause: String)? {
        guard let stage = referral.stage, !stage.isFinal else { return nil }
        let coverage = referral.coverage?.state?.rawValue ?? "none"
        let facts = Facts(
            missing: referral.missing, hasOpenMatch: referral.matches.contains { $0.state == .open && $0.score >= Matching.certain },
            coverage: coverage, authorization: try authorization(of: referral, coverage), network: try network(of: referral))
        let decision = try ReferralTable.pathway.decide(facts.inputs(of: referral, in: stage), for: referral)
        return decision["next"].textValue.flatMap(Stage.init).map { ($0, decision.cause) }
    }

    /// What the table is told of a referral beside what stands in it.
    struct Facts {
        let missing: Int
        let hasOpenMatch: Bool
        let coverage: String
        let authorization: String
        let network: Network

        func inputs(of referral: Record<Referral>, in stage: Stage) -> ValueMap {
            [
                "stage": .text(stage.rawValue), "identified": .bool(referral.patient != nil && referral.specialty != nil),
                "missing": .int(missing), "open_match": .bool(hasOpenMatch), "coverage": .text(coverage),
                "authorization": .text(authorization), "network": .text(network.rawValue), "urgency": referral.urgencyValue,
                "specialty": (referral.specialty?.code ?? "").decisionValue,
            ]
        }
    }

    /// Where the payer's permission stands; looked at when the coverage is confirmed, for looking notes what the payer asks for.
    private static func authorization(of referral: Record<Referral>, _ coverage: String) throws -> String {
        switch referral.stage {
        case .authorization, .triage: break
        case .eligibility where coverage == Coverage.State.active.rawValue: break
        default: return "not looked at"
        }
        let isNeeded = try Authorizations.isNeeded(for: referral)
        return !isNeeded ? "not needed" : Authorizations.isGranted(for: referral) ? "granted" : "missing"
    }

    /// Whether the service that is assigned, or in triage the one that would be, is in the payer's network.
    static func network(of referral: Record<Referral>) throws -> Network {
        guard referral.stage == .triage else { return referral.network ?? .unknown }
        return try Routing.candidates(for: referral).first.map { Networks.network(of: $0.service, for: referral) } ?? .unknown
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
        try Work.finish(own, except: nil)
    }

    /// Plans what a person has to do in the present stage; what was planned before for another state of things is done.
    private static func planWork(_ referral: Record<Referral>) throws {
        let work = try Work.next(for: referral)
        try Work.finish(referral, except: work?.cause)
        if let work { try Work.plan(work, for: referral) }
    }

    private static func superuser(_ referral: Record<Referral>) -> Record<Referral> {
        referral.env.asSuperuser("stages are moved by the machine under the rules of the pathway").record(Referral.self, referral.id)
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
