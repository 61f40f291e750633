import Base
import Foundation
import JSON
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

/// A small clinic for tests: two sites, payers, services with slots, and one user per role.
final class Clinic: Sendable {
    let world: World
    let siteB: Int
    let payers: [String: Int]
    /// Cardiology for everybody.
    let cardiology: Int
    /// Orthopaedics in Summit's network only.
    let orthopaedics: Int
    let imaging: Int
    let referrer: Int
    var services: [Int] { [cardiology, orthopaedics, imaging] }
    /// The specialties of the services.
    let specialties: [Int]

    init() throws {
        let world = try World()
        self.world = world
        siteB = try world.act { env in try env.create(Company.self, ["name": "Site B"]).id }
        for (login, groups) in [
            ("coord", ["referrals.group_user"]), ("nurse", ["referrals.group_triage"]), ("boss", ["referrals.group_manager"]),
            ("boss2", ["referrals.group_manager"]), ("hl7", ["referrals.group_integration"]),
        ] {
            try world.makeUser(login, groups: groups)
        }
        try world.makeUser("other", groups: ["referrals.group_manager"], companies: [siteB])
        payers = try world.act { env in
            var ids: [String: Int] = [:]
            for code in ["MERIDIAN", "SUMMIT", "BLUEHARBOR"] {
                ids[code] = try env.create(Partner.self, ["name": .text(code), "ref": .text(code), "is_company": true]).id
            }
            return ids
        }
        let summit = payers["SUMMIT"] ?? 0
        cardiology = try Clinic.service("CARD", payers: [], in: world)
        orthopaedics = try Clinic.service("ORTH", payers: [summit], in: world)
        imaging = try Clinic.service("IMAG", payers: [], in: world)
        let made = [cardiology, orthopaedics, imaging]
        specialties = try world.act { env in made.map { env.record(Service.self, $0).specialty?.id ?? 0 } }
        referrer = try world.act { env in
            try env.create(Partner.self, ["name": "Dr Sender", "ref": "1234567893", "email": "dr.sender@clinics.example"]).id
        }
    }

    private static func service(_ code: String, payers: [Int], in world: World) throws -> Int {
        try world.act { env in
            let specialty = try env.search(Specialty.self, .where("code", .equal, .text(code))).first?.id ?? 0
            let service = try env.create(
                Service.self,
                [
                    "name": .text(code + " service"), "specialty_id": .int(specialty), "zip": "55701", "waiting_days": 5,
                    "payer_ids": .list([[6, 0, .ids(payers)]]),
                ])
            for day in 1...12 {
                let start = Instant(env.today + day, secondOfDay: 50_000)
                try env.create(Slot.self, ["service_id": .int(service.id), "start": .instant(start), "stop": .instant(start + 1_800)])
            }
            return service.id
        }
    }

    /// Data of a complete referral, as a message brings it.
    func data(
        _ specialty: String = "DERM", payer: String = "SUMMIT", urgency: Urgency = .routine, family: String = "Testperson",
        given: String = "Ada", mrn: String = "MRN1"
    ) -> ReferralData {
        var data = ReferralData()
        // MRN1 and X7 are numbers of one person; every other number is somebody else.
        let isFirst = mrn == "MRN1" || mrn == "X7"
        data.patient = [
            "family_name": .text(isFirst ? family : "Anotherone" + mrn), "given_name": .text(isFirst ? given : "Berta"),
            "birth_date": isFirst ? "1980-04-09" : "1971-11-30", "sex": "female",
            "phone": .text(isFirst ? "+12185550111" : "+1218555" + mrn),
            "zip": "55701", "mrn": .text(mrn), "identifiers": .list([["system": "urn:test", "value": .text(mrn)]]),
        ]
        data.payer.number = payer
        data.coverage = ["member_number": "M1"]
        data.referrer.number = "1234567893"
        data.specialty = specialty
        data.urgency = urgency
        data.reasonText = "Please see"
        data.diagnosisCodes = ["L40.0"]
        return data
    }

    /// A referral that came by message; its id.
    @discardableResult
    func arrive(_ data: ReferralData, control: String = "", as login: String = "hl7", verified: Bool = false) throws -> Int {
        let id = try world.act(as: login) { env in
            let receipt = try IntakeDesk.store(
                IntakeDesk.Arrival(
                    channel: .hl7v2, sender: "EHR", controlId: control, name: "message", mediaType: "text/plain",
                    content: Array("\(control) \(UUID())".utf8)), in: env)
            return try IntakeDesk.accept(data, intake: receipt.intakeId, in: env).id
        }
        if verified {
            try world.act { env in
                if let coverage = env.record(Referral.self, id).coverage { try coverage.write(["state": "active"]) }
            }
        }
        return id
    }

    /// A referral that stands at clinical triage.
    func atTriage(_ specialty: String = "DERM", payer: String = "SUMMIT", mrn: String = "MRN1") throws -> Int {
        try arrive(data(specialty, payer: payer, mrn: mrn), verified: true)
    }

    /// A referral of cardiology, with its ECG, that stands at assignment with a service.
    func atBooking(mrn: String = "MRN1") throws -> Int {
        var data = data("CARD", mrn: mrn)
        data.files = [ReferralData.File(name: "ecg.pdf", kind: "ecg", mediaType: "application/pdf", bytes: [1, 2, 3])]
        return try arrive(data, verified: true)
    }

    /// A referral whose patient was told of an appointment.
    func atNotified() throws -> Int {
        let id = try atBooking()
        try call("coord", id, "action_book")
        try call("coord", id, "action_notify_patient", ["how": "phone"])
        return id
    }

    /// Moves the clock past the appointment and marks it as kept.
    func seen(_ id: Int) throws {
        let start = try world.act { env in env.record(Referral.self, id).appointments.first?.start ?? env.now }
        let now = try world.act { $0.now }
        world.clock.advance(seconds: start - now + 3_600)
        try each("coord", Appointment.self, of: id, "appointment_ids", "action_fulfil")
    }

    @discardableResult
    func call(_ login: String, _ id: Int, _ action: String, _ arguments: ValueMap = [:], context: ValueMap = [:]) throws -> Value {
        try world.act(as: login, context: context) { env in try env.records(Referral.self, [id]).call(action, arguments) }
    }

    /// Calls an action on the lines of a referral.
    func each<M: Model>(
        _ login: String, _ type: M.Type, of id: Int, _ field: String, _ action: String, _ arguments: ValueMap = [:]
    ) throws {
        let ids = try world.act { env in try env.record(Referral.self, id).records.related(field).ids }
        try world.act(as: login) { env in _ = try env.records(type, ids).call(action, arguments) }
    }

    func stage(_ id: Int) throws -> Referrals.Stage? { try world.act { env in env.record(Referral.self, id).stage } }

    func actions(_ login: String, _ id: Int) throws -> Set<String> {
        try world.act(as: login) { env in Set(try env.record(Referral.self, id).records.availableActions(id).map(\.name)) }
    }

    /// The code of the refusal that a body ends with; empty when it does not.
    func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch { return (error as? Refusal)?.code ?? "\(error)" }
    }
}
