import Base
import FHIR
import JSON
import Kernel
import Referrals

/// Task and the state of `care.referral`: how far the work on a ServiceRequest has come. Both have the referral's id.
struct TaskMapping: ResourceMapping {
    let type = "Task"
    let model = Referral.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        ReferralParts.identifier, .reference("patient", "patient_id", "Patient"), .reference("subject", "patient_id", "Patient"),
        .token("status") { _, code, _ in
            TaskMapping.stages { stage, waits, ending in stage.taskStatus(isAwaitingSender: waits, ending: ending) == code }
        },
        .token("business-status") { _, code, _ in
            TaskMapping.stages { stage, waits, _ in stage.businessStatus(isAwaitingSender: waits) == code }
        },
        .token("intent") { _, code, _ in code == "order" ? .all : .none },
        .code("priority", "urgency", codes: ["routine": "routine", "urgent": "urgent", "asap": "urgent", "stat": "stat"]),
        TaskMapping.own("focus"), TaskMapping.own("based-on"), ReferralParts.requester, .date("authored-on", "received_on"),
        .date("modified", "write_date"), .reference("owner", "user_id.partner_id", "Practitioner"),
    ]

    /// The ServiceRequest of the same id.
    private static func own(_ name: String) -> SearchParameter {
        SearchParameter(name: name, kind: .reference, field: nil, modifiers: ["ServiceRequest"]) { value, _ in
            value.referenceId(["ServiceRequest"]).map { .where("id", .equal, .int($0)) } ?? .none
        }
    }

    /// The referrals whose stage, wait and ending pass a test.
    private static func stages(_ test: (Stage, Bool, Reason.Kind?) -> Bool) -> Domain {
        var sum = Domain.none
        for stage in Stage.allCases {
            let here = Domain.where("stage", .equal, .text(stage.rawValue))
            let endings: [Reason.Kind?] = stage == .closed ? [nil, .reject, .failed] : [nil]
            for ending in endings {
                for waits in [false, true] where test(stage, waits, ending) {
                    var domain = here & .where("awaiting_sender", .equal, .bool(waits))
                    if stage == .closed {
                        domain =
                            domain
                            & (ending.map { .where("reason_id.kind", .equal, .text($0.rawValue)) }
                                ?? .not(.where("reason_id.kind", .in, ["reject", "failed"])))
                    }
                    sum = sum | domain
                }
            }
        }
        return sum
    }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let referral = Record<Referral>(id: id, records: records)
        let stage = referral.stage ?? .received
        let request = FHIRData.reference("ServiceRequest", String(id))
        let written = Instant.present(try records.value(id, records.model.fields[ModelSchema.Slot.writtenOn])) ?? context.env.now
        let business = stage.businessStatus(isAwaitingSender: referral.isAwaitingSender)
        return [
            ("identifier", ReferralParts.identifiers(referral)), ("basedOn", [request]),
            ("status", .string(stage.taskStatus(isAwaitingSender: referral.isAwaitingSender, ending: referral.reason?.kind))),
            ("statusReason", referral.reason.map { FHIRData.codeableConcept(Systems.reason, $0.code, display: $0.displayedName) }),
            ("businessStatus", FHIRData.codeableConcept(Systems.stage, business, display: stage.title)), ("intent", "order"),
            ("priority", .string((referral.urgency ?? .routine).rawValue)), ("code", FHIRData.codeableConcept(Systems.taskCode, "fulfill")),
            ("focus", request), ("for", context.reference("Patient", referral.patient?.id)), ("authoredOn", referral.received?.fhir),
            ("lastModified", max(written, referral.received ?? written).fhir),
            ("requester", context.party(referral.referrer) ?? context.party(referral.practice)), ("owner", owner(referral, context)),
        ]
    }

    /// Whoever coordinates it, else the site.
    private func owner(_ referral: Record<Referral>, _ context: FHIRContext) -> JSON? {
        if let user = referral.user, let partner = try? user.value("partner_id").intValue {
            return context.party(context.env.record(Partner.self, partner))
        }
        guard let company = referral.company, let partner = try? company.value("partner_id").intValue else { return nil }
        return context.party(context.env.record(Partner.self, partner))
    }

    /// A Task stands beside every ServiceRequest; asking for one gives that.
    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        let focus = resource["focus"] ?? resource.value("basedOn.0")
        guard let request = try context.target(focus, at: "Task.focus", ["ServiceRequest"]) else {
            throw FHIRRefusal.unprocessable("task.no_focus", .required, "A Task here is about a ServiceRequest: name it.", at: "Task.focus")
        }
        guard ["draft", "requested", "received", "ready"].contains(resource.string("status")) else {
            throw FHIRRefusal.unprocessable("task.status", .businessRule, "A new Task is 'requested'.", at: "Task.status")
        }
        return Made(id: request.id, isNew: false)
    }

    /// Moves the referral by its actions; everything else of a Task follows from the referral.
    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        try TaskMoves.move(context.env.record(Referral.self, id), to: resource, context)
    }
}

/// Changes of Task.status as actions of the referral.
enum TaskMoves {
    static func move(_ referral: Record<Referral>, to task: FHIRResource, _ context: FHIRContext) throws {
        let status = task.string("status") ?? ""
        let stage = referral.stage ?? .received
        if status == stage.taskStatus(isAwaitingSender: referral.isAwaitingSender, ending: referral.reason?.kind) { return }
        let comment = task.string("note.0.text") ?? task.string("statusReason.text") ?? ""
        let reason = task.code("statusReason", system: Systems.reason) ?? ""
        let isStaff = context.env.user.isMember(of: "referrals.group_user")
        switch status {
        case "cancelled" where reason.isEmpty || !isStaff: try cancel(referral, comment, context)
        case "cancelled", "rejected", "failed":
            guard isStaff else { throw try illegal(referral, "status '\(status)'", at: "Task.status") }
            _ = try referral.asSet.call("action_close", ["reason_id": .text(reason), "comment": .text(comment)])
        case "accepted" where isStaff && stage == .triage: _ = try referral.asSet.call("action_accept", ["comment": .text(comment)])
        case "on-hold" where isStaff && stage == .review: _ = try referral.asSet.call("action_ask_sender")
        default: throw try illegal(referral, "status '\(status.shown)'", at: "Task.status")
        }
    }

    /// The sender takes the referral back, or staff closes it in the sender's name.
    static func cancel(_ referral: Record<Referral>, _ comment: String?, _ context: FHIRContext) throws {
        let env = context.env
        guard !(referral.stage?.isFinal ?? true) else { throw try illegal(referral, "cancelling", at: "Task.status") }
        if env.user.isMember(of: "referrals.group_user") {
            let words = comment?.present ?? "By request over FHIR from \(env.user.login)."
            _ = try referral.asSet.call("action_close", ["reason_id": "cancel.referrer", "comment": .text(words)])
            return
        }
        guard referral.sender == env.user.login else {
            throw FHIRRefusal(403, "referral.other_sender", .forbidden, "Only its sender or a coordinator can take a referral back.")
        }
        try env.checkAccess(.write, referral.records.model, [referral.id])
        var data = ReferralData()
        data.intent = .cancel
        data.known.referral = referral.id
        let words = Array("Task/\(referral.id) cancelled by \(env.user.login) at version \(referral.version)".utf8)
        let arrival = IntakeDesk.Arrival(
            channel: .fhir, sender: env.user.login, controlId: "cancel|\(referral.id)|\(referral.version)", name: "Cancellation",
            mediaType: "text/plain", content: words)
        let receipt = try IntakeDesk.store(arrival, in: env)
        _ = try IntakeDesk.accept(data, intake: receipt.intakeId, in: env)
    }

    /// 409 with what is possible instead.
    static func illegal(_ referral: Record<Referral>, _ what: String, at place: String) throws -> FHIRRefusal {
        var names = try referral.records.availableActions(referral.id).map(\.name)
        let env = referral.env
        if !env.user.isMember(of: "referrals.group_user") {
            names = referral.sender == env.user.login && !(referral.stage?.isFinal ?? true) ? ["status cancelled"] : []
        }
        let hint = names.isEmpty ? "Nothing can be done with it now." : "Possible now: \(names.joined(separator: ", "))."
        return FHIRRefusal(
            409, "referral.illegal_move", .conflict,
            "Referral \(referral.number) is in '\(referral.stage?.rawValue ?? "")', where \(what) is not possible. \(hint)", at: place)
    }
}
