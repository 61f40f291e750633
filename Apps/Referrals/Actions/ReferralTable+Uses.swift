import DecisionTables
import Decisions
import Governance
import JSON
import Kernel

/// How referrals ask their tables: what a draft of a table is held against past referrals with.
///
/// A referral is asked about as it stood then; pathway and timers with its requirements, matches, coverage and authorizations as they stood,
/// too. What was deleted since is not there; services, slots, patients and payers stand as they do now.
extension ReferralTable {
    static let uses: [TableUse] = [
        use(.completeness, ["specialty_id", "coverage_id"]) { table, referral in
            let asked = try table.evaluate(told: Completeness.inputs(of: referral)).answers
            return .array(asked.compactMap { $0["code"]?.fieldValue.textValue }.map { .string($0) })
        },
        use(.authorization, ["specialty_id", "coverage_id", "urgency"]) { table, referral in
            .bool(try table.evaluate(told: Authorizations.inputs(of: referral))["needed"].fieldValue == true)
        },
        use(.network, ["network", "urgency", "service_id"]) { table, referral in
            .bool(try table.evaluate(told: Networks.inputs(of: referral))["manager"].fieldValue == true)
        },
        use(.routing, ["specialty_id", "coverage_id", "urgency", "patient_id"]) { table, referral in
            let found = try Routing.candidates(for: referral) { inputs, _ in
                try table.evaluate(told: inputs).answers.map { $0.mapValues(\.fieldValue) }
            }
            return found.first.map { ["service_id": JSON($0.service.id), "service": .string($0.service.displayedName)] }
        },
        use(.promise, ["urgency", "specialty_id", "coverage_id"]) { table, referral in
            let told: ValueMap = [
                "urgency": referral.urgencyValue, "specialty": (referral.specialty?.code ?? "").decisionValue,
                "payer": (referral.payer?.displayedName ?? "").decisionValue,
            ]
            let answer = try table.evaluate(told: told)
            return ["minutes": answer["minutes"].json, "warn": answer["warn"].json]
        },
        moving(.pathway) { table, referral, _ in
            guard let inputs = try referral.inputs() else { return nil }
            return ["stage": inputs["stage"]?.asJSON ?? .null, "next": try table.evaluate(told: inputs)["next"].json]
        },
        moving(.timers) { table, referral, event in
            guard let (work, urgency) = try referral.work(at: event) else { return nil }
            let days = try table.evaluate(told: ["work": .text(work), "urgency": .text(urgency.rawValue)])["days"].json
            return ["work": .string(work), "days": days]
        },
    ]

    /// The fields whose change lets the pathway be looked at again.
    private static let moves: Set<String> = [
        "stage", "urgency", "patient_id", "specialty_id", "coverage_id", "service_id", "network", "network_approved_by",
    ]

    /// A table that is asked whenever a referral may move on: when it changes, and when something changes that it waits for.
    private static func moving(
        _ table: ReferralTable, _ ask: @escaping @Sendable (CompiledTable, PastReferral, PastEvent) throws -> JSON?
    ) -> TableUse {
        let others: [String: Set<String>] = [
            Requirement.name: ["state"], Match.name: ["state"], Authorization.name: ["state"], Coverage.name: ["state"],
        ]
        return TableUse(
            "referrals." + table.rawValue, model: Referral.name, fields: moves, others: others,
            subject: { try PastReferral.subject(of: $0, $1) }
        ) { compiled, records, event in
            guard let referral = Recordset<Referral>(records).first else { return nil }
            let answer = try ask(compiled, PastReferral(referral, event.past), event)
            try records.env.unit.checkFailure()
            return answer
        }
    }

    private static func use(
        _ table: ReferralTable, _ fields: Set<String>, _ ask: @escaping @Sendable (CompiledTable, Record<Referral>) throws -> JSON?
    ) -> TableUse {
        TableUse("referrals." + table.rawValue, model: Referral.name, fields: fields) { compiled, records, _ in
            guard let referral = Recordset<Referral>(records).first else { return nil }
            let answer = try ask(compiled, referral)
            try records.env.unit.checkFailure()
            return answer
        }
    }
}
