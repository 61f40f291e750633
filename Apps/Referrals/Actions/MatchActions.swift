import Base
import Kernel
import Messaging

/// What a person decides about possible matches.
enum MatchActions {
    static func decide(_ matches: Recordset<Match>, same: Bool) throws {
        let env = matches.env.asSuperuser("the decision is kept by the machine")
        for match in env.records(Match.self, matches.ids) {
            try match.write(["state": same ? "same" : "different", "decided_by_id": .int(matches.env.user.id)])
            guard let referral = match.referral else { continue }
            if same { try apply(match, to: referral) }
            if !(referral.stage?.isFinal ?? true) { try Pathway.refresh(referral) }
        }
    }

    private static func apply(_ match: Record<Match>, to referral: Record<Referral>) throws {
        if match.kind == .referral, let other = match.other { return try join(referral, into: other) }
        guard let known = match.patient, let doubled = referral.patient else { return }
        try merge(doubled, into: survivor(of: known))
        // What came for the doubled record may now be a second referral of the known patient.
        try Matching.findDuplicates(of: referral)
    }

    /// A referral that came twice: its documents go to the first, and it is closed with a pointer there.
    private static func join(_ referral: Record<Referral>, into other: Record<Referral>) throws {
        guard !(referral.stage?.isFinal ?? true) else { return }
        referral.duplicateOf = other
        for document in referral.documents { try document.write(["referral_id": .int(other.id)]) }
        try Endings.close(
            referral.asSet, ["reason_id": "cancel.duplicate", "comment": .text("Duplicate of \(other.number).")])
        try ReferralActions.note(other, "\(referral.number) is a duplicate of this referral; its documents are here now.")
    }

    /// Where a patient's record went, when it was merged before.
    private static func survivor(of patient: Record<Patient>) -> Record<Patient> {
        var current = patient
        var seen: Set<Int> = [patient.id]
        while let next = current.mergedInto, seen.insert(next.id).inserted { current = next }
        return current
    }

    /// Moves everything of a doubled patient to the known one and archives the rest; nothing is deleted.
    static func merge(_ doubled: Record<Patient>, into known: Record<Patient>) throws {
        guard known != doubled, survivor(of: known) != doubled else { return }
        let env = try doubled.env.asSuperuser("a merge reaches archived records too").with(context: ["active_test": false])
        let own = Domain.where("patient_id", .equal, .int(doubled.id))
        let coverages = try mergeCoverages(own, into: known, env)
        for referral in try env.search(Referral.self, own) {
            var values: ValueMap = ["patient_id": .int(known.id)]
            if let coverage = referral.coverage, let kept = coverages[coverage.id] { values["coverage_id"] = .int(kept) }
            try referral.write(values)
        }
        try env.search(Document.self, own).write(["patient_id": .int(known.id)])
        try mergeIdentifiers(own, into: known, env)
        for match in try env.search(Match.self, own & .where("state", .equal, "open")) { try match.write(["patient_id": .int(known.id)]) }
        try fillGaps(of: known, from: doubled)
        try doubled.write(["merged_into_id": .int(known.id), "active": false])
        for name in [known, doubled] {
            _ = try Chatter.post(
                on: name.records, Post(body: "<p>The same person was recorded twice; the records were merged.</p>", subtype: "mail.mt_note")
            )
        }
    }

    /// Which coverage stands for which one afterwards.
    private static func mergeCoverages(_ own: Domain, into known: Record<Patient>, _ env: Environment) throws -> [Int: Int] {
        var kept: [Int: Int] = [:]
        let mine = try env.search(Coverage.self, .where("patient_id", .equal, .int(known.id)))
        for coverage in try env.search(Coverage.self, own) {
            let same = mine.first { $0.payer == coverage.payer && $0.memberNumber == coverage.memberNumber }
            kept[coverage.id] = same?.id ?? coverage.id
            try coverage.write(["patient_id": .int(known.id), "active": .bool(same == nil && coverage.active)])
            if let same, coverage.state == .active, same.state == .unverified {
                try same.write(["state": "active", "verified_on": coverage.verifiedOn.map { .instant($0) } ?? .null])
            }
        }
        return kept
    }

    private static func mergeIdentifiers(_ own: Domain, into known: Record<Patient>, _ env: Environment) throws {
        let mine = Set(known.identifiers.map { PatientData.Identifier(system: $0.system, number: $0.number) })
        for identifier in try env.search(PatientIdentifier.self, own)
        where !mine.contains(PatientData.Identifier(system: identifier.system, number: identifier.number)) {
            try identifier.write(["patient_id": .int(known.id)])
        }
    }

    private static func fillGaps(of known: Record<Patient>, from doubled: Record<Patient>) throws {
        var values = ValueMap()
        for name in ["given_name", "birth_date", "mrn", "phone", "email", "street", "city", "zip", "state_code", "country_code", "lang"] {
            let given = try doubled.value(name)
            if !given.isFalsy, try known.value(name).isFalsy { values[name] = given }
        }
        if !values.isEmpty { try known.write(values) }
    }
}
