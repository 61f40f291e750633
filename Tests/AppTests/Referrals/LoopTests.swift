import Base
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct LoopTests {
    private func slots(_ clinic: Clinic, _ state: String) throws -> [Int] {
        try clinic.world.act { env in
            try env.search(Slot.self, .where("service_id", .equal, .int(clinic.cardiology)) & .where("state", .equal, .text(state))).ids
        }
    }

    @Test("booking takes the first free slot, and no slot twice")
    func noSlotTwice() throws {
        let clinic = try Clinic()
        let first = try clinic.atBooking()
        let second = try clinic.atBooking(mrn: "MRN2")
        let free = try slots(clinic, "free")
        try clinic.call("coord", first, "action_book")
        #expect(try slots(clinic, "busy") == [free[0]])
        #expect(clinic.refusal { try clinic.call("coord", second, "action_book", ["slot_id": .int(free[0])]) } == "appointment.slot_taken")
        let foreign = try clinic.world.act { env in
            try env.search(Slot.self, .where("service_id", .equal, .int(clinic.imaging))).ids[0]
        }
        #expect(clinic.refusal { try clinic.call("coord", second, "action_book", ["slot_id": .int(foreign)]) } == "appointment.slot_taken")
        try clinic.call("coord", second, "action_book", ["slot_id": .int(free[2])])
        try clinic.world.act { env in
            let appointment = env.record(Referral.self, second).appointments[0]
            #expect(appointment.slot?.id == free[2])
            #expect(appointment.start == env.record(Slot.self, free[2]).start)
        }
        #expect(try slots(clinic, "busy") == [free[0], free[2]])
    }

    @Test("a slot of the past is not booked, and without free slots the refusal says what to do")
    func noPastSlots() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        let all = try slots(clinic, "free")
        clinic.world.clock.advance(days: 30)
        #expect(clinic.refusal { try clinic.call("coord", id, "action_book", ["slot_id": .int(all[0])]) } == "appointment.slot_taken")
        #expect(clinic.refusal { try clinic.call("coord", id, "action_book") } == "appointment.no_slot")
    }

    @Test("an authorization that ends before the appointment does not cover it")
    func authorizationsCoverTheDay() throws {
        let clinic = try Clinic()
        var data = clinic.data("IMAG", payer: "MERIDIAN")
        data.procedureCodes = ["72148"]
        let id = try clinic.arrive(data, verified: true)
        let until = try clinic.world.act { env in env.today + 1 }
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_submit")
        try clinic.each(
            "coord", Authorization.self, of: id, "authorization_ids", "action_approve", ["number": "PA1", "valid_to": .day(until)])
        let slots = try clinic.world.act { env in try env.search(Slot.self, .where("service_id", .equal, .int(clinic.imaging))).ids }
        let late = clinic.refusal { try clinic.call("coord", id, "action_book", ["slot_id": .int(slots[2])]) }
        #expect(late == "appointment.authorization")
        try clinic.call("coord", id, "action_book", ["slot_id": .int(slots[0])])
        #expect(try clinic.stage(id) == .scheduled)
    }

    @Test("deferring needs a reason and keeps the referral where it is")
    func deferring() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        #expect(clinic.refusal { try clinic.call("coord", id, "action_defer") } == "referral.reason_missing")
        try clinic.call("coord", id, "action_defer", ["reason_id": "defer.patient"])
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("a cancelled appointment gives its slot back and returns the referral to booking")
    func cancelling() throws {
        let clinic = try Clinic()
        let id = try clinic.atNotified()
        let bare = clinic.refusal {
            try clinic.each("coord", Appointment.self, of: id, "appointment_ids", "action_cancel", ["reason_id": "appointment.clinic"])
        }
        #expect(bare == "referral.comment_missing")
        try clinic.each("coord", Appointment.self, of: id, "appointment_ids", "action_cancel", ["reason_id": "appointment.patient"])
        #expect(try clinic.stage(id) == .assignment)
        #expect(try slots(clinic, "busy").isEmpty)
        try clinic.world.act { env in
            let appointment = env.record(Referral.self, id).appointments[0]
            #expect(appointment.state == .cancelled)
            #expect(appointment.reason?.code == "appointment.patient")
        }
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.stage(id) == .scheduled)
    }

    @Test("nobody fails to come before the time; a no-show returns to booking and keeps its slot")
    func noShows() throws {
        let clinic = try Clinic()
        let id = try clinic.atNotified()
        let early = clinic.refusal {
            try clinic.each("coord", Appointment.self, of: id, "appointment_ids", "action_no_show", ["reason_id": "no_show.unreached"])
        }
        #expect(early == "appointment.future")
        clinic.world.clock.advance(days: 2)
        try clinic.each("coord", Appointment.self, of: id, "appointment_ids", "action_no_show", ["reason_id": "no_show.unreached"])
        #expect(try clinic.stage(id) == .assignment)
        #expect(try slots(clinic, "busy").count == 1)
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.stage(id) == .scheduled)
    }

    @Test("the loop closes by a note that is matched and acknowledged, and by nothing else")
    func closingTheLoop() throws {
        let clinic = try Clinic()
        let id = try clinic.atNotified()
        #expect(clinic.refusal { try clinic.call("coord", id, "action_file_note", ["text": "Seen"]) } == "note.not_seen")
        let early = clinic.refusal { try clinic.each("coord", Appointment.self, of: id, "appointment_ids", "action_fulfil") }
        #expect(early == "appointment.future")
        try clinic.seen(id)
        clinic.world.clock.advance(days: 400)
        #expect(try clinic.stage(id) == .notified)
        #expect(clinic.refusal { try clinic.call("coord", id, "action_file_note") } == "note.empty")
        try clinic.call("coord", id, "action_file_note", ["text": "<p>Seen</p>"])
        #expect(try clinic.stage(id) == .notified)
        let nobody = clinic.refusal { try clinic.each("coord", Note.self, of: id, "note_ids", "action_acknowledge") }
        #expect(nobody == "note.no_name")
        try clinic.each("coord", Note.self, of: id, "note_ids", "action_acknowledge", ["acknowledged_by": "Front desk"])
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.stage == .completed)
            #expect(referral.taskStatus == "completed")
            #expect(referral.notes[0].acknowledgedBy == "Front desk")
        }
        #expect(try clinic.actions("boss", id) == [])
    }

    @Test("a note that arrives too early is visible, and closes nothing")
    func earlyNotes() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        let note = try clinic.world.act(as: "coord") { env in try env.create(Note.self, ["name": "From the specialist", "text": "x"]).id }
        #expect(try clinic.world.read(as: "nurse") { env in try env.search(Note.self).ids } == [note])
        #expect(try clinic.world.read(as: "other") { env in try env.search(Note.self).ids } == [])
        try clinic.world.act(as: "coord") { env in
            try env.record(Note.self, note).write(["referral_id": .int(id)])
            _ = try env.records(Note.self, [note]).call("action_match")
        }
        let early = clinic.refusal {
            try clinic.each("coord", Note.self, of: id, "note_ids", "action_acknowledge", ["acknowledged_by": "Front desk"])
        }
        #expect(early == "note.too_early")
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("closing needs a coded reason, sometimes a comment, sometimes a manager, and frees the slot")
    func closing() throws {
        let clinic = try Clinic()
        let id = try clinic.atNotified()
        let close = { (login: String, arguments: ValueMap) in _ = try clinic.call(login, id, "action_close", arguments) }
        #expect(clinic.refusal { try close("coord", [:]) } == "referral.reason_missing")
        #expect(clinic.refusal { try close("coord", ["reason_id": "waive.known"]) } == "referral.reason_missing")
        #expect(clinic.refusal { try close("coord", ["reason_id": "failed.no_contact"]) } == "referral.comment_missing")
        let managers = clinic.refusal { try close("coord", ["reason_id": "reject.no_capacity", "comment": "Full"]) }
        #expect(managers == "referral.reason_managers")
        #expect(try clinic.stage(id) == .notified)
        try close("boss", ["reason_id": "reject.no_capacity", "comment": "Full"])
        try clinic.world.act { (env: Environment) throws -> Void in
            let referral = env.record(Referral.self, id)
            #expect(referral.stage == .closed)
            #expect(referral.taskStatus == "rejected")
            #expect(referral.reason?.code == "reject.no_capacity")
            #expect(referral.comment == "Full")
            #expect(referral.appointments.map(\.state) == [.cancelled])
            #expect(try env.count(Activity.self, .where("res_id", .equal, .int(id)) & .where("res_model", .equal, "care.referral")) == 0)
        }
        #expect(try slots(clinic, "busy").isEmpty)
        let write = clinic.refusal {
            try clinic.world.act(as: "boss") { env in try env.record(Referral.self, id).write(["reason_text": "x"]) }
        }
        #expect(write == "referral.final")
    }

    @Test("opening again makes a new linked referral, once, with what came before")
    func reopening() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        try clinic.call("coord", id, "action_close", ["reason_id": "cancel.patient"])
        let made = try clinic.call("coord", id, "action_reopen").idList ?? []
        #expect(made.count == 1)
        #expect(clinic.refusal { try clinic.call("coord", id, "action_reopen") } == "action.not_possible")
        try clinic.world.act { env in
            let old = env.record(Referral.self, id)
            let fresh = env.record(Referral.self, made[0])
            #expect(old.stage == .closed)
            #expect(fresh.previous == old)
            #expect(fresh.number != old.number)
            #expect(fresh.patient == old.patient)
            #expect(fresh.reason == nil)
            #expect(fresh.matches.isEmpty)
            // The ECG of the first referral still counts, and the coverage is confirmed: it goes straight to scheduling again.
            #expect(fresh.stage == .assignment)
            #expect(fresh.appointments.isEmpty)
        }
    }
}
