import HL7v2
import Kernel
import Referrals

/// What a referral message takes back: fields that bear HL7's explicit null `""`. An empty field says nothing.
struct Removals {
    let message: HL7Message

    func read() -> Set<ReferralData.Fact> {
        var removed: Set<ReferralData.Fact> = []
        for (fact, paths) in Self.places where isNull(paths) { removed.insert(fact) }
        if provider(isNull: [2, 7]) { removed.insert(.referrer) }
        if provider(isNull: [10]) { removed.insert(.practice) }
        return removed
    }

    /// The fields that tell a fact, the first one that says anything decides.
    private static let places: [(ReferralData.Fact, [HL7Path])] = [
        (.urgency, ["RF1-2", "OBR-5"]), (.specialty, ["RF1-3", "PV1-10"]), (.requestedService, ["OBR-4", "PR1-3"]),
        (.reasonText, ["RF1-10"]), (.diagnosisCodes, ["DG1-3"]), (.procedureCodes, ["PR1-3"]), (.coverage, ["IN1-3", "IN1-4"]),
    ]

    private func isNull(_ paths: [HL7Path]) -> Bool {
        paths.lazy.map { message.field($0) }.first { !$0.isEmpty }?.isNull ?? false
    }

    /// Whether the referring provider's fields say `""`, and nothing else.
    private func provider(isNull fields: [Int]) -> Bool {
        let segment = message.segments("PRD").first { segment in segment[1].repetitions.contains { $0.value.uppercased() == "RP" } }
        let said = fields.compactMap { segment?[$0] }.filter { !$0.isEmpty }
        return !said.isEmpty && said.allSatisfy(\.isNull)
    }
}
