import Base
import Kernel

/// Takes a referral of the demo as far as its case says, by the actions that people would take.
struct DemoWalk {
    /// The most actions for one referral.
    private static let stepLimit = 12

    let cast: DemoCast
    let services: DemoServices
    let item: DemoCase
    let id: Int

    func run() throws {
        let own = cast.env.record(Referral.self, id)
        if item.number % 3 != 0 || own.stage != .review {
            _ = try coordinated { try $0.records.write(["user_id": .int(cast.coordinatorId(item.site))]) }
        }
        var steps = 0
        while steps < Self.stepLimit, let stage = own.stage, try step(own, stage) { steps += 1 }
    }

    /// Does what comes next; false when the referral has come as far as it should.
    private func step(_ referral: Record<Referral>, _ stage: Stage) throws -> Bool {
        switch stage {
        case .review: try review(referral)
        case .eligibility: try eligibility()
        case .authorization: try authorize(referral)
        case .triage: try triage()
        case .assignment: try assign(referral)
        case .scheduled: try tell()
        case .notified: try close(referral)
        default: false
        }
    }

    private func coordinated(_ body: (Record<Referral>) throws -> Void) throws -> Bool {
        try body(try cast.coordinator(item.site).record(Referral.self, id))
        return true
    }

    private func act(_ name: String, _ arguments: ValueMap = [:]) throws -> Bool {
        try coordinated { _ = try $0.asSet.call(name, arguments) }
    }

    private func review(_ referral: Record<Referral>) throws -> Bool {
        switch item.goal {
        case .incomplete, .doubled, .similar: return false
        case .asked: return try !act("action_ask_sender")
        case .closed where item.number % 3 == 0:
            return try act("action_close", ["reason_id": "failed.no_information", "comment": "Asked three times, no answer."])
        default: break
        }
        let env = try cast.manager(item.site)
        for match in referral.matches where match.state == .open {
            _ = try cast.coordinator(item.site).records(Match.self, [match.id]).call("action_different")
        }
        for requirement in referral.requirements where requirement.state == .missing {
            _ = try env.records(Requirement.self, [requirement.id]).call("action_waive", ["reason_id": "waive.known"])
        }
        return referral.stage != .review
    }

    private func eligibility() throws -> Bool {
        if item.goal == .eligibility || item.goal == .similar { return false }
        return try act("action_verify_eligibility")
    }

    private func authorize(_ referral: Record<Referral>) throws -> Bool {
        if item.goal == .needsAuthorization { return false }
        guard let authorization = referral.authorizations.first else { return false }
        let own = try cast.coordinator(item.site).records(Authorization.self, [authorization.id])
        switch authorization.state {
        case .needed: _ = try own.call("action_submit")
        case .submitted where item.goal == .submitted: return false
        case .submitted where item.goal == .pended:
            _ = try own.call("action_pend")
            return false
        case .submitted where item.goal == .denied:
            _ = try own.call("action_deny", ["denial_reason": "Conservative treatment was not tried first."])
            return false
        case .submitted:
            let until = cast.env.today + 90
            _ = try own.call("action_approve", ["number": .text("PA\(30_000 + item.number)"), "valid_to": .day(until)])
        default: return false
        }
        return true
    }

    private func triage() throws -> Bool {
        if item.goal == .triage { return false }
        if item.goal == .returned {
            return try !act("action_back_to_review", ["reason_id": "return.unclear", "comment": "Which joint is meant?"])
        }
        if item.goal == .closed, item.number % 3 == 1 {
            return try act("action_close", ["reason_id": "reject.inappropriate", "comment": "Can be treated by the referrer."])
        }
        _ = try cast.physician(item.site).records(Referral.self, [id]).call("action_accept", ["comment": "Appropriate."])
        return true
    }

    private func assign(_ referral: Record<Referral>) throws -> Bool {
        switch item.goal {
        case .toBook: return false
        case .closed, .reopened:
            _ = try act("action_close", ["reason_id": "cancel.elsewhere"])
            if item.goal == .reopened { _ = try act("action_reopen") }
            return false
        case .deferred: return try !act("action_defer", ["reason_id": "defer.patient", "comment": "After the holidays."])
        case .outOfNetwork:
            let far = services.offers.first {
                $0.specialty == item.specialty && !$0.payers.isEmpty && !$0.payers.contains(item.payer)
            }
            if let far { _ = try act("action_assign", ["service_id": .int(far.id)]) }
            return false
        default: break
        }
        if try Networks.needsApproval(referral) {
            _ = try cast.manager(item.site).records(Referral.self, [id]).call("action_approve_network")
        }
        guard referral.service != nil else { return false }
        return try act("action_book")
    }

    private func tell() throws -> Bool {
        if item.goal == .scheduled { return false }
        return try act("action_notify_patient", ["how": .text(["phone", "portal", "letter"][item.number % 3])])
    }

    private func close(_ referral: Record<Referral>) throws -> Bool {
        guard item.goal != .told, let appointment = referral.appointments.first(where: { $0.state == .booked || $0.state == .fulfilled })
        else { return false }
        let own = try cast.coordinator(item.site).records(Appointment.self, [appointment.id])
        if appointment.state == .booked {
            try moveBack(appointment)
            if item.goal == .noShow {
                _ = try own.call("action_no_show", ["reason_id": "no_show.unreached"])
                return false
            }
            _ = try own.call("action_fulfil")
        }
        if item.goal == .seen { return false }
        guard referral.notes.isEmpty else { return false }
        _ = try act("action_file_note", ["text": "<p>Seen. Plan agreed with the patient. Invented for the demo.</p>"])
        if item.goal == .noted { return false }
        for note in referral.notes {
            _ = try cast.coordinator(item.site).records(Note.self, [note.id]).call(
                "action_acknowledge", ["acknowledged_by": "Front desk of the practice"])
        }
        return true
    }

    /// Lets the appointment have been some days ago.
    private func moveBack(_ appointment: Record<Appointment>) throws {
        guard let service = appointment.service else { return }
        let past =
            Domain.where("service_id", .equal, .int(service.id)) & .where("state", .equal, "free")
            & .where("start", .less, .instant(cast.env.now))
        guard let slot = try cast.env.search(Slot.self, past, order: "start desc", limit: 1).first else { return }
        appointment.slot?.state = .free
        slot.state = .busy
        try appointment.write([
            "slot_id": .int(slot.id), "start": slot.start.map { .instant($0) } ?? .null, "stop": slot.stop.map { .instant($0) } ?? .null,
        ])
    }
}
