import Kernel
import ServiceLevels

/// The clocks of a referral, where people look at it.
struct ReferralClocks: ModelExtension {
    typealias Base = Referral

    /// How the referral stands against what was promised.
    enum Standing: String, SelectionValue { case none, running, resting, endangered, broken, kept }

    let clocks = One2many<Clock>("sla_clock_ids", inverseName: "res_id", "Clocks")
    let standing = Selection<Standing>(
        "sla_state", "Promise",
        .computed(on: "sla_clock_ids.state", "sla_clock_ids.is_warned", "sla_clock_ids.is_breached", "sla_clock_ids.outcome") {
            (referral: Record<Referral>) in ReferralClocks.standing(of: referral[\ReferralClocks.clocks])
        })
    let breachAt = Datetime(
        "sla_breach_at", "Promised by",
        .computed(on: "sla_clock_ids.breach_at", "sla_clock_ids.state") { (referral: Record<Referral>) in
            referral[\ReferralClocks.clocks].filter { $0.state == .running }.compactMap(\.breachAt).min()
        })

    init() {}

    /// The worst of the open clocks; of closed ones the last that meant something.
    static func standing(of clocks: Recordset<Clock>) -> Standing? {
        let open = clocks.filter { $0.state != .stopped }
        if open.contains(where: { $0.isBreached }) { return .broken }
        if open.contains(where: { $0.isWarned }) { return .endangered }
        if open.contains(where: { $0.state == .running }) { return .running }
        if !open.isEmpty { return .resting }
        switch clocks.filter({ $0.outcome != .void }).max(by: { $0.id < $1.id })?.outcome {
        case .kept: return .kept
        case .broken: return .broken
        default: return Standing.none
        }
    }
}

/// The payer's clocks, at the authorization that they measure.
struct AuthorizationClocks: ModelExtension {
    typealias Base = Authorization

    let clocks = One2many<Clock>("sla_clock_ids", inverseName: "res_id", "Clocks")

    init() {}
}
