import Base
import Kernel

/// Slots and appointments.
enum Scheduling {
    /// Books a slot, or the first free one of the assigned service, for each referral.
    static func book(_ referrals: Recordset<Referral>, slot wanted: Int?) throws -> [Int] {
        try referrals.map { referral in
            guard let service = referral.service else {
                throw Refusal("appointment.no_service", .conflict, "No service is assigned.", instruction: "Assign a service first.")
            }
            let slot = try free(wanted, of: service, referral)
            if let start = slot.start, try !Authorizations.covers(start.day, ReferralActions.own(referral)) {
                throw Refusal(
                    "appointment.authorization", .conflict, "The payer's authorization does not cover the day of the appointment.",
                    instruction: "Choose an earlier slot, or have the authorization extended.")
            }
            let env = referral.env.asSuperuser("slots are kept by the machine")
            try env.record(Slot.self, slot.id).write(["state": "busy"])
            let appointment = try env.create(
                Appointment.self,
                [
                    "referral_id": .int(referral.id), "slot_id": .int(slot.id), "service_id": .int(service.id),
                    "practitioner_id": slot.practitioner.map { .int($0.id) } ?? .null, "start": slot.start.map { .instant($0) } ?? .null,
                    "stop": slot.stop.map { .instant($0) } ?? .null, "state": "booked",
                ])
            try Pathway.move(referral, to: .scheduled)
            try Pathway.advance(referral)
            return appointment.id
        }
    }

    private static func free(_ wanted: Int?, of service: Record<Service>, _ referral: Record<Referral>) throws -> Record<Slot> {
        let env = referral.env.asSuperuser("whoever books may see the service's slots")
        if let wanted {
            let slot = env.record(Slot.self, wanted)
            guard slot.service == service, slot.state == .free, (slot.start ?? env.now) > env.now else {
                throw Refusal("appointment.slot_taken", .conflict, "The slot is not free any more.", instruction: "Choose another slot.")
            }
            return slot
        }
        let open =
            Domain.where("service_id", .equal, .int(service.id)) & .where("state", .equal, "free")
            & .where("start", .greater, .instant(env.now))
        guard let slot = try env.search(Slot.self, open, order: "start", limit: 1).first else {
            throw Refusal(
                "appointment.no_slot", .userError, "The service has no free slot.",
                instruction: "Defer the booking or choose another service.")
        }
        return slot
    }

    static func postpone(_ referrals: Recordset<Referral>, _ arguments: ValueMap) throws {
        let comment = arguments["comment"]?.textValue ?? ""
        let reason = try Reason.check(arguments["reason_id"] ?? arguments["reason"], for: .defer, comment: comment, in: referrals.env)
        for referral in referrals { try ReferralActions.note(referral, "Booking deferred: \(reason.displayedName). \(comment)") }
    }

    static func fulfil(_ appointments: Recordset<Appointment>) throws {
        for appointment in appointments {
            if let start = appointment.start, start > appointments.env.now {
                throw Refusal(
                    "appointment.future", .validation, "The appointment has not begun.", instruction: "Mark it when the patient was seen.")
            }
        }
        try set(appointments, .fulfilled)
        for appointment in appointments { if let referral = appointment.referral { try Pathway.advance(referral) } }
    }

    static func set(_ appointments: Recordset<Appointment>, _ state: Appointment.State) throws {
        let env = appointments.env.asSuperuser("the state of an appointment is set by actions only")
        try env.records(Appointment.self, appointments.ids).write(["state": .text(state.rawValue)])
    }

    /// Ends appointments that will not take place; their referrals go back to booking.
    static func cancel(_ appointments: Recordset<Appointment>, _ arguments: ValueMap, as state: Appointment.State, kind: Reason.Kind) throws
    {
        let comment = arguments["comment"]?.textValue ?? ""
        let reason = try Reason.check(arguments["reason_id"] ?? arguments["reason"], for: kind, comment: comment, in: appointments.env)
        if state == .noshow, let early = appointments.first(where: { ($0.start ?? $0.env.now) > $0.env.now }) {
            throw Refusal(
                "appointment.future", .validation, "The appointment has not begun.", instruction: "Cancel it, or wait.",
                details: ["id": .int(early.id)])
        }
        for appointment in appointments {
            try release(appointment, as: state)
            let own = appointment.env.asSuperuser("why an appointment ended is kept by actions only")
            try own.record(Appointment.self, appointment.id).write(["reason_id": .int(reason.id), "comment": .text(comment)])
            guard let referral = appointment.referral else { continue }
            try ReferralActions.note(
                referral, "\(state == .noshow ? "The patient did not come" : "Appointment cancelled"): \(reason.displayedName). \(comment)")
            if referral.stage == .scheduled || referral.stage == .notified { try Pathway.move(referral, to: .assignment) }
            try Pathway.advance(referral)
        }
    }

    /// Gives an appointment's slot back.
    static func release(_ appointment: Record<Appointment>, as state: Appointment.State) throws {
        let env = appointment.env.asSuperuser("slots are kept by the machine")
        if let slot = env.record(Appointment.self, appointment.id).slot, state != .noshow { slot.state = .free }
        try env.record(Appointment.self, appointment.id).write(["state": .text(state.rawValue)])
    }
}

/// A loop is closed by a note that belongs to the referral and that the referrer has acknowledged, and by nothing else.
enum LoopClosure {
    static func file(_ referrals: Recordset<Referral>, _ arguments: ValueMap) throws -> [Int] {
        try referrals.map { referral in
            guard referral.appointments.contains(where: { $0.state == .fulfilled }) else {
                throw Refusal(
                    "note.not_seen", .conflict, "The patient has not been seen yet.",
                    instruction: "Mark the appointment as fulfilled first.")
            }
            let text = arguments["text"]?.textValue ?? ""
            let document = arguments["document_id"]?.intValue
            guard !text.isEmpty || document != nil else {
                throw Refusal("note.empty", .validation, "A consult note has a text or a document.", instruction: "Give one of them.")
            }
            let env = referral.env.asSuperuser("the state of a note is set by the machine")
            let note = try env.create(
                Note.self,
                [
                    "name": .text(arguments["name"]?.textValue ?? "Consult note \(referral.number)"), "referral_id": .int(referral.id),
                    "text": .text(text), "company_id": referral.company.map { .int($0.id) } ?? .null,
                    "document_id": document.map { .int($0) } ?? .null, "state": "matched",
                    "author_id": arguments["author_id"] ?? (referral.appointments.first?.practitioner).map { .int($0.id) } ?? .null,
                ])
            return note.id
        }
    }

    static func match(_ notes: Recordset<Note>) throws {
        let env = notes.env.asSuperuser("the state of a note is set by the machine")
        try env.records(Note.self, notes.ids).write(["state": "matched"])
    }

    static func acknowledge(_ notes: Recordset<Note>, by whom: String) throws {
        guard !whom.trimmed.isEmpty else {
            throw Refusal(
                "note.no_name", .validation, "Say who acknowledged the note.",
                instruction: "Give the name of the person at the referring practice.")
        }
        let env = notes.env.asSuperuser("the state of a note is set by the machine")
        for note in env.records(Note.self, notes.ids) {
            guard let referral = note.referral, referral.stage == .notified,
                referral.appointments.contains(where: { $0.state == .fulfilled })
            else {
                throw Refusal(
                    "note.too_early", .conflict, "The referral of the note has not come so far that its loop could be closed.",
                    instruction: "The patient must have been told and seen first.")
            }
            try note.write(["state": "acknowledged", "acknowledged_by": .text(whom), "acknowledged_on": .instant(env.now)])
            try Pathway.move(referral, to: .completed)
        }
    }
}
