import Base
import Crypto
import Kernel
import Referrals
import TestKit
import Testing

/// Random actions by random people: whatever they do, nothing that must hold is broken.
@Suite struct WalkTests {
    private static let roles = ["coord", "nurse", "boss", "boss2", "hl7", "other"]
    private static let reasons = [
        "cancel.patient", "failed.no_contact", "reject.no_capacity", "return.unclear", "redirect.site", "defer.capacity", "waive.urgent",
        "waive.known", "appointment.patient", "no_show.excused", "nonsense",
    ]
    private static let lines = ["requirement_ids", "authorization_ids", "appointment_ids", "note_ids", "match_ids", "coverage_id"]

    @Test("no random walk reaches an illegal state, loses the trail, or leaves a wrong count", arguments: 1...4)
    func randomWalks(seed: Int) throws {
        let clinic = try Clinic()
        let random = SeededRandomSource(seed: UInt64(seed))
        let ids = try ["DERM", "CARD", "IMAG", "ORTH"].enumerated().map { place, code in
            try clinic.arrive(clinic.data(code, payer: ["SUMMIT", "MERIDIAN", "BLUEHARBOR"][random.number(below: 3)], mrn: "W\(place)"))
        }
        var moved = 0
        for _ in 0..<140 {
            let id = ids[random.number(below: ids.count)]
            let before = try clinic.stage(id)
            if random.number(below: 12) == 0 { clinic.world.clock.advance(days: 1) }
            do { try act(clinic, id, random) } catch let refusal as Refusal {
                #expect(refusal.kind != .internalFault, "\(refusal)")
                #expect(!refusal.message.contains("Anotherone"), "a refusal names the patient: \(refusal)")
            }
            let after = try clinic.stage(id)
            if before != after { moved += 1 }
            if before == .completed || before == .closed { #expect(after == before) }
            try check(clinic, id)
        }
        #expect(moved > 0)
        #expect(try clinic.findings() == [])
    }

    private func act(_ clinic: Clinic, _ id: Int, _ random: SeededRandomSource) throws {
        let role = Self.roles[random.number(below: Self.roles.count)]
        let arguments: ValueMap = [
            "reason_id": .text(Self.reasons[random.number(below: Self.reasons.count)]),
            "comment": random.number(below: 3) == 0 ? "" : "Because",
            "specialty_id": .int(1 + random.number(below: 12)),
            "service_id": .int([clinic.cardiology, clinic.orthopaedics, clinic.imaging][random.number(below: 3)]),
            "number": "PA1", "denial_reason": "No", "text": "Seen", "acknowledged_by": "Desk", "how": "phone",
        ]
        if random.number(below: 5) < 3 {
            try clinic.world.act(as: role) { env in
                let referral = env.record(Referral.self, id)
                let all = try referral.records.availableActions(id).map(\.name).sorted()
                // Endings are rare, so that the walks get far.
                let offered = all.filter { random.number(below: 12) == 0 || ($0 != "action_close" && $0 != "action_back_to_review") }
                guard !offered.isEmpty else { return }
                _ = try referral.asSet.call(offered[random.number(below: offered.count)], arguments)
            }
            return
        }
        let field = Self.lines[random.number(below: Self.lines.count)]
        try clinic.world.act(as: role) { env in
            let all = try env.asSuperuser("the test chooses among all lines").record(Referral.self, id).records.related(field)
            guard let line = all.ids.isEmpty ? nil : all.ids[random.number(below: all.ids.count)] else { return }
            let own = Records(all.model, [line], env)
            let offered = try own.availableActions(line).map(\.name).sorted()
            guard !offered.isEmpty else { return }
            _ = try own.call(offered[random.number(below: offered.count)], arguments)
        }
    }

    private func check(_ clinic: Clinic, _ id: Int) throws {
        try clinic.world.act { (env: Environment) throws -> Void in
            let referral = env.record(Referral.self, id)
            let stage = try #require(referral.stage)
            #expect(referral.missing == referral.requirements.filter { $0.state == .missing }.count)
            #expect(referral.payer == referral.coverage?.payer)
            #expect(referral.priority == (referral.urgency == .stat ? 2 : referral.urgency == .urgent ? 1 : 0))
            #expect(referral.taskStatus == stage.taskStatus(isAwaitingSender: referral.isAwaitingSender, ending: referral.reason?.kind))
            #expect((stage == .closed) == (referral.reason != nil))
            let booked = referral.appointments.filter { $0.state == .booked || $0.state == .arrived }
            #expect(booked.count <= 1)
            if stage == .scheduled { #expect(referral.appointments.contains { [.booked, .arrived, .fulfilled].contains($0.state) }) }
            if stage == .completed { #expect(referral.notes.contains { $0.state == .acknowledged }) }
            if [.scheduled, .notified, .completed].contains(stage), referral.network == .outOfNetwork {
                #expect(referral.networkApprover != nil)
                #expect(referral.networkApprover != referral.user)
            }
            for slot in try env.search(Slot.self, .where("state", .equal, "busy")) {
                let holders = try env.count(
                    Appointment.self, .where("slot_id", .equal, .int(slot.id)) & .where("state", .notIn, ["cancelled"]))
                #expect(holders == 1)
            }
            for appointment in booked { #expect(appointment.slot?.state == .busy) }
            for waived in referral.requirements where waived.state == .waived { #expect(waived.waivedBy != nil && waived.reason != nil) }
        }
    }
}
