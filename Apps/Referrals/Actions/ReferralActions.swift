import Base
import Kernel
import Messaging

/// What people do with referrals.
enum ReferralActions {
    private static let user = ["referrals.group_user"]
    private static let clinician = ["referrals.group_triage", "referrals.group_manager"]
    private static let manager = ["referrals.group_manager"]

    static let all: [Action<Referral>] = intake + decisions + scheduling + endings

    private static let intake: [Action<Referral>] = [
        Action(
            "action_advance", "Look again", groups: user, when: { [.received, .review, .eligibility, .authorization].contains($0.stage) }
        ) {
            referrals in
            for referral in referrals { try Pathway.refresh(referral) }
        },
        Action("action_ask_sender", "Ask the sender", groups: user, when: { $0.stage == .review && !$0.isAwaitingSender }) { referrals in
            for referral in referrals { try RequirementActions.ask(referral) }
        },
        Action("action_verify_eligibility", "Eligibility confirmed", groups: user, when: { $0.stage == .eligibility && $0.coverage != nil })
        { referrals in
            for referral in referrals { _ = try referral.coverage?.asSet.call("action_verify") }
            for referral in referrals { try Pathway.advance(referral) }
        },
        Action(
            "action_skip_eligibility", "Go on without eligibility", groups: manager, when: { $0.stage == .eligibility },
            taking: { referrals, arguments in
                let comment = arguments["comment"]?.textValue ?? ""
                guard !comment.trimmed.isEmpty else { throw Refusal.commentMissing("Eligibility not confirmed") }
                for referral in referrals {
                    try note(referral, "Eligibility was not confirmed: \(comment)")
                    try Pathway.move(referral, to: try Authorizations.isNeeded(for: referral) ? .authorization : .triage)
                    try Pathway.advance(referral)
                }
                return .bool(true)
            }),
        Action(
            "action_back_to_review", "Back to review", groups: user,
            when: { [.eligibility, .authorization, .triage, .assignment].contains($0.stage) },
            taking: { referrals, arguments in
                let reason = try Reason.check(
                    arguments["reason_id"], for: .returned, comment: arguments["comment"]?.textValue ?? "", in: referrals.env)
                for referral in referrals {
                    try note(referral, "Back to review: \(reason.displayedName). \(arguments["comment"]?.textValue ?? "")")
                    try Pathway.move(referral, to: .review)
                    try Completeness.reopen(referral)
                    try Pathway.advance(referral)
                }
                return .bool(true)
            }),
    ]

    private static let decisions: [Action<Referral>] = [
        Action(
            "action_accept", "Accept", groups: clinician, when: { $0.stage == .triage },
            taking: { referrals, arguments in
                let urgency = try urgency(arguments["urgency"])
                for referral in referrals {
                    if let urgency { referral.urgency = urgency }
                    try note(referral, "Accepted at triage. \(arguments["comment"]?.textValue ?? "")")
                    try Pathway.move(referral, to: .assignment)
                    try Routing.propose(for: referral)
                    try Pathway.advance(referral)
                }
                return .bool(true)
            }),
        Action(
            "action_redirect", "Redirect", groups: clinician, when: { $0.stage == .triage || $0.stage == .assignment },
            taking: { referrals, arguments in
                let comment = arguments["comment"]?.textValue ?? ""
                let reason = try Reason.check(arguments["reason_id"], for: .redirect, comment: comment, in: referrals.env)
                let specialty = try specialty(arguments["specialty_id"], referrals.env)
                for referral in referrals {
                    try note(referral, "Redirected: \(reason.displayedName). \(comment)")
                    try redirect(referral, to: specialty)
                }
                return .bool(true)
            }),
        Action(
            "action_assign", "Assign to a service", groups: user, when: { $0.stage == .assignment },
            taking: { referrals, arguments in
                guard let service = arguments["service_id"]?.intValue else {
                    throw Refusal.badValue("service_id", in: Referral.name, expected: "the id of a service")
                }
                for referral in referrals {
                    // Whoever chooses the service coordinates the referral, unless somebody does already.
                    if referral.user == nil { try own(referral).write(["user_id": .int(referrals.env.user.id)]) }
                    try Routing.assign(referral, to: service)
                }
                return .bool(true)
            }),
        Action("action_propose_service", "Propose a service", groups: user, when: { $0.stage == .assignment }) { referrals in
            for referral in referrals { try Routing.propose(for: referral) }
        },
        Action("action_approve_network", "Approve out of network", groups: manager, when: { try Networks.needsApproval($0) }) { referrals in
            for referral in referrals { try Networks.approve(referral) }
        },
    ]

    private static let scheduling: [Action<Referral>] = [
        Action(
            "action_book", "Book", groups: user, when: { try $0.stage == .assignment && $0.service != nil && !Networks.needsApproval($0) },
            taking: { referrals, arguments in
                .ids(try Scheduling.book(referrals, slot: arguments["slot_id"]?.intValue))
            }),
        Action(
            "action_defer", "Defer booking", groups: user, when: { $0.stage == .assignment },
            taking: { referrals, arguments in
                try Scheduling.postpone(referrals, arguments)
                return .bool(true)
            }),
        Action(
            "action_notify_patient", "The patient was told", groups: user,
            when: { try $0.stage == .scheduled && !Networks.needsApproval($0) },
            taking: { referrals, arguments in
                for referral in referrals {
                    let how = arguments["how"]?.textValue ?? "phone"
                    try note(referral, "The patient was told of the appointment by \(how).")
                    try Pathway.move(referral, to: .notified)
                    try Pathway.advance(referral)
                }
                return .bool(true)
            }),
        Action(
            "action_file_note", "File the consult note", groups: user, when: { $0.stage == .notified },
            taking: { referrals, arguments in
                .ids(try LoopClosure.file(referrals, arguments))
            }),
    ]

    private static let endings: [Action<Referral>] = [
        Action(
            "action_close", "Close", groups: user, when: { !($0.stage?.isFinal ?? true) },
            taking: { referrals, arguments in
                try Endings.close(referrals, arguments)
                return .bool(true)
            }),
        Action(
            "action_reopen", "Open again", groups: user, when: { try $0.stage == .closed && Endings.successor(of: $0) == nil },
            taking: { referrals, _ in .ids(try referrals.map { try Endings.reopen($0) }) }),
    ]

    /// The facts that a redirect changes; what the new specialty asks for may send the referral back to review.
    private static func redirect(_ referral: Record<Referral>, to specialty: Int) throws {
        let own = own(referral)
        try own.write([
            "specialty_id": .int(specialty), "service_id": .null, "routing": .null, "network": "unknown", "network_approved_by": .null,
        ])
        let isPermitted = try !Authorizations.isNeeded(for: own) || Authorizations.isGranted(for: own)
        if own.missing > 0 || !isPermitted {
            try Pathway.move(referral, to: .review)
        } else if referral.stage == .assignment {
            try Pathway.move(referral, to: .triage)
        }
        try Pathway.advance(referral)
    }

    private static func urgency(_ value: Value?) throws -> Urgency? {
        guard let value, !value.isFalsy else { return nil }
        guard let urgency = value.textValue.flatMap(Urgency.init) else {
            throw Refusal.badValue("urgency", in: Referral.name, expected: "'routine', 'urgent' or 'stat'")
        }
        return urgency
    }

    private static func specialty(_ value: Value?, _ env: Environment) throws -> Int {
        guard let id = value?.intValue, try !env.existing([id], in: env.registry.schema(Specialty.self)).isEmpty else {
            throw Refusal.badValue("specialty_id", in: Referral.name, expected: "the id of a specialty")
        }
        return id
    }

    /// The referral as the machine changes it.
    static func own(_ referral: Record<Referral>) -> Record<Referral> {
        referral.env.asSuperuser("fields that only actions may write").record(Referral.self, referral.id)
    }

    /// A note in the chatter; the text must not be formatted.
    static func note(_ referral: Record<Referral>, _ text: String) throws {
        _ = try Chatter.post(
            on: referral.records, Post(body: "<p>\(PlainText.escape(text.trimmed))</p>", kind: .comment, subtype: "mail.mt_note"))
    }
}

/// How referrals end, and begin anew.
enum Endings {
    private static let kinds: [Reason.Kind] = [.cancel, .reject, .failed]

    static func close(_ referrals: Recordset<Referral>, _ arguments: ValueMap) throws {
        let env = referrals.env
        let comment = arguments["comment"]?.textValue ?? ""
        let reason = try anyReason(arguments["reason_id"] ?? arguments["reason"], comment, env)
        for referral in referrals {
            for appointment in referral.appointments where appointment.state == .booked || appointment.state == .proposed {
                try Scheduling.release(appointment, as: .cancelled)
            }
            try Pathway.move(referral, to: .closed)
            try ReferralActions.own(referral).write(["reason_id": .int(reason.id), "reason_comment": .text(comment)])
            try ReferralActions.note(referral, "Closed: \(reason.displayedName). \(comment)")
        }
    }

    private static func anyReason(_ value: Value?, _ comment: String, _ env: Environment) throws -> Record<Reason> {
        var last: Refusal?
        for kind in kinds {
            do { return try Reason.check(value, for: kind, comment: comment, in: env) } catch let refusal as Refusal {
                if refusal.code != "referral.reason_missing" { throw refusal }
                last = refusal
            }
        }
        throw last ?? Refusal.reasonMissing(.cancel)
    }

    /// The referral in which the work goes on.
    static func successor(of referral: Record<Referral>) throws -> Record<Referral>? {
        let env = referral.env.asSuperuser("a referral is opened again once, whoever did it")
        return try env.search(Referral.self, .where("previous_id", .equal, .int(referral.id)), limit: 1).first
    }

    /// A closed referral stays closed; work goes on in a new one that points back.
    static func reopen(_ referral: Record<Referral>) throws -> Int {
        let env = referral.env.asSuperuser("the copy keeps fields that only actions may write")
        let values = try env.record(Referral.self, referral.id).records.copyValues([
            "previous_id": .int(referral.id), "received_on": .instant(env.now), "stage_since": .instant(env.now), "service_id": .null,
            "network": "unknown",
        ])
        guard let first = values.first else { throw Refusal.missingRecords([referral.id], in: Referral.name) }
        let fresh = try env.create(Referral.self, first)
        try ReferralActions.note(referral, "Opened again as \(fresh.number).")
        return fresh.id
    }
}
