import Base
import Kernel
import Messaging

/// Whether a payer must permit a referral, and whether it has.
enum Authorizations {
    /// What the table is told of a referral.
    static func inputs(of referral: Record<Referral>) -> ValueMap {
        [
            "payer": (referral.payer?.reference ?? "").decisionValue, "specialty": (referral.specialty?.code ?? "").decisionValue,
            "urgency": referral.urgencyValue,
        ]
    }

    static func isNeeded(for referral: Record<Referral>) throws -> Bool {
        if referral.authorizations.contains(where: { $0.state == .notRequired }) { return false }
        let decision = try ReferralTable.authorization.decide(inputs(of: referral), for: referral)
        let asked = decision["needed"] == true
        if asked, referral.authorizations.isEmpty {
            let env = referral.env.asSuperuser("the machine notes what the payer asks for").because(decision.cause)
            try env.create(
                Authorization.self,
                [
                    "referral_id": .int(referral.id), "payer_id": referral.payer.map { .int($0.id) } ?? .null,
                    "expedited": .bool(referral.urgency != .routine), "number": "",
                ])
        }
        return asked
    }

    static func isGranted(for referral: Record<Referral>) -> Bool {
        referral.authorizations.contains { authorization in
            guard authorization.state == .approved || authorization.state == .notRequired else { return false }
            return (authorization.validTo ?? referral.env.today) >= referral.env.today
        }
    }

    /// Whether the payer's permission, where one is needed, holds on the day of an appointment.
    static func covers(_ day: Day, _ referral: Record<Referral>) throws -> Bool {
        guard try isNeeded(for: referral) else { return true }
        return referral.authorizations.contains { authorization in
            guard authorization.state == .approved else { return false }
            return (authorization.validFrom ?? day) <= day && (authorization.validTo ?? day) >= day
        }
    }
}

/// What happens to authorizations.
enum AuthorizationActions {
    static func submit(_ list: Recordset<Authorization>) throws {
        for authorization in own(list) {
            let urgency: Urgency = authorization.isExpedited ? .urgent : .routine
            let days = try authorization.referral.map { try Work.days("authorization.decision", urgency, $0) } ?? 0
            try authorization.write([
                "state": "submitted", "submitted_on": .instant(list.env.now), "decision_due": .instant(list.env.now + days * 86_400),
            ])
        }
    }

    static func approve(_ list: Recordset<Authorization>, _ arguments: ValueMap) throws {
        let number = arguments["number"]?.textValue ?? ""
        guard !number.isEmpty else {
            throw Refusal(
                "authorization.number", .validation, "An approval has a number.", instruction: "Give the payer's authorization number.")
        }
        var values: ValueMap = ["state": "approved", "number": .text(number), "decided_on": .instant(list.env.now)]
        if let from = arguments["valid_from"] { values["valid_from"] = from }
        if let to = arguments["valid_to"] { values["valid_to"] = to }
        try own(list).write(values)
        try goOn(list)
    }

    /// The payer does not ask after all; what it answered is kept.
    static func waive(_ list: Recordset<Authorization>, _ arguments: ValueMap) throws {
        let comment = arguments["comment"]?.textValue ?? ""
        guard !comment.trimmed.isEmpty else { throw Refusal.commentMissing("No authorization required") }
        try own(list).write(["state": "not_required", "decided_on": .instant(list.env.now)])
        for authorization in list {
            if let referral = authorization.referral { try ReferralActions.note(referral, "No authorization is required: \(comment)") }
        }
        try goOn(list)
    }

    static func set(_ list: Recordset<Authorization>, _ state: Authorization.State) throws {
        try own(list).write(["state": .text(state.rawValue)])
    }

    private static func goOn(_ list: Recordset<Authorization>) throws {
        for authorization in list { if let referral = authorization.referral { try Pathway.advance(referral) } }
    }

    private static func own(_ list: Recordset<Authorization>) -> Recordset<Authorization> {
        list.env.asSuperuser("where a payer stands is set by actions only").records(Authorization.self, list.ids)
    }

    static func deny(_ list: Recordset<Authorization>, _ arguments: ValueMap) throws {
        let reason = arguments["denial_reason"]?.textValue ?? ""
        guard !reason.trimmed.isEmpty else {
            throw Refusal(
                "authorization.denial_reason", .validation, "A denial has a reason.", instruction: "Give the reason that the payer gave.")
        }
        try own(list).write(["state": "denied", "denial_reason": .text(reason), "decided_on": .instant(list.env.now)])
    }
}

/// Out of network needs a manager before the patient is told.
enum Networks {
    /// What the table is told of a referral.
    static func inputs(of referral: Record<Referral>) -> ValueMap {
        ["network": .text((referral.network ?? .unknown).rawValue), "urgency": referral.urgencyValue]
    }

    static func needsApproval(_ referral: Record<Referral>) throws -> Bool {
        guard referral.networkApprover == nil, !(referral.stage?.isFinal ?? true) else { return false }
        return try ReferralTable.network.decide(inputs(of: referral), for: referral)["manager"] == true
    }

    /// Whether a service is in the network of a referral's payer.
    static func network(of service: Record<Service>, for referral: Record<Referral>) -> Network {
        if service.payers.isEmpty { return .inNetwork }
        guard let payer = referral.payer else { return .unknown }
        return service.payers.contains(payer) ? .inNetwork : .outOfNetwork
    }

    static func approve(_ referral: Record<Referral>) throws {
        let env = referral.env
        guard referral.user?.id != env.user.id else {
            throw Refusal(
                "referral.own_approval", .accessDenied,
                "Nobody approves out-of-network care for a referral that they coordinate themselves.",
                instruction: "Ask another manager.")
        }
        try ReferralActions.own(referral).write(["network_approved_by": .int(env.user.id)])
        try ReferralActions.note(referral, "Out-of-network care was approved by \(env.user.name).")
        try Pathway.advance(referral)
    }
}
