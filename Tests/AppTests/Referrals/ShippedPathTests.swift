import Base
import Governance
import JSON
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

/// The four paths of referrals as the shipped definitions run them, from the door of intake to the outcome.
@Suite struct ShippedPathTests {
    private let clinic: Clinic

    init() throws { clinic = try Clinic() }

    private func data(_ specialty: String, payer: String = "SUMMIT", urgency: Urgency = .routine, mrn: String = "MRN1") -> ReferralData {
        var data = clinic.data(specialty, payer: payer, urgency: urgency, mrn: mrn)
        let kinds = ["CARD": "ecg", "ORTH": "imaging", "ONCO": "pathology"]
        if let kind = kinds[specialty] {
            data.files = [ReferralData.File(name: "\(kind).pdf", kind: kind, mediaType: "application/pdf", bytes: Array(mrn.utf8))]
        }
        data.procedureCodes = ["72148"]
        return data
    }

    /// What is planned for a referral, and by when.
    private func work(_ id: Int) throws -> [(cause: String, deadline: Day?, user: Int)] {
        try clinic.world.act { env in
            let own = Domain.where("res_model", .equal, "care.referral") & .where("res_id", .equal, .int(id))
            return try env.search(Activity.self, own).map { ($0.cause, $0.deadline, $0.user?.id ?? 0) }
        }
    }

    /// The stages of a referral with what moved it there, as the trail tells.
    private func moves(_ id: Int) throws -> [String] {
        try clinic.world.database.systemBlocking { connection in
            try connection.query(
                """
                SELECT json_extract(detail, '$.stage[1]') || ' ' || coalesce(json_extract(detail, '$.because'), '')
                FROM baton_audit WHERE model = 'care.referral' AND kind = 'write' AND ids = ? AND json_extract(detail, '$.stage') IS NOT NULL
                ORDER BY seq
                """, [.text("[\(id)]")], [.text]
            ).compactMap(\.textValue)
        }
    }

    /// Everything that could have left for a patient or a practice.
    private func messages() throws -> Int { try clinic.world.act { env in try env.count(OutgoingMail.self, .all) } }

    @Test("in network and complete goes straight to scheduling: nobody touches it before it is booked, and each move names the version")
    func straightToScheduling() throws {
        let id = try clinic.arrive(data("CARD"), verified: true)
        #expect(try clinic.stage(id) == .assignment)
        #expect(try work(id).map(\.cause) == ["referral.book"])
        let cause = "decision:referrals.pathway@1"
        #expect(try moves(id) == ["review \(cause)", "eligibility \(cause)", "triage \(cause)", "assignment \(cause)"])
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.service?.id == clinic.cardiology)
            #expect(referral.network == .inNetwork)
        }
        try clinic.call("coord", id, "action_book")
        try clinic.call("coord", id, "action_notify_patient", ["how": "phone"])
        try clinic.seen(id)
        try clinic.call("coord", id, "action_file_note", ["text": "<p>Seen.</p>"])
        try clinic.each("coord", Note.self, of: id, "note_ids", "action_acknowledge", ["acknowledged_by": "Front desk"])
        #expect(try clinic.stage(id) == .completed)
    }

    @Test("a missing authorization goes to review, and straight to scheduling once the payer permits")
    func missingAuthorization() throws {
        let id = try clinic.arrive(data("IMAG", payer: "MERIDIAN"), verified: true)
        #expect(try clinic.stage(id) == .authorization)
        #expect(try work(id).map(\.cause) == ["referral.authorization"])
        #expect(!(try clinic.actions("coord", id).contains("action_book")))
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_submit")
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_approve", ["number": "PA1"])
        #expect(try clinic.stage(id) == .assignment)
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.stage(id) == .scheduled)
    }

    @Test("urgent is accelerated: straight to scheduling with timers of its own, and an emergency asks no payer")
    func urgent() throws {
        let today = try clinic.world.act { $0.today }
        let urgent = try clinic.arrive(data("CARD", urgency: .urgent), verified: true)
        let routine = try clinic.arrive(data("CARD", mrn: "MRN2"), verified: true)
        let stat = try clinic.arrive(data("IMAG", payer: "MERIDIAN", urgency: .stat, mrn: "MRN3"), verified: true)
        for id in [urgent, routine, stat] { #expect(try clinic.stage(id) == .assignment) }
        #expect(try work(urgent).map(\.deadline) == [today])
        #expect(try work(stat).map(\.deadline) == [today])
        #expect(try work(routine).map(\.deadline) == [today + 2])
        // Its promise is another one, and the payer's clock too.
        let promised = try clinic.world.act { env in
            try [urgent, routine, stat].map { id in
                let own = Domain.where("res_model", .equal, "care.referral") & .where("res_id", .equal, .int(id))
                return try env.search(env.registry.requireModel("sla.clock"), own).value("policy_key").textValue ?? ""
            }
        }
        #expect(promised == ["referral-urgent", "referral-routine", "referral-stat"])
        let asked = try clinic.arrive(data("IMAG", payer: "MERIDIAN", urgency: .urgent, mrn: "MRN4"), verified: true)
        try clinic.each("coord", Authorization.self, of: asked, "authorization_ids", "action_submit")
        let due = try clinic.world.act { env in
            (env.record(Referral.self, asked).authorizations[0].due ?? env.now) - env.now
        }
        #expect(due == 72 * 3_600)
        try clinic.call("coord", urgent, "action_book")
        #expect(try clinic.stage(urgent) == .scheduled)
    }

    @Test("out of network waits for a manager, and before nobody books, nobody tells the patient and no message leaves")
    func outOfNetwork() throws {
        let boss = try clinic.world.user("boss").id
        try clinic.world.act { env in
            _ = try env.create(Parameter.self, ["key": "referrals.manager", "value": .text(String(boss))])
        }
        let id = try clinic.arrive(data("ORTH", payer: "MERIDIAN"), verified: true)
        #expect(try clinic.stage(id) == .assignment)
        #expect(try work(id).map { "\($0.cause) \($0.user)" } == ["referral.network \(boss)"])
        #expect(clinic.refusal { try clinic.call("coord", id, "action_book") } == "action.not_possible")
        #expect(clinic.refusal { try clinic.call("coord", id, "action_notify_patient", ["how": "phone"]) } == "action.not_possible")
        #expect(clinic.refusal { try clinic.call("coord", id, "action_approve_network") } == "access.denied")
        #expect(try messages() == 0)
        try clinic.call("boss", id, "action_approve_network")
        #expect(try work(id).map(\.cause) == ["referral.book"])
        try clinic.call("coord", id, "action_book")
        try clinic.call("coord", id, "action_notify_patient", ["how": "phone"])
        #expect(try clinic.stage(id) == .notified)
    }

    @Test("a specialty that the shipped pathway names is looked at by a clinician first")
    func clinician() throws {
        _ = try clinic.world.act { env in
            let specialty = try env.search(Specialty.self, .where("code", .equal, "NEUR")).first?.id ?? 0
            return try env.create(Service.self, ["name": "Neurology", "specialty_id": .int(specialty), "zip": "55701"]).id
        }
        let id = try clinic.arrive(data("NEUR"), verified: true)
        #expect(try clinic.stage(id) == .triage)
        try clinic.call("nurse", id, "action_accept")
        #expect(try clinic.stage(id) == .assignment)
    }
}
