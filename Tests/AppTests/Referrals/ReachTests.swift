import Base
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct ReachTests {
    @Test("a coordinator of another site sees nothing of a referral: no record, message, file, document, page or count")
    func anotherSiteSeesNothing() throws {
        let clinic = try Clinic()
        let id = try clinic.atNotified()
        try clinic.seen(id)
        try clinic.call("coord", id, "action_file_note", ["text": "Seen"])
        try clinic.world.act(as: "coord") { env in
            let referral = env.record(Referral.self, id)
            _ = try Chatter.post(on: referral.records, Post(body: "<p>Secret</p>"))
            try env.create(
                Attachment.self, ["name": "a.txt", "res_model": "care.referral", "res_id": .int(id), "datas": .bytes([1])])
        }
        try clinic.world.act { env in
            let document = try #require(env.record(Referral.self, id).documents.first)
            try env.create(DocumentPage.self, ["document_id": .int(document.id), "number": 1])
            try env.record(Referral.self, id).requirements.first?.write(["state": "missing"])
            let patient = env.record(Referral.self, id).patient?.id ?? 0
            try env.create(Match.self, ["referral_id": .int(id), "kind": "patient", "patient_id": .int(patient), "score": 0.7])
            try env.create(Authorization.self, ["referral_id": .int(id)])
        }
        let models = [
            "care.referral", "care.patient", "care.patient.identifier", "care.coverage", "care.requirement", "care.document",
            "care.document.page", "care.authorization", "care.appointment", "care.note", "care.match", "care.intake",
        ]
        for name in models {
            let (mine, theirs) = try (count(name, "boss", clinic), count(name, "other", clinic))
            #expect(mine > 0, "\(name)")
            #expect(theirs == 0, "\(name)")
        }
        for name in ["mail.message", "ir.attachment", "mail.activity", "mail.followers"] {
            let domain = Domain.where(name == "mail.message" ? "model" : "res_model", .equal, "care.referral")
            #expect(try count(name, "boss", clinic, domain) > 0, "\(name)")
            #expect(try count(name, "other", clinic, domain) == 0, "\(name)")
        }
        #expect(clinic.refusal { try clinic.call("other", id, "action_file_note", ["text": "x"]) } == "access.rule")
        #expect(try clinic.refusal { _ = try clinic.actions("other", id) } == "" && clinic.actions("other", id).isEmpty)
    }

    private func count(_ model: String, _ login: String, _ clinic: Clinic, _ domain: Domain = .all) throws -> Int {
        try clinic.world.read(as: login) { env in try env.searchCount(env.registry.requireModel(model), domain) }
    }

    @Test("reading by id, by relation and by name is refused like searching")
    func readingById() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        let codes = [
            clinic.refusal { try clinic.world.read(as: "other") { env in _ = try env.record(Referral.self, id).value("name") } },
            clinic.refusal { try clinic.world.read(as: "other") { env in _ = env.record(Referral.self, id).patient?.familyName } },
            clinic.refusal { try clinic.world.act(as: "other") { env in try env.record(Referral.self, id).write(["reason_text": "x"]) } },
            clinic.refusal { try clinic.world.act(as: "other") { env in try env.record(Referral.self, id).asSet.unlink() } },
        ]
        #expect(codes == ["access.rule", "access.rule", "access.rule", "access.denied"])
    }

    @Test("a sending system brings referrals and takes no decision")
    func integrationIsLimited() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD"))
        #expect(try clinic.actions("hl7", id).isEmpty)
        for action in ["action_close", "action_advance", "action_ask_sender"] {
            #expect(clinic.refusal { try clinic.call("hl7", id, action, ["reason_id": "cancel.patient"]) } == "access.denied", "\(action)")
        }
        let codes = [
            clinic.refusal { try clinic.each("hl7", Requirement.self, of: id, "requirement_ids", "action_receive") },
            clinic.refusal { try clinic.world.act(as: "hl7") { env in try env.records(Referral.self, [id]).unlink() } },
            clinic.refusal { try clinic.world.read(as: "hl7") { env in _ = try env.search(Match.self) } },
            clinic.refusal {
                try clinic.world.read(as: "hl7") { env in
                    _ = try env.records("ops.exception", []).env.searchCount(env.registry.requireModel("ops.exception"), .all)
                }
            },
            clinic.refusal {
                let coverage = try clinic.world.act { env in env.record(Referral.self, id).coverage?.id ?? 0 }
                try clinic.world.act(as: "hl7") { env in _ = try env.records(Coverage.self, [coverage]).call("action_verify") }
            },
        ]
        #expect(codes == Array(repeating: "access.denied", count: 5))
    }

    @Test("an auditor reads everything of the sites and changes nothing")
    func auditorsRead() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        try clinic.world.makeUser("auditor", groups: ["referrals.group_auditor"])
        #expect(try clinic.world.read(as: "auditor") { env in env.record(Referral.self, id).patient?.familyName } == "Testperson")
        let write = clinic.refusal {
            try clinic.world.act(as: "auditor") { env in try env.record(Referral.self, id).write(["reason_text": "x"]) }
        }
        #expect(write == "access.denied")
        #expect(try clinic.actions("auditor", id).isEmpty)
    }

    @Test("whoever reads a patient's referral stands in the trail")
    func readsAreLogged() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        let before = try clinic.trail("read", by: "nurse")
        let patient = try clinic.world.read(as: "nurse") { env in env.record(Referral.self, id).patient?.familyName }
        #expect(patient == "Testperson")
        let after = try clinic.trail("read", by: "nurse")
        #expect(Set(after.dropFirst(before.count)) == ["care.patient", "care.referral"])
    }
}
