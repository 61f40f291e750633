import Governance
import Kernel

/// A referral as it stood right after a past event, with what hangs on it: what pathway and timers are asked about.
struct PastReferral {
    private let referral: Record<Referral>
    private let past: PastState

    /// - Parameter referral: With its own fields put back.
    init(_ referral: Record<Referral>, _ past: PastState) {
        self.referral = referral
        self.past = past
    }

    /// The referral that an event is about: the one that a part belongs to, and of a coverage the latest that named it then.
    static func subject(of event: PastEvent, _ env: Environment) throws -> Records? {
        guard event.model == Coverage.name else {
            let referral = try env.records(event.model, [event.id]).related("referral_id")
            return referral.isEmpty ? nil : referral
        }
        let model = env.registry.schema(Referral.self)
        let own = Domain.where("coverage_id", .equal, .int(event.id)) & .where("received_on", .lessOrEqual, .instant(event.moment))
        let found = try env.search(model, own, order: "received_on desc, id desc", limit: 1)
        return found.isEmpty ? nil : found
    }

    /// What the pathway is told; nil where nothing can follow any more.
    func inputs() throws -> ValueMap? {
        guard let stage = referral.stage, !stage.isFinal else { return nil }
        let coverage = coverage
        let facts = Pathway.Facts(
            missing: missing, hasOpenMatch: hasOpenMatch, coverage: coverage, authorization: try authorization(in: stage, coverage),
            network: try Pathway.network(of: referral))
        return facts.inputs(of: referral, in: stage)
    }

    /// What a person had to do after an event, and how urgently; nil when nothing.
    func work(at event: PastEvent) throws -> (work: String, urgency: Urgency)? {
        let urgency = referral.urgency ?? .routine
        if event.model == Authorization.name, event.new["state"] == "submitted" {
            let isExpedited = try !referral.env.records(event.model, [event.id]).value("expedited").isFalsy
            return ("authorization.decision", isExpedited ? .urgent : .routine)
        }
        if referral.stage == .review { return (hasOpenMatch ? "referral.match" : "referral.missing", urgency) }
        return try Work.next(for: referral).map { ($0.cause, urgency) }
    }

    // MARK: what hangs on it

    private var missing: Int { there(referral.requirements).filter { state(of: $0.records) == "missing" }.count }

    private var hasOpenMatch: Bool {
        there(referral.matches).contains { state(of: $0.records) == "open" && $0.score >= Matching.certain }
    }

    private var coverage: String {
        guard let coverage = referral.coverage, past.wasThere(coverage.id, in: Coverage.name) else { return "none" }
        return state(of: coverage.records)
    }

    private func authorization(in stage: Stage, _ coverage: String) throws -> String {
        switch stage {
        case .authorization, .triage: break
        case .eligibility where coverage == Coverage.State.active.rawValue: break
        default: return "not looked at"
        }
        let known = there(referral.authorizations)
        if known.contains(where: { state(of: $0.records) == "not_required" }) { return "not needed" }
        guard try ReferralTable.authorization.decide(Authorizations.inputs(of: referral), for: referral)["needed"] == true else {
            return "not needed"
        }
        return known.contains { state(of: $0.records) == "approved" } ? "granted" : "missing"
    }

    private func there<M: Model>(_ records: Recordset<M>) -> [Record<M>] { records.filter { past.wasThere($0.id, in: M.name) } }

    private func state(of record: Records) -> String {
        guard let id = record.ids.first else { return "" }
        if let then = past.values(of: id, in: record.model.name)["state"] { return then.textValue ?? "" }
        return (try? record.value(id, "state").textValue) ?? ""
    }
}
