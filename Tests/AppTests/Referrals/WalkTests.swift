import Base
import Crypto
import Kernel
import Referrals
import TestKit
import Testing

/// Random actions by random people: whatever they do, nothing that must hold is broken.
@Suite struct WalkTests {
    typealias Stage = Referrals.Stage

    private static let roles = ["coord", "nurse", "boss", "coord", "boss", "boss2", "hl7", "other"]
    private static let reasons = [
        "action_close": "failed.no_contact", "action_back_to_review": "return.unclear", "action_redirect": "redirect.site",
        "action_defer": "defer.capacity", "action_waive": "waive.urgent", "action_cancel": "appointment.patient",
        "action_no_show": "no_show.excused",
    ]
    private static let lines = ["requirement_ids", "authorization_ids", "appointment_ids", "note_ids", "match_ids", "coverage_id"]

    @Test("no random walk reaches an illegal state, loses the trail, or leaves a wrong count", arguments: 1...4)
    func randomWalks(seed: Int) throws {
        let clinic = try Clinic()
        let random = SeededRandomSource(seed: UInt64(seed))
        let ids = try ["CARD", "IMAG", "ORTH", "CARD"].enumerated().map { place, code in
            var data = clinic.data(code, payer: ["SUMMIT", "MERIDIAN", "BLUEHARBOR"][random.number(below: 3)], mrn: "W\(place)")
            data.procedureCodes = ["72148"]
            data.files = ["ecg", "imaging"].filter { _ in random.number(below: 4) > 0 }.map {
                ReferralData.File(name: $0, kind: $0, mediaType: "application/pdf", bytes: [UInt8(place)])
            }
            return try clinic.arrive(data)
        }
        var moved = 0
        var seen: Set<Stage> = []
        for _ in 0..<140 {
            let id = ids[random.number(below: ids.count)]
            let before = try clinic.stage(id)
            if random.number(below: 8) == 0 { clinic.world.clock.advance(days: 1) }
            do { try act(clinic, id, random) } catch let refusal as Refusal {
                #expect(refusal.kind != .internalFault, "\(refusal)")
                #expect(!refusal.message.contains("Anotherone"), "a refusal names the patient: \(refusal)")
            }
            let after = try clinic.stage(id)
            if before != after { moved += 1 }
            if let after { seen.insert(after) }
            if before == .completed || before == .closed { #expect(after == before) }
            try check(clinic, id)
        }
        #expect(moved >= 8 && seen.count >= 4, "\(moved) moves, \(seen.count) stages")
        #expect(try clinic.findings() == [])
    }

    private func act(_ clinic: Clinic, _ id: Int, _ random: SeededRandomSource) throws {
        let role = Self.roles[random.number(below: Self.roles.count)]
        if random.number(below: 5) < 3 {
            try clinic.world.act(as: role) { env in
                let referral = env.record(Referral.self, id)
                let all = try referral.records.availableActions(id).map(\.name).sorted()
                // Endings are rare, so that the walks get far.
                let offered = all.filter { random.number(below: 12) == 0 || ($0 != "action_close" && $0 != "action_back_to_review") }
                guard !offered.isEmpty else { return }
                let chosen = offered[random.number(below: offered.count)]
                _ = try referral.asSet.call(chosen, arguments(chosen, clinic, random))
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
            let chosen = offered[random.number(below: offered.count)]
            _ = try own.call(chosen, arguments(chosen, clinic, random))
        }
    }

    /// Mostly what the action asks for, sometimes nonsense.
    private func arguments(_ action: String, _ clinic: Clinic, _ random: SeededRandomSource) -> ValueMap {
        [
            "reason_id": .text(random.number(below: 6) == 0 ? "nonsense" : Self.reasons[action] ?? ""),
            "comment": random.number(below: 6) == 0 ? "" : "Because", "specialty_id": .int(clinic.specialties[random.number(below: 3)]),
            "service_id": .int(clinic.services[random.number(below: 3)]),
            "number": "PA1", "denial_reason": "No", "text": "Seen", "acknowledged_by": "Desk", "how": "phone",
        ]
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
